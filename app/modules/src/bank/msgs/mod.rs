//! Messages that move coins, or say which may be moved.

mod multi_send;
mod send;
mod set_send_enabled;
mod update_params;
