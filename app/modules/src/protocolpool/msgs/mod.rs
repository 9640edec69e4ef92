//! Messages of the community pool, a file each.

mod cancel_continuous_fund;
mod community_pool_spend;
mod create_continuous_fund;
mod fund_community_pool;
mod update_params;
