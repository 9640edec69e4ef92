//! Staking in a genesis file, in and out.

use std::{collections::BTreeMap, sync::Arc};

use iz_core::{Chain, Coin, Coins, Context, Error, Genesis, Int, Result};
use iz_proto::{
    cosmos::staking::v1beta1::{GenesisState, LastValidatorPower},
    tendermint::abci::ValidatorUpdate,
};

use super::{
    hooks,
    keeper::{self, pool_address},
    types::{ConsensusKey, Delegation, Params, Redelegation, Status, UnbondingDelegation, Validator},
};
use crate::{
    auth, bank,
    module_accounts::{BONDED_POOL, NOT_BONDED_POOL},
};

pub struct StakingGenesis;

impl Genesis for StakingGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> Self::State {
        GenesisState { params: Some(Params::fresh().into_wire()), ..GenesisState::default() }
    }

    fn validate(state: &Self::State, _chain: &Chain) -> Result<()> {
        validate_validators(state)?;
        Params::checked(state.params.clone().unwrap_or_default()).map(drop)
    }

    fn init(context: &mut Context, state: Self::State) -> Result<Vec<ValidatorUpdate>> {
        // what genesis writes bears the height before the first block, whatever the chain's first height is
        let block = Arc::clone(&context.block);
        let mut before = (*block).clone();
        before.height = 0;
        context.block = Arc::new(before);
        let updates = init(context, state);
        context.block = block;
        updates
    }

    fn export(context: &mut Context) -> Result<Self::State> {
        let mut state = GenesisState { exported: true, ..GenesisState::default() };
        keeper::iterate_unbonding_delegations(context, |unbonding| {
            state.unbonding_delegations.push(unbonding.to_wire());
            Ok(())
        })?;
        keeper::iterate_redelegations(context, |redelegation| {
            state.redelegations.push(redelegation.to_wire());
            Ok(())
        })?;
        keeper::iterate_last_validator_powers(context, |context, operator, power| {
            let address = context.addresses().validator(&operator);
            state.last_validator_powers.push(LastValidatorPower { address, power });
            Ok(false)
        })?;
        state.params = Some(keeper::get_params(context)?.into_wire());
        state.last_total_power = keeper::get_last_total_power(context)?.to_string().into_bytes();
        let delegations = keeper::get_all_delegations(context)?;
        state.delegations = delegations.into_iter().map(Delegation::into_wire).collect();
        let validators = keeper::get_all_validators(context)?;
        state.validators = validators.into_iter().map(Validator::into_wire).collect();
        Ok(state)
    }
}

fn validate_validators(state: &GenesisState) -> Result<()> {
    let mut seen = BTreeMap::new();
    for wire in &state.validators {
        let validator = Validator::from_wire(wire.clone())?;
        let key = validator.consensus_key()?;
        let place = |key: &ConsensusKey| -> Result<String> {
            // Go prints the address as a list of numbers
            let address = key.address()?;
            let bytes: Vec<_> = address.as_bytes().iter().map(u8::to_string).collect();
            Ok(format!(
                "moniker {}, address [{}]",
                String::from_utf8_lossy(&validator.description.moniker),
                bytes.join(" ")
            ))
        };
        if seen.insert(key.to_any().value, ()).is_some() {
            return Err(Error::plain(format!("duplicate validator in genesis state: {}", place(&key)?)));
        }
        if validator.jailed && validator.is_bonded() {
            return Err(Error::plain(format!(
                "validator is bonded and jailed in genesis state: {}",
                place(&key)?
            )));
        }
        if validator.delegator_shares.is_zero() && !validator.is_unbonding() {
            return Err(Error::plain(format!(
                "bonded/unbonded genesis validator cannot have zero delegator shares, validator: {}",
                validator.operator_address
            )));
        }
    }
    Ok(())
}

fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
    let params = Params::from_wire(state.params.unwrap_or_default())?;
    let denom = params.bond_denom.clone();
    keeper::set_params(context, params)?;
    let total = std::str::from_utf8(&state.last_total_power).unwrap_or_default();
    keeper::set_last_total_power(context, Int::from_wire(total)?)?;

    let fresh = !state.exported;
    let mut pools = Pools::default();
    for wire in state.validators {
        init_validator(context, &Validator::from_wire(wire)?, fresh, &mut pools)?;
    }
    for wire in state.delegations {
        init_delegation(context, &Delegation::from_wire(wire)?, fresh)?;
    }
    for wire in state.unbonding_delegations {
        let unbonding = UnbondingDelegation::from_wire(wire)?;
        keeper::set_unbonding_delegation(context, &unbonding)?;
        for entry in &unbonding.entries {
            keeper::insert_unbonding_queue(context, &unbonding, entry.completion_time)?;
            pools.not_bonded = pools.not_bonded.add(entry.balance)?;
        }
    }
    for wire in state.redelegations {
        let redelegation = Redelegation::from_wire(wire)?;
        keeper::set_redelegation(context, &redelegation)?;
        for entry in &redelegation.entries {
            keeper::insert_redelegation_queue(context, &redelegation, entry.completion_time)?;
        }
    }
    init_pool(context, BONDED_POOL, "bonded", Coin::new(denom.clone(), pools.bonded))?;
    init_pool(context, NOT_BONDED_POOL, "not bonded", Coin::new(denom, pools.not_bonded))?;
    if fresh {
        keeper::apply_and_return_validator_set_updates(context)
    } else {
        last_validators(context, state.last_validator_powers)
    }
}

/// What the two pools must hold.
#[derive(Default)]
struct Pools {
    bonded: Int,
    not_bonded: Int,
}

fn init_validator(
    context: &mut Context,
    validator: &Validator,
    fresh: bool,
    pools: &mut Pools,
) -> Result<()> {
    keeper::set_validator(context, validator)?;
    keeper::set_validator_by_cons_addr(context, validator)?;
    keeper::set_validator_by_power_index(context, validator)?;
    if fresh {
        let operator = validator.operator(context.addresses())?;
        hooks::after_validator_created(context, &operator)?;
    }
    if validator.is_unbonding() {
        keeper::insert_unbonding_validator_queue(context, validator)?;
    }
    match validator.status {
        Status::Bonded => pools.bonded = pools.bonded.add(validator.tokens)?,
        Status::Unbonding | Status::Unbonded => {
            pools.not_bonded = pools.not_bonded.add(validator.tokens)?;
        }
        Status::Unspecified => return Err(Error::panic("invalid validator status")),
    }
    Ok(())
}

fn init_delegation(context: &mut Context, delegation: &Delegation, fresh: bool) -> Result<()> {
    let delegator = context
        .addresses()
        .parse_account(&delegation.delegator_address)
        .map_err(|error| error.obscure(|log| format!("invalid delegator address: {log}")))?;
    let validator = context.addresses().parse_validator(&delegation.validator_address)?;
    if fresh {
        hooks::before_delegation_created(context, &validator)?;
    }
    keeper::set_delegation(context, delegation)?;
    if fresh {
        hooks::after_delegation_modified(context, &delegator, &validator)?;
    }
    Ok(())
}

/// A pool's account is made here, and its balance must be what the validators say.
fn init_pool(context: &mut Context, name: &str, words: &str, expected: Coin) -> Result<()> {
    let expected = Coins::sanitized(vec![expected])?;
    let address = pool_address(context, name)?;
    let balance = bank::keeper::all_balances(context, &address)?;
    if balance.is_zero()
        && let Some(account) = auth::keeper::module_account(context, name)?
    {
        auth::keeper::set_account(context, &address, &account)?;
    }
    if balance != expected {
        return Err(Error::panic(format!(
            "{words} pool balance is different from {words} coins: {balance} <-> {expected}"
        )));
    }
    Ok(())
}

/// The set goes on as it was when the state was exported: the first block still runs with the powers of then.
fn last_validators(context: &mut Context, powers: Vec<LastValidatorPower>) -> Result<Vec<ValidatorUpdate>> {
    let mut updates = Vec::with_capacity(powers.len());
    for last in powers {
        let operator = context.addresses().parse_validator(&last.address)?;
        keeper::set_last_validator_power(context, &operator, last.power)?;
        let validator = keeper::get_validator(context, &operator)
            .map_err(|_| Error::panic(format!("validator {} not found", last.address)))?;
        updates.push(validator.update(last.power)?);
    }
    Ok(updates)
}
