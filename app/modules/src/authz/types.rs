//! Authorizations: what a grant lets the grantee do.

use iz_core::{Chain, Context, Error, Message as Routed, Result, errors::sdk};
use iz_proto::{
    Any,
    cosmos::{authz::v1beta1::GenericAuthorization, staking::v1beta1::StakeAuthorization},
    cosmwasm::wasm::v1::{
        ContractExecutionAuthorization, ContractMigrationAuthorization, MsgExecuteContract,
        MsgMigrateContract, MsgStoreCode, StoreCodeAuthorization,
    },
    foreign_text,
};
use prost::{Message, Name};

use super::{
    contracts,
    send::{self, SendAuthorization},
    stake,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Authorization {
    /// Any message of one kind.
    Generic(GenericAuthorization),
    /// Sending coins up to a limit.
    Send(SendAuthorization),
    /// Delegating, undelegating, redelegating or cancelling up to a limit.
    Stake(StakeAuthorization),
    /// Uploading certain code.
    StoreCode(StoreCodeAuthorization),
    /// Calling contracts, within limits and through filters.
    ContractExecution(ContractExecutionAuthorization),
    /// Migrating contracts, the same way.
    ContractMigration(ContractMigrationAuthorization),
}

/// What an authorization says to a message it allows.
#[derive(Clone, Debug, PartialEq)]
pub enum Acceptance {
    /// The grant stays as it is.
    Unchanged,
    /// The grant is for something else.
    Refused,
    /// The grant is used up.
    Delete,
    Update(Authorization),
}

impl Authorization {
    /// The authorization in `any`. An empty one is what Go leaves unpacked.
    pub fn from_any(any: Option<&Any>) -> Result<Self> {
        let any = any.ok_or_else(|| sdk::INVALID_TYPE.wrap("authorization is nil"))?;
        if any.type_url.is_empty() {
            return Err(sdk::INVALID_TYPE.wrap("expected <nil>, got <nil>"));
        }
        if any.type_url == GenericAuthorization::type_url() {
            return Ok(Self::Generic(unpack(any)?));
        }
        if any.type_url == SendAuthorization::type_url() {
            return Ok(Self::Send(unpack(any)?));
        }
        if any.type_url == StakeAuthorization::type_url() {
            return Ok(Self::Stake(unpack(any)?));
        }
        if any.type_url == StoreCodeAuthorization::type_url() {
            return Ok(Self::StoreCode(unpack(any)?));
        }
        if any.type_url == ContractExecutionAuthorization::type_url() {
            return Ok(Self::ContractExecution(unpack(any)?));
        }
        if any.type_url == ContractMigrationAuthorization::type_url() {
            return Ok(Self::ContractMigration(unpack(any)?));
        }
        Err(sdk::TX_DECODE.wrap(format!(
            "no concrete type registered for type URL {} against interface *authz.Authorization",
            any.type_url
        )))
    }

    #[must_use]
    pub fn to_any(&self) -> Any {
        match self {
            Self::Generic(authorization) => pack(authorization),
            Self::Send(authorization) => pack(authorization),
            Self::Stake(authorization) => pack(authorization),
            Self::StoreCode(authorization) => pack(authorization),
            Self::ContractExecution(authorization) => pack(authorization),
            Self::ContractMigration(authorization) => pack(authorization),
        }
    }

    /// The kind of message it is for. Go panics on a stake authorization without a kind.
    pub fn message_kind(&self) -> Result<String> {
        match self {
            Self::Generic(authorization) => Ok(authorization.msg.clone()),
            Self::Send(_) => Ok(send::message_kind()),
            Self::Stake(authorization) => stake::message_kind(authorization),
            Self::StoreCode(_) => Ok(MsgStoreCode::type_url()),
            Self::ContractExecution(_) => Ok(MsgExecuteContract::type_url()),
            Self::ContractMigration(_) => Ok(MsgMigrateContract::type_url()),
        }
    }

    /// `ValidateBasic`.
    pub fn validate(&self, chain: &Chain) -> Result<()> {
        match self {
            Self::Generic(authorization) if authorization.msg.is_empty() => {
                Err(Error::plain("msg type cannot be empty"))
            }
            Self::Generic(_) => Ok(()),
            Self::Send(authorization) => send::validate(authorization),
            Self::Stake(authorization) => stake::validate(authorization),
            Self::StoreCode(authorization) => contracts::upload::validate(authorization, chain),
            Self::ContractExecution(authorization) => contracts::validate(&authorization.grants, chain),
            Self::ContractMigration(authorization) => contracts::validate(&authorization.grants, chain),
        }
    }

    /// Whether it allows `message`, and what becomes of it then.
    pub fn accept(&self, context: &mut Context, message: &dyn Routed) -> Result<Acceptance> {
        match self {
            Self::Generic(_) => Ok(Acceptance::Unchanged),
            Self::Send(authorization) => send::accept(authorization, context, message),
            Self::Stake(authorization) => stake::accept(authorization, context, message),
            Self::StoreCode(authorization) => contracts::upload::accept(authorization, context, message),
            Self::ContractExecution(authorization) => {
                contracts::accept_execution(authorization, context, message)
            }
            Self::ContractMigration(authorization) => {
                contracts::accept_migration(authorization, context, message)
            }
        }
    }
}

/// The message in an `Any` whose kind is known already.
pub(super) fn unpack<M: Message + Name + Default>(any: &Any) -> Result<M> {
    foreign_text::decode::<M>(&any.value).map_err(|error| sdk::TX_DECODE.wrap(error))
}

pub(super) fn pack<M: Message + Name>(message: &M) -> Any {
    Any { type_url: M::type_url(), value: message.encode_to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorizations_survive_packing_and_unknown_ones_are_named() {
        let generic = Authorization::Generic(GenericAuthorization { msg: "/a.B".into() });
        assert_eq!(Authorization::from_any(Some(&generic.to_any())).unwrap(), generic);
        assert_eq!(generic.message_kind().unwrap(), "/a.B");
        let foreign = Any { type_url: "/a.C".into(), value: Vec::new() };
        assert_eq!(Authorization::from_any(Some(&foreign)).unwrap_err().code(), 2);
        assert_eq!(Authorization::from_any(None).unwrap_err().log(), "authorization is nil: invalid type");
    }
}
