//! Messages of fees, a file each.

mod update_params;
