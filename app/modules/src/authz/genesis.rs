//! Genesis of the authz module: the grants.

use iz_core::{Chain, Context, Error, Genesis, Result, Timestamp};
use iz_proto::cosmos::authz::v1beta1::{GenesisState, GrantAuthorization};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{keeper, types::Authorization};

pub struct AuthzGenesis;

impl Genesis for AuthzGenesis {
    type State = GenesisState;

    fn default_state(_: &Chain) -> Self::State {
        GenesisState::default()
    }

    fn validate(state: &Self::State, _: &Chain) -> Result<()> {
        for (place, grant) in state.authorization.iter().enumerate() {
            if grant.grantee.is_empty() {
                return Err(Error::plain(format!("authorization: {place}, missing grantee")));
            }
            if grant.granter.is_empty() {
                return Err(Error::plain(format!("authorization: {place},missing granter")));
            }
        }
        Ok(())
    }

    fn init(context: &mut Context, state: Self::State) -> Result<Vec<ValidatorUpdate>> {
        for entry in state.authorization {
            let expiration = entry.expiration.as_ref().map(Timestamp::from);
            if expiration.is_some_and(|end| end < context.time()) {
                continue;
            }
            let grantee = context.addresses().parse_account(&entry.grantee)?;
            let granter = context.addresses().parse_account(&entry.granter)?;
            let authorization = Authorization::from_any(entry.authorization.as_ref())?;
            let packed = entry.authorization.unwrap_or_default();
            keeper::save_grant(context, &grantee, &granter, (&authorization, &packed), expiration)?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<Self::State> {
        let mut authorization = Vec::new();
        for (granter, grantee, grant) in keeper::grants(context)? {
            authorization.push(GrantAuthorization {
                granter: context.addresses().account(&granter),
                grantee: context.addresses().account(&grantee),
                authorization: grant.authorization,
                expiration: grant.expiration,
            });
        }
        Ok(GenesisState { authorization })
    }
}

#[cfg(test)]
mod tests {
    use iz_proto::cosmos::authz::v1beta1::GenericAuthorization;

    use super::*;
    use crate::testing;

    #[test]
    fn grants_survive_export_but_those_that_ended() {
        let mut context = testing::context();
        let now = context.time();
        let entry = |context: &Context, grantee: u8, end: Option<Timestamp>| GrantAuthorization {
            granter: context.addresses().account(&testing::account(1)),
            grantee: context.addresses().account(&testing::account(grantee)),
            authorization: Some(Authorization::Generic(GenericAuthorization { msg: "/a".into() }).to_any()),
            expiration: end.map(Into::into),
        };
        let kept = entry(&context, 2, Some(now.plus_nanos(1)));
        let ended = entry(&context, 3, Some(now.plus_nanos(-1)));
        let state = GenesisState { authorization: vec![kept.clone(), ended] };
        AuthzGenesis::validate(&state, &context.chain).unwrap();
        AuthzGenesis::init(&mut context, state).unwrap();
        assert_eq!(AuthzGenesis::export(&mut context).unwrap().authorization, [kept]);
    }
}
