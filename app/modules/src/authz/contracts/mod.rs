//! Calling and migrating contracts for another: which contracts, how often or with how many coins, and with which messages.

mod filter;
mod limit;
pub mod upload;

use iz_core::{Chain, Coins, Context, Message, Registered, Result, errors::sdk};
use iz_proto::cosmwasm::wasm::v1::{
    ContractExecutionAuthorization, ContractGrant, ContractMigrationAuthorization, MsgExecuteContract,
    MsgMigrateContract,
};

use super::types::{Acceptance, Authorization};
use crate::{
    convert::coins_from_proto,
    wasm::errors::{EMPTY, INVALID},
};
use filter::Filter;
use limit::{Limit, Verdict};

/// What the messages that can be granted have in common.
struct Call {
    contract: String,
    msg: Vec<u8>,
    funds: Coins,
}

/// `validateGrants`.
pub fn validate(grants: &[ContractGrant], chain: &Chain) -> Result<()> {
    if grants.is_empty() {
        return Err(EMPTY.wrap("grants"));
    }
    for (place, grant) in grants.iter().enumerate() {
        validate_grant(grant, chain).map_err(|error| error.wrap(format!("position {place}")))?;
    }
    Ok(())
}

fn validate_grant(grant: &ContractGrant, chain: &Chain) -> Result<()> {
    chain.addresses.account_from_bech32(&grant.contract).map_err(|error| error.wrap("contract"))?;
    Limit::from_any(grant.limit.as_ref())?.validate().map_err(|error| error.wrap("limit"))?;
    Filter::from_any(grant.filter.as_ref())?.validate().map_err(|error| error.wrap("filter"))
}

pub fn accept_execution(
    authorization: &ContractExecutionAuthorization,
    context: &mut Context,
    message: &dyn Message,
) -> Result<Acceptance> {
    let Some(execute) = message.as_any().downcast_ref::<MsgExecuteContract>() else {
        return Err(sdk::INVALID_TYPE.wrap("type mismatch"));
    };
    let call = Call {
        contract: execute.contract.clone(),
        msg: execute.msg.clone(),
        funds: coins_from_proto(&execute.funds)?,
    };
    accept(&authorization.grants, context, &call, |grants| {
        Authorization::ContractExecution(ContractExecutionAuthorization { grants })
    })
}

pub fn accept_migration(
    authorization: &ContractMigrationAuthorization,
    context: &mut Context,
    message: &dyn Message,
) -> Result<Acceptance> {
    let Some(migrate) = message.as_any().downcast_ref::<MsgMigrateContract>() else {
        return Err(sdk::INVALID_TYPE.wrap("type mismatch"));
    };
    let call = Call { contract: migrate.contract.clone(), msg: migrate.msg.clone(), funds: Coins::default() };
    accept(&authorization.grants, context, &call, |grants| {
        Authorization::ContractMigration(ContractMigrationAuthorization { grants })
    })
}

/// `AcceptGrantedMessage`: the first grant whose limit and filter take the call. The checks of the message itself have been made already.
fn accept(
    grants: &[ContractGrant],
    context: &mut Context,
    call: &Call,
    renew: fn(Vec<ContractGrant>) -> Authorization,
) -> Result<Acceptance> {
    for (place, grant) in grants.iter().enumerate().filter(|(_, grant)| grant.contract == call.contract) {
        let limit = Limit::from_any(grant.limit.as_ref())?;
        let verdict = limit.accept(&call.funds).map_err(|error| error.wrap("limit"))?;
        if verdict == Verdict::NotForThis {
            continue;
        }
        let filter = Filter::from_any(grant.filter.as_ref())?;
        if !filter.accept(context, &call.msg).map_err(|error| error.wrap("filter"))? {
            continue;
        }
        let mut left = grants.to_vec();
        match verdict {
            Verdict::Exhausted => {
                left.remove(place);
                if left.is_empty() {
                    return Ok(Acceptance::Delete);
                }
            }
            Verdict::Reduced(reduced) => {
                left[place].limit = Some(reduced.to_any());
            }
            Verdict::NotForThis | Verdict::Unchanged => return Ok(Acceptance::Unchanged),
        }
        validate(&left, &context.chain)
            .map_err(|error| INVALID.wrap(format!("new grant state: {}", error.log())))?;
        return Ok(Acceptance::Update(renew(left)));
    }
    Ok(Acceptance::Refused)
}

fn undefined(kind: &'static Registered, what: &str) -> iz_core::Error {
    kind.wrap(format!("undefined {what}"))
}

#[cfg(test)]
mod tests {
    use iz_proto::{
        Any,
        cosmwasm::wasm::v1::{AllowAllMessagesFilter, MaxCallsLimit},
    };
    use prost::Name;

    use super::*;
    use crate::testing;

    fn pack<M: prost::Message + Name>(message: &M) -> Option<Any> {
        Some(Any { type_url: M::type_url(), value: message.encode_to_vec() })
    }

    fn grant(contract: &str, remaining: u64) -> ContractGrant {
        ContractGrant {
            contract: contract.into(),
            limit: pack(&MaxCallsLimit { remaining }),
            filter: pack(&AllowAllMessagesFilter {}),
        }
    }

    fn call(contract: &str) -> Call {
        Call { contract: contract.into(), msg: b"{}".to_vec(), funds: Coins::default() }
    }

    fn execution(grants: Vec<ContractGrant>) -> Authorization {
        Authorization::ContractExecution(ContractExecutionAuthorization { grants })
    }

    #[test]
    fn calls_are_counted_down_and_the_last_takes_the_grant_away() {
        let mut context = testing::context();
        let contract = context.addresses().account(&testing::account(1));
        let other = context.addresses().account(&testing::account(2));
        let grants = vec![grant(&other, 1), grant(&contract, 2)];
        let accepted = accept(&grants, &mut context, &call(&contract), execution).unwrap();
        let left = vec![grant(&other, 1), grant(&contract, 1)];
        assert_eq!(accepted, Acceptance::Update(execution(left.clone())));
        let accepted = accept(&left, &mut context, &call(&contract), execution).unwrap();
        assert_eq!(accepted, Acceptance::Update(execution(vec![grant(&other, 1)])));
        let accepted = accept(&left[1..], &mut context, &call(&contract), execution).unwrap();
        assert_eq!(accepted, Acceptance::Delete);
        let refused = accept(&left[..1], &mut context, &call(&contract), execution).unwrap();
        assert_eq!(refused, Acceptance::Refused);
    }

    #[test]
    fn a_grant_needs_a_contract_a_limit_and_a_filter() {
        let context = testing::context();
        let contract = context.addresses().account(&testing::account(1));
        assert_eq!(validate(&[], &context.chain).unwrap_err().log(), "grants: empty");
        validate(&[grant(&contract, 1)], &context.chain).unwrap();
        let error = validate(&[grant(&contract, 1), grant(&contract, 0)], &context.chain).unwrap_err();
        assert_eq!(error.log(), "position 1: limit: remaining calls: empty");
        let bare = ContractGrant { filter: None, ..grant(&contract, 1) };
        let error = validate(&[bare], &context.chain).unwrap_err();
        assert_eq!(error.log(), "position 0: filter: undefined filter: invalid type");
    }
}
