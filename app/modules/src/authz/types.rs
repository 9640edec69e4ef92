//! Authorizations: what a grant lets the grantee do.

use iz_core::{Context, Error, Message as Routed, Result, errors::sdk};
use iz_proto::{
    Any,
    cosmos::{
        authz::v1beta1::GenericAuthorization, bank::v1beta1::SendAuthorization,
        staking::v1beta1::StakeAuthorization,
    },
    foreign_text,
};
use prost::{Message, Name};

use super::{send, stake};

#[derive(Clone, Debug, PartialEq)]
pub enum Authorization {
    /// Any message of one kind.
    Generic(GenericAuthorization),
    /// Sending coins up to a limit.
    Send(SendAuthorization),
    /// Delegating, undelegating, redelegating or cancelling up to a limit.
    Stake(StakeAuthorization),
}

/// What an authorization says to a message it allows.
#[derive(Clone, Debug, PartialEq)]
pub enum Acceptance {
    /// The grant stays as it is.
    Unchanged,
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
        fn unpack<M: Message + Name + Default>(any: &Any) -> Result<M> {
            foreign_text::decode::<M>(&any.value).map_err(|error| sdk::TX_DECODE.wrap(error))
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
        Err(sdk::TX_DECODE.wrap(format!(
            "no concrete type registered for type URL {} against interface *authz.Authorization",
            any.type_url
        )))
    }

    #[must_use]
    pub fn to_any(&self) -> Any {
        fn pack<M: Message + Name>(message: &M) -> Any {
            Any { type_url: M::type_url(), value: message.encode_to_vec() }
        }
        match self {
            Self::Generic(authorization) => pack(authorization),
            Self::Send(authorization) => pack(authorization),
            Self::Stake(authorization) => pack(authorization),
        }
    }

    /// The kind of message it is for. Go panics on a stake authorization without a kind.
    pub fn message_kind(&self) -> Result<String> {
        match self {
            Self::Generic(authorization) => Ok(authorization.msg.clone()),
            Self::Send(_) => Ok(send::message_kind()),
            Self::Stake(authorization) => stake::message_kind(authorization),
        }
    }

    /// `ValidateBasic`.
    pub fn validate(&self) -> Result<()> {
        match self {
            Self::Generic(authorization) if authorization.msg.is_empty() => {
                Err(Error::plain("msg type cannot be empty"))
            }
            Self::Generic(_) => Ok(()),
            Self::Send(authorization) => send::validate(authorization),
            Self::Stake(authorization) => stake::validate(authorization),
        }
    }

    /// Whether it allows `message`, and what becomes of it then.
    pub fn accept(&self, context: &mut Context, message: &dyn Routed) -> Result<Acceptance> {
        match self {
            Self::Generic(_) => Ok(Acceptance::Unchanged),
            Self::Send(authorization) => send::accept(authorization, context, message),
            Self::Stake(authorization) => stake::accept(authorization, context, message),
        }
    }
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
