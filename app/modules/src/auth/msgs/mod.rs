//! Messages about accounts.

mod update_params;
