//! The stores of the chain, by name: those of wasmd, which its genesis always mounts, and our own, mounted when the genesis names them.

use iz_store::StoreKey;

macro_rules! stores {
    ($($(#[$doc:meta])* $name:ident = $index:literal $text:literal;)*) => {
        $($(#[$doc])* pub const $name: StoreKey = StoreKey::new($index, $text);)*
        /// Every store of this table.
        pub const ALL: &[StoreKey] = &[$($name),*];
    };
}

stores! {
    AUTH = 0 "acc";
    AUTHZ = 1 "authz";
    BANK = 2 "bank";
    CIRCUIT = 3 "circuit";
    CONSENSUS = 4 "consensus";
    DISTRIBUTION = 5 "distribution";
    EPOCHS = 6 "epochs";
    EVIDENCE = 7 "evidence";
    FEEGRANT = 8 "feegrant";
    GOV = 9 "gov";
    GROUP = 10 "group";
    IBC = 11 "ibc";
    ICA_CONTROLLER = 12 "icacontroller";
    ICA_HOST = 13 "icahost";
    MINT = 14 "mint";
    NFT = 15 "nft";
    PROTOCOL_POOL = 16 "protocolpool";
    SLASHING = 17 "slashing";
    STAKING = 18 "staking";
    TRANSFER = 19 "transfer";
    UPGRADE = 20 "upgrade";
    WASM = 21 "wasm";
    /// Ours: accepted fee denominations and the split of fees.
    FEES = 22 "fees";
}

/// Stores that exist on wasmd too; a genesis without ours gives its twin.
pub const WASMD: &[StoreKey] = ALL.split_at(22).0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_places_and_wasmd_stores_are_sorted() {
        for (place, store) in ALL.iter().enumerate() {
            assert_eq!(store.index(), place);
        }
        assert!(WASMD.windows(2).all(|pair| pair[0].name() < pair[1].name()));
    }
}
