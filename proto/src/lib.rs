//! Interfaces: descriptors, Rust types and the JSON made from them.
