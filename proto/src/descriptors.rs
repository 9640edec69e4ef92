//! The descriptor set that `scripts/proto` makes: the bytes as they are, and a pool built from them once.

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

/// The encoded `FileDescriptorSet` of every interface the node knows, extensions of options included.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!("../descriptors.binpb");

static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    // The set is part of the program and a test decodes it; an empty pool would make every look-up fail loudly.
    DescriptorPool::decode(DESCRIPTOR_SET).unwrap_or_default()
});

/// All descriptors, linked to one another.
pub fn descriptors() -> &'static DescriptorPool {
    &POOL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_set_is_whole() {
        let pool = DescriptorPool::decode(DESCRIPTOR_SET).unwrap();
        for name in ["cosmos.tx.v1beta1.TxBody", "ibc.core.client.v1.Height", "cosmwasm.wasm.v1.MsgStoreCode"]
        {
            assert!(pool.get_message_by_name(name).is_some(), "{name}");
        }
    }
}
