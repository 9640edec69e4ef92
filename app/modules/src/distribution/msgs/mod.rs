//! Messages of distribution, a file each.

mod community_pool_spend;
mod deposit_validator_rewards_pool;
mod fund_community_pool;
mod set_withdraw_address;
mod update_params;
mod withdraw_delegator_reward;
mod withdraw_validator_commission;
