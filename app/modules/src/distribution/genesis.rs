//! Genesis of distribution.

use iz_core::{Address, Chain, Context, DecCoins, Error, Genesis, Result};
use iz_proto::{
    cosmos::distribution::v1beta1::{
        DelegatorStartingInfoRecord, DelegatorWithdrawInfo, FeePool, GenesisState,
        ValidatorAccumulatedCommission, ValidatorAccumulatedCommissionRecord, ValidatorCurrentRewardsRecord,
        ValidatorHistoricalRewardsRecord, ValidatorOutstandingRewards, ValidatorOutstandingRewardsRecord,
        ValidatorSlashEvent, ValidatorSlashEventRecord,
    },
    tendermint::abci::ValidatorUpdate,
};

use super::{
    NAME, keys, store,
    types::{CurrentRewards, HistoricalRewards, Params, SlashEvent, StartingInfo, validate_params},
};
use crate::{
    auth, bank,
    convert::{dec_coins_from_proto, dec_coins_to_proto},
};

pub struct Distribution;

impl Genesis for Distribution {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState {
            params: Some(Params::standard().to_wire()),
            fee_pool: Some(FeePool::default()),
            ..GenesisState::default()
        }
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        validate_params(&state.params.clone().unwrap_or_default())?;
        let pool = community_pool(state)?;
        if pool.iter().any(|coin| coin.amount.is_negative()) {
            let text = format!("negative CommunityPool in distribution fee pool, is {pool}");
            return Err(Error::plain(text));
        }
        Ok(())
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        // Go panics on whatever is wrong in here
        import(context, &state)
            .map_err(|error| if error.is_fatal() { error } else { Error::panic(error.log()) })?;
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let fee_pool = FeePool { community_pool: dec_coins_to_proto(&store::fee_pool(context)?) };
        let params = store::params(context)?.to_wire();
        let proposer = store::previous_proposer(context)?;
        Ok(GenesisState {
            params: Some(params),
            fee_pool: Some(fee_pool),
            delegator_withdraw_infos: withdraw_addresses(context)?,
            previous_proposer: context.addresses().consensus(&proposer),
            outstanding_rewards: outstanding(context)?,
            validator_accumulated_commissions: commissions(context)?,
            validator_historical_rewards: historical(context)?,
            validator_current_rewards: current(context)?,
            delegator_starting_infos: starting_infos(context)?,
            validator_slash_events: slashes(context)?,
        })
    }
}

fn community_pool(state: &GenesisState) -> Result<DecCoins> {
    state.fee_pool.as_ref().map_or(Ok(DecCoins::empty()), |pool| dec_coins_from_proto(&pool.community_pool))
}

fn import(context: &mut Context, state: &GenesisState) -> Result<()> {
    let chain = context.chain.clone();
    let validator = |text: &str| chain.addresses.parse_validator(text);
    let account = |text: &str| chain.addresses.parse_account(text);

    let pool = community_pool(state)?;
    store::set_fee_pool(context, &pool)?;
    let params = Params::from_wire(&state.params.clone().unwrap_or_default())?;
    store::set_params(context, &params)?;
    for record in &state.delegator_withdraw_infos {
        let (delegator, address) = (account(&record.delegator_address)?, account(&record.withdraw_address)?);
        store::set_withdraw_address(context, &delegator, &address)?;
    }
    let proposer = match &*state.previous_proposer {
        "" => Address::default(),
        text => chain.addresses.parse_consensus(text)?,
    };
    store::set_previous_proposer(context, &proposer)?;
    let mut holdings = DecCoins::empty();
    for record in &state.outstanding_rewards {
        let rewards = dec_coins_from_proto(&record.outstanding_rewards)?;
        store::set_outstanding(context, &validator(&record.validator_address)?, &rewards)?;
        holdings = holdings.add(&rewards)?;
    }
    for record in &state.validator_accumulated_commissions {
        let accumulated = record.accumulated.clone().unwrap_or_default();
        let commission = dec_coins_from_proto(&accumulated.commission)?;
        store::set_commission(context, &validator(&record.validator_address)?, &commission)?;
    }
    for record in &state.validator_historical_rewards {
        let rewards = HistoricalRewards::from_wire(&record.rewards.clone().unwrap_or_default())?;
        let operator = validator(&record.validator_address)?;
        store::set_historical_rewards(context, &operator, record.period, &rewards)?;
    }
    for record in &state.validator_current_rewards {
        let rewards = CurrentRewards::from_wire(&record.rewards.clone().unwrap_or_default())?;
        store::set_current_rewards(context, &validator(&record.validator_address)?, &rewards)?;
    }
    for record in &state.delegator_starting_infos {
        let info = StartingInfo::from_wire(&record.starting_info.clone().unwrap_or_default())?;
        let operator = validator(&record.validator_address)?;
        store::set_starting_info(context, &operator, &account(&record.delegator_address)?, &info)?;
    }
    for record in &state.validator_slash_events {
        let event = SlashEvent::from_wire(&record.validator_slash_event.clone().unwrap_or_default())?;
        let operator = validator(&record.validator_address)?;
        store::set_slash_event(context, &operator, record.height, record.period, &event)?;
    }
    require_balance(context, &holdings.add(&pool)?)
}

