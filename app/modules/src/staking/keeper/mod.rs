//! The state of staking: what other modules, messages and block hooks read and change.

mod delegate;
mod delegation;
mod historical;
mod indices;
mod params;
mod pool;
mod queues;
mod redelegate;
mod redelegation;
mod slash;
mod transitions;
mod unbonding;
mod undelegate;
mod updates;
mod validator;

pub use delegate::{TokenSource, delegate, unbond, validate_unbond_amount};
pub use delegation::{
    get_all_delegations, get_delegation, iterate_delegations, remove_delegation, set_delegation,
};
pub use historical::{get_historical_info, track_historical_info};
pub use indices::{
    delete_last_validator_power, delete_validator_by_power_index, get_last_total_power, get_last_validators,
    iterate_bonded_validators_by_power, iterate_last_validator_powers, set_last_total_power,
    set_last_validator_power, set_new_validator_by_power_index, set_validator_by_cons_addr,
    set_validator_by_power_index, set_validator_updates,
};
pub use params::{bond_denom, get_params, set_params};
pub(in crate::staking) use pool::pool_address;
pub use pool::{
    bonded_ratio, bonded_tokens_to_not_bonded, burn_bonded_tokens, burn_not_bonded_tokens,
    not_bonded_tokens_to_bonded, staking_token_supply, total_bonded_tokens,
};
pub use queues::{
    dequeue_all_mature_redelegations, dequeue_all_mature_unbondings, insert_redelegation_queue,
    insert_unbonding_queue, insert_unbonding_validator_queue,
};
pub use redelegate::{begin_redelegation, complete_redelegation};
pub use redelegation::{
    get_redelegation, get_redelegations_from_src_validator, has_receiving_redelegation,
    iterate_redelegations, set_redelegation,
};
pub use slash::{jail, slash, unjail};
pub use transitions::jail_validator;
pub use unbonding::{
    get_unbonding_delegation, get_unbonding_delegations_from_validator, iterate_unbonding_delegations,
    remove_unbonding_delegation, set_unbonding_delegation,
};
pub use undelegate::{complete_unbonding, undelegate};
pub use updates::{apply_and_return_validator_set_updates, block_validator_updates};
pub use validator::{
    add_validator_tokens_and_shares, get_all_validators, get_validator, get_validator_by_cons_addr,
    is_validator_jailed, iterate_validators, remove_validator, remove_validator_tokens,
    remove_validator_tokens_and_shares, set_validator,
};

use iz_core::stores;

/// The store of this module.
const STORE: iz_store::StoreKey = stores::STAKING;
