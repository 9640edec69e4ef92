//! Denominations that came over IBC: the way they took, and their short name.

use iz_core::Result;
use iz_proto::{
    cosmos::bank::v1beta1::{DenomUnit, Metadata},
    ibc::applications::transfer::v1::{Denom, Hop},
};
use sha2::{Digest, Sha256};

use super::errors;
use crate::ibc::identifiers;

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

/// `ExtractDenomFromPath`: pairs of a port and a channel in front are hops, the rest is the name at home.
#[must_use]
pub fn from_path(path: &str) -> Denom {
    let parts: Vec<&str> = path.split('/').collect();
    let is_hop = |pair: &&[&str]| match pair {
        [_, channel] => {
            parts.len() > 2 && (identifiers::is_channel(channel) || identifiers::is_client(channel))
        }
        _ => false,
    };
    let trace: Vec<Hop> = parts
        .chunks(2)
        .take_while(is_hop)
        .map(|pair| Hop { port_id: pair[0].to_owned(), channel_id: pair[1].to_owned() })
        .collect();
    let base = parts.get(2 * trace.len()..).unwrap_or_default().join("/");
    Denom { base, trace }
}

pub fn validate(denom: &Denom) -> Result<()> {
    if denom.base.trim().is_empty() {
        return Err(errors::INVALID_DENOM.wrap("base denomination cannot be blank"));
    }
    for hop in &denom.trace {
        identifiers::validate_port(&hop.port_id).map_err(|error| error.wrap("invalid trace"))?;
        identifiers::validate_channel(&hop.channel_id).map_err(|error| error.wrap("invalid trace"))?;
    }
    Ok(())
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
    use super::*;

    #[test]
    fn the_atom_of_osmosis_has_its_known_name() {
        let trace = vec![Hop { port_id: "transfer".into(), channel_id: "channel-0".into() }];
        let atom = Denom { base: "uatom".into(), trace };
        assert_eq!(path(&atom), "transfer/channel-0/uatom");
        assert_eq!(short_name(&atom), "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2");
    }

    #[test]
    fn a_path_comes_apart_as_it_was_put_together() {
        for (text, hops, base) in [
            ("stake", 0, "stake"),
            ("gamm/pool/1", 0, "gamm/pool/1"),
            ("transfer/channel-0/uatom", 1, "uatom"),
            ("transfer/channel-0/transfer/07-tendermint-4/gamm/pool/1", 2, "gamm/pool/1"),
            ("transfer/channel-0/", 1, ""),
            ("transfer/channel-0", 0, "transfer/channel-0"),
            ("transfer/channel-0/transfer/channel-1", 2, ""),
            ("", 0, ""),
        ] {
            let denom = from_path(text);
            assert_eq!((denom.trace.len(), denom.base.as_str()), (hops, base), "{text}");
            assert_eq!(validate(&denom).is_ok(), !base.is_empty(), "{text}");
        }
    }
}
