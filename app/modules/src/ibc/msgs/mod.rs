//! Messages that send packets or close channels: on this chain they find nothing to send over and nothing to close.

mod channel_close_init;
mod send_packet;
