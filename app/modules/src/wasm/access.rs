//! Which access to code lets in fewer people than another.

use iz_proto::cosmwasm::wasm::v1::{AccessConfig, AccessType};

/// The kind of access, of which a stored one is always a known one.
#[must_use]
pub fn kind(access: &AccessConfig) -> AccessType {
    AccessType::try_from(access.permission).unwrap_or(AccessType::Unspecified)
}

/// `AccessType.IsSubset`.
#[must_use]
pub fn is_type_subset(permission: i32, superset: i32) -> bool {
    let type_of = |value| AccessType::try_from(value);
    match type_of(superset) {
        Ok(AccessType::Everybody) => permission != AccessType::Unspecified as i32,
        Ok(AccessType::Nobody) => permission == AccessType::Nobody as i32,
        Ok(AccessType::AnyOfAddresses) => {
            matches!(type_of(permission), Ok(AccessType::Nobody | AccessType::AnyOfAddresses))
        }
        _ => false,
    }
}

/// `AccessConfig.IsSubset`.
#[must_use]
pub fn is_subset(access: &AccessConfig, superset: &AccessConfig) -> bool {
    match kind(superset) {
        AccessType::AnyOfAddresses => match kind(access) {
            AccessType::Nobody => true,
            AccessType::AnyOfAddresses => {
                access.addresses.iter().all(|address| superset.addresses.contains(address))
            }
            _ => false,
        },
        AccessType::Unspecified => false,
        _ => is_type_subset(access.permission, superset.permission),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(kind: AccessType, addresses: &[&str]) -> AccessConfig {
        AccessConfig {
            permission: kind as i32,
            addresses: addresses.iter().map(|&address| address.to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_narrower_is_a_subset() {
        use AccessType::{AnyOfAddresses, Everybody, Nobody, Unspecified};
        let everybody = access(Everybody, &[]);
        let (two, one) = (access(AnyOfAddresses, &["a", "b"]), access(AnyOfAddresses, &["a"]));
        let nobody = access(Nobody, &[]);
        for (narrow, wide, expected) in [
            (&one, &two, true),
            (&two, &one, false),
            (&nobody, &one, true),
            (&everybody, &one, false),
            (&one, &everybody, true),
            (&everybody, &nobody, false),
            (&nobody, &nobody, true),
            (&access(Unspecified, &[]), &everybody, false),
            (&nobody, &access(Unspecified, &[]), false),
        ] {
            assert_eq!(is_subset(narrow, wide), expected, "{narrow:?} in {wide:?}");
        }
    }
}
