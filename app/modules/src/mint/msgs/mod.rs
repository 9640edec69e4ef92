//! Messages of the minter, a file each.

mod update_params;
