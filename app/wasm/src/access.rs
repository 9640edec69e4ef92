//! Who may upload code, make contracts of it, and change them.

use iz_core::{Address, Context, Error, Result, SubMessagePolicy, errors::sdk};
use iz_modules::{
    module_accounts,
    wasm::access::{is_subset, kind},
};
use iz_proto::cosmwasm::wasm::v1::{AccessConfig, AccessType, Params};

/// The rights under which a message runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// What addresses may.
    Default,
    /// Governance may do everything.
    Governance,
    /// A contract that governance made: its messages may make contracts of any code.
    Instantiate,
}

impl Policy {
    /// The rights of a message that `actor` sends.
    #[must_use]
    pub fn of(context: &Context, actor: &str) -> Self {
        if actor == module_accounts::authority(context) {
            return Self::Governance;
        }
        match context.calls.policy {
            Some(SubMessagePolicy::Instantiate) => Self::Instantiate,
            Some(SubMessagePolicy::Default) | None => Self::Default,
        }
    }

    pub fn may_create(
        self,
        context: &Context,
        params: &Params,
        actor: &Address,
        wanted: &AccessConfig,
    ) -> Result<bool> {
        if self == Self::Governance {
            return Ok(true);
        }
        let upload = params.code_upload_access.clone().unwrap_or_default();
        let default = with_address(context, params.instantiate_default_permission, actor)?;
        Ok(allows(context, &upload, actor)? && is_subset(wanted, &default))
    }

    pub fn may_instantiate(self, context: &Context, access: &AccessConfig, actor: &Address) -> Result<bool> {
        if self == Self::Default { allows(context, access, actor) } else { Ok(true) }
    }

    #[must_use]
    pub fn may_modify(self, admin: Option<&Address>, actor: &Address) -> bool {
        self == Self::Governance || admin == Some(actor)
    }

    #[must_use]
    pub fn may_change_access(self, creator: &Address, actor: &Address, is_subset: bool) -> bool {
        self == Self::Governance || (creator == actor && is_subset)
    }

    /// The rights of the messages of a contract that is made.
    #[must_use]
    pub fn when_instantiating(self) -> SubMessagePolicy {
        match self {
            Self::Default => SubMessagePolicy::Default,
            Self::Governance | Self::Instantiate => SubMessagePolicy::Instantiate,
        }
    }

    /// The rights of the messages of a contract that is migrated.
    #[must_use]
    pub fn when_migrating(self) -> SubMessagePolicy {
        match self {
            Self::Default | Self::Governance => SubMessagePolicy::Default,
            Self::Instantiate => SubMessagePolicy::Instantiate,
        }
    }
}

/// `AccessConfig.Allowed`.
pub fn allows(context: &Context, access: &AccessConfig, actor: &Address) -> Result<bool> {
    match kind(access) {
        AccessType::Nobody => Ok(false),
        AccessType::Everybody => Ok(true),
        AccessType::AnyOfAddresses => Ok(access.addresses.contains(&context.addresses().account(actor))),
        AccessType::Unspecified => Err(Error::panic("unknown type")),
    }
}

/// `AccessType.With`: the access that the chain gives where none is named.
pub fn with_address(context: &Context, permission: i32, actor: &Address) -> Result<AccessConfig> {
    match AccessType::try_from(permission) {
        Ok(AccessType::Nobody | AccessType::Everybody) => {
            Ok(AccessConfig { permission, addresses: Vec::new() })
        }
        Ok(AccessType::AnyOfAddresses) => {
            Ok(AccessConfig { permission, addresses: vec![context.addresses().account(actor)] })
        }
        _ => Err(Error::panic("unsupported access type")),
    }
}

/// How a kind of access is called in events.
#[must_use]
pub fn type_name(permission: i32) -> &'static str {
    match AccessType::try_from(permission) {
        Ok(AccessType::Nobody) => "Nobody",
        Ok(AccessType::Everybody) => "Everybody",
        Ok(AccessType::AnyOfAddresses) => "AnyOfAddresses",
        _ => "Unspecified",
    }
}

/// Refuses everybody but governance.
pub fn require_authority(context: &Context, authority: &str) -> Result<()> {
    let expected = module_accounts::authority(context);
    if expected == authority {
        return Ok(());
    }
    Err(crate::errors::INVALID.wrap(format!("invalid authority; expected {expected}, got {authority}")))
}

pub(crate) fn unauthorized(text: &str) -> Error {
    sdk::UNAUTHORIZED.wrap(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn governance_hands_on_only_the_making_of_contracts() {
        assert_eq!(Policy::Governance.when_instantiating(), SubMessagePolicy::Instantiate);
        assert_eq!(Policy::Governance.when_migrating(), SubMessagePolicy::Default);
        assert_eq!(Policy::Instantiate.when_migrating(), SubMessagePolicy::Instantiate);
        assert_eq!(Policy::Default.when_instantiating(), SubMessagePolicy::Default);
    }
}
