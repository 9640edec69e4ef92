//! Messages about token transfer.

mod transfer;