/// The module's account, which is made here, must hold what the records promise.
fn require_balance(context: &mut Context, holdings: &DecCoins) -> Result<()> {
    let (expected, _) = holdings.truncate()?;
    auth::keeper::module_account_address(context, NAME)?;
    let balances = bank::keeper::all_balances(context, &Address::module(NAME))?;
    if balances != expected {
        return Err(Error::panic(format!(
            "distribution module balance does not match the module holdings: {balances} <-> {expected}"
        )));
    }
    Ok(())
}

fn withdraw_addresses(context: &mut Context) -> Result<Vec<DelegatorWithdrawInfo>> {
    let entries = store::all(context, keys::WITHDRAW_ADDRESS)?;
    let addresses = context.addresses();
    let record = |(key, value): (bytes::Bytes, bytes::Bytes)| {
        Ok(DelegatorWithdrawInfo {
            delegator_address: addresses.account(&keys::split(&key)?.0),
            withdraw_address: addresses.account(&Address::new(value)),
        })
    };
    entries.into_iter().map(record).collect()
}

fn outstanding(context: &mut Context) -> Result<Vec<ValidatorOutstandingRewardsRecord>> {
    let entries = store::all(context, keys::OUTSTANDING_REWARDS)?;
    let addresses = context.addresses();
    let record = |(key, value): (bytes::Bytes, bytes::Bytes)| {
        let rewards: ValidatorOutstandingRewards = store::decode(&value)?;
        Ok(ValidatorOutstandingRewardsRecord {
            validator_address: addresses.validator(&keys::split(&key)?.0),
            outstanding_rewards: rewards.rewards,
        })
    };
    entries.into_iter().map(record).collect()
}

fn commissions(context: &mut Context) -> Result<Vec<ValidatorAccumulatedCommissionRecord>> {
    let entries = store::all(context, keys::ACCUMULATED_COMMISSION)?;
    let addresses = context.addresses();
    let record = |(key, value): (bytes::Bytes, bytes::Bytes)| {
        Ok(ValidatorAccumulatedCommissionRecord {
            validator_address: addresses.validator(&keys::split(&key)?.0),
            accumulated: Some(store::decode::<ValidatorAccumulatedCommission>(&value)?),
        })
    };
    entries.into_iter().map(record).collect()
}

fn historical(context: &mut Context) -> Result<Vec<ValidatorHistoricalRewardsRecord>> {
    let entries = store::all(context, keys::HISTORICAL_REWARDS)?;
    let addresses = context.addresses();
    let record = |(key, value): (bytes::Bytes, bytes::Bytes)| {
        let (operator, rest) = keys::split(&key)?;
        Ok(ValidatorHistoricalRewardsRecord {
            validator_address: addresses.validator(&operator),
            period: u64::from_le_bytes(keys::number(rest)?),
            rewards: Some(store::decode(&value)?),
        })
    };
    entries.into_iter().map(record).collect()
}

fn current(context: &mut Context) -> Result<Vec<ValidatorCurrentRewardsRecord>> {
    let entries = store::all(context, keys::CURRENT_REWARDS)?;
    let addresses = context.addresses();
    let record = |(key, value): (bytes::Bytes, bytes::Bytes)| {
        Ok(ValidatorCurrentRewardsRecord {
            validator_address: addresses.validator(&keys::split(&key)?.0),
            rewards: Some(store::decode(&value)?),
        })
    };
    entries.into_iter().map(record).collect()
}

fn starting_infos(context: &mut Context) -> Result<Vec<DelegatorStartingInfoRecord>> {
    let entries = store::all(context, keys::STARTING_INFO)?;
    let addresses = context.addresses();
    let record = |(key, value): (bytes::Bytes, bytes::Bytes)| {
        let (operator, rest) = keys::split(&key)?;
        Ok(DelegatorStartingInfoRecord {
            delegator_address: addresses.account(&keys::split_address(rest)?.0),
            validator_address: addresses.validator(&operator),
            starting_info: Some(store::decode(&value)?),
        })
    };
    entries.into_iter().map(record).collect()
}

fn slashes(context: &mut Context) -> Result<Vec<ValidatorSlashEventRecord>> {
    let entries = store::all(context, keys::SLASH_EVENTS)?;
    let addresses = context.addresses();
    let record = |(key, value): (bytes::Bytes, bytes::Bytes)| {
        let (operator, rest) = keys::split(&key)?;
        let event: ValidatorSlashEvent = store::decode(&value)?;
        Ok(ValidatorSlashEventRecord {
            validator_address: addresses.validator(&operator),
            height: u64::from_be_bytes(keys::number(rest)?),
            period: event.validator_period,
            validator_slash_event: Some(event),
        })
    };
    entries.into_iter().map(record).collect()
}
