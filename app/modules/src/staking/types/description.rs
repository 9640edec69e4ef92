//! What a validator says of itself.

use iz_core::{Result, errors::sdk};
use iz_proto::cosmos::staking::v1beta1::Description;

/// Stands in an edit for a text that stays as it is.
const DO_NOT_MODIFY: &[u8] = b"[do-not-modify]";

/// Refuses texts that are too long, in bytes.
pub fn ensure_length(description: &Description) -> Result<()> {
    let limits = [
        ("moniker", &description.moniker, 70),
        ("identity", &description.identity, 3000),
        ("website", &description.website, 140),
        ("security contact", &description.security_contact, 140),
        ("details", &description.details, 280),
    ];
    for (name, text, limit) in limits {
        if text.len() > limit {
            return Err(sdk::INVALID_REQUEST
                .wrap(format!("invalid {name} length; got: {}, max: {limit}", text.len())));
        }
    }
    Ok(())
}

/// `old` with the texts that `change` brings.
pub fn update_description(old: &Description, change: &Description) -> Result<Description> {
    let pick = |old: &[u8], new: &[u8]| if new == DO_NOT_MODIFY { old.to_vec() } else { new.to_vec() };
    let updated = Description {
        moniker: pick(&old.moniker, &change.moniker),
        identity: pick(&old.identity, &change.identity),
        website: pick(&old.website, &change.website),
        security_contact: pick(&old.security_contact, &change.security_contact),
        details: pick(&old.details, &change.details),
    };
    ensure_length(&updated)?;
    Ok(updated)
}
