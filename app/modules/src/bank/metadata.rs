//! What denominations are called.

use std::collections::BTreeSet;

use iz_core::{Context, Error, Result, coin::validate_denom, stores};
use iz_proto::cosmos::bank::v1beta1::{DenomUnit, Metadata};
use iz_store::KeyRange;

use super::keys;

/// `GetDenomMetaData`.
pub fn metadata(context: &mut Context, denom: &str) -> Result<Option<Metadata>> {
    context.get_message(stores::BANK, &keys::metadata(denom))
}

/// `SetDenomMetaData`.
pub fn set_metadata(context: &mut Context, metadata: &Metadata) -> Result<()> {
    context.set_message(stores::BANK, keys::metadata(&metadata.base), metadata)
}

pub fn all_metadata(context: &mut Context) -> Result<Vec<Metadata>> {
    let entries = context.collect(stores::BANK, KeyRange::prefix(keys::METADATA.to_vec()))?;
    entries.iter().map(|(_, value)| decode(value)).collect()
}

pub fn decode(value: &[u8]) -> Result<Metadata> {
    prost::Message::decode(value).map_err(|error| Error::panic(format!("bank: metadata: {error}")))
}

/// `Metadata.Validate`.
pub fn validate(metadata: &Metadata) -> Result<()> {
    let Metadata { name, symbol, base, display, denom_units, .. } = metadata;
    if name.trim().is_empty() {
        return Err(Error::plain("name field cannot be blank"));
    }
    if symbol.trim().is_empty() {
        return Err(Error::plain("symbol field cannot be blank"));
    }
    let denom = |denom: &str, which: &str| {
        validate_denom(denom).map_err(|error| error.obscure(|log| format!("invalid {which}: {log}")))
    };
    denom(base, "metadata base denom")?;
    denom(display, "metadata display denom")?;
    let (mut exponent, mut seen) = (0, BTreeSet::new());
    for (place, unit) in denom_units.iter().enumerate() {
        if place == 0 {
            if unit.denom != *base {
                return Err(Error::plain(format!(
                    "metadata's first denomination unit must be the one with base denom '{base}'"
                )));
            }
            if unit.exponent != 0 {
                return Err(Error::plain(format!(
                    "the exponent for base denomination unit {base} must be 0"
                )));
            }
        } else if exponent >= unit.exponent {
            return Err(Error::plain("denom units should be sorted asc by exponent"));
        }
        exponent = unit.exponent;
        if !seen.insert(&unit.denom) {
            return Err(Error::plain(format!("duplicate denomination unit {}", unit.denom)));
        }
        denom(&unit.denom, "denom unit")?;
        validate_aliases(unit)?;
    }
    if !seen.contains(display) {
        return Err(Error::plain(format!(
            "metadata must contain a denomination unit with display denom '{display}'"
        )));
    }
    Ok(())
}

fn validate_aliases(unit: &DenomUnit) -> Result<()> {
    let mut seen = BTreeSet::new();
    for alias in &unit.aliases {
        if !seen.insert(alias) {
            return Err(Error::plain(format!("duplicate denomination unit alias {alias}")));
        }
        if alias.trim().is_empty() {
            return Err(Error::plain(format!("alias for denom unit {} cannot be blank", unit.denom)));
        }
    }
    Ok(())
}
