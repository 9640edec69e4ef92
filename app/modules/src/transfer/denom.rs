//! Denominations that came over IBC: the way they took, and their short name.

use iz_proto::{
    cosmos::bank::v1beta1::{DenomUnit, Metadata},
    ibc::applications::transfer::v1::Denom,
};
use sha2::{Digest, Sha256};

/// Every hop, then the denomination at home.
#[must_use]
pub fn path(denom: &Denom) -> String {
    let hops = denom.trace.iter().map(|hop| format!("{}/{}/", hop.port_id, hop.channel_id));
    hops.chain([denom.base.clone()]).collect()
}

#[must_use]
pub fn hash(denom: &Denom) -> [u8; 32] {
    Sha256::digest(path(denom)).into()
}

/// `ibc/` and the hash; without a trace the denomination itself.
#[must_use]
pub fn short_name(denom: &Denom) -> String {
    if denom.trace.is_empty() {
        return denom.base.clone();
    }
    format!("ibc/{}", hex::encode_upper(hash(denom)))
}

/// What the bank is told about it.
#[must_use]
pub fn metadata(denom: &Denom) -> Metadata {
    let path = path(denom);
    Metadata {
        description: format!("IBC token from {path}"),
        denom_units: vec![DenomUnit { denom: denom.base.clone(), ..DenomUnit::default() }],
        base: short_name(denom),
        name: format!("{path} IBC token"),
        display: path,
        symbol: denom.base.to_uppercase(),
        ..Metadata::default()
    }
}

#[cfg(test)]
mod tests {
    use iz_proto::ibc::applications::transfer::v1::Hop;

    use super::*;

    #[test]
    fn the_atom_of_osmosis_has_its_known_name() {
        let trace = vec![Hop { port_id: "transfer".into(), channel_id: "channel-0".into() }];
        let atom = Denom { base: "uatom".into(), trace };
        assert_eq!(path(&atom), "transfer/channel-0/uatom");
        assert_eq!(short_name(&atom), "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2");
    }
}
