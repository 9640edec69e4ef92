//! access: who may use which app, how much, and what was paid for it in advance.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, HexBinary, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;

use crate::asset::Asset;

#[cw_serde]
pub struct InstantiateMsg {
    pub admin: String,
    /// The revenue-router, which every fee goes to.
    pub router: String,
    /// Assets that are taken, at most 8.
    pub assets: Vec<Asset>,
    /// What a free key locks until it is revoked: an identity costs capital, so that many of them cost much.
    pub free_bond: FreeBond,
}

#[cw_serde]
#[derive(Eq)]
pub struct FreeBond {
    pub denom: String,
    pub amount: Uint128,
    /// How long after a revocation the bond stays locked.
    pub cooldown_seconds: u64,
}

#[cw_serde]
#[derive(Eq, Copy)]
pub enum Tier {
    /// Open weights: a fee for each unit, from a prepaid balance.
    Commons,
    /// Paid from the free pool: node-slice and donations.
    Free,
    /// A price a period with a quota; units beyond it are refused.
    Premium,
    /// As premium, for proprietary models; its contributors are paid every month.
    Enterprise,
}

#[cw_serde]
#[derive(Eq)]
pub struct Plan {
    /// Name of the app in the router.
    pub app: String,
    pub tier: Tier,
    pub asset: Asset,
    /// Of a period (premium, enterprise) or of a unit (commons, free).
    pub price: Uint128,
    /// Length of a period; quotas of every tier count by it.
    pub period_seconds: u64,
    /// Units a period; for commons and free the most of one key.
    pub quota: u64,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// An app says who meters it: its gateway, which reports use. By the app's owner in the router.
    SetMeter {
        app: String,
        meter: Option<String>,
    },
    /// Adds a plan, or a new version of it; those subscribed keep what they bought. By the app's owner in the router.
    SetPlan {
        plan: String,
        terms: Plan,
    },
    /// Takes no more subscriptions.
    RetirePlan {
        plan: String,
    },
    /// Buys whole periods, for the funds: exactly price times periods. The first begins now, or after the last that is paid.
    Subscribe {
        plan: String,
        periods: u32,
    },
    /// Refunds the periods that have not begun; the one that runs stays usable.
    Cancel {
        plan: String,
    },
    /// Adds the funds to the sender's prepaid balance.
    Deposit {},
    /// Takes unused balance back.
    Withdraw {
        asset: Asset,
        amount: Uint128,
    },
    Receive(Cw20ReceiveMsg),
    /// A key is known by the SHA-256 of its secret and bound to a plan, and so to an app.
    /// `limit` units a period, never more than the plan's quota. A free key brings its bond as funds.
    CreateKey {
        hash: HexBinary,
        plan: String,
        limit: u64,
        expires: Option<Timestamp>,
    },
    RevokeKey {
        hash: HexBinary,
    },
    /// Gives the bond of a revoked free key back, after the cooldown.
    ReleaseBond {
        hash: HexBinary,
    },
    /// Reports use of a key; by the meter of its app. `sequence` counts the reports of a key from 1, so that none counts
    /// twice; `receipt` is a digest: nothing of the content is kept.
    Consume {
        hash: HexBinary,
        sequence: u64,
        units: u64,
        receipt: HexBinary,
    },
    /// Adds the funds to the free pool of an app; anyone, the node-slice's sink among them.
    Donate {
        app: String,
    },
    /// Books what periods have earned by now, for up to `limit` subscriptions; anyone.
    Crank {
        limit: u32,
    },
    /// Sends what an app has earned to the router, which splits it; anyone.
    Flush {
        app: String,
        asset: Asset,
    },
    /// The following by the admin.
    SetAsset {
        asset: Asset,
        active: bool,
    },
    SetFreeBond {
        free_bond: FreeBond,
    },
    UpdateAdmin {
        admin: String,
    },
}

#[cw_serde]
pub enum ReceiveMsg {
    Subscribe { plan: String, periods: u32 },
    Deposit {},
    Donate { app: String },
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    #[returns(ConfigResponse)]
    Config {},
    #[returns(PlanResponse)]
    Plan { plan: String },
    #[returns(Vec<PlanResponse>)]
    Plans { start_after: Option<String>, limit: Option<u32> },
    #[returns(Option<SubscriptionResponse>)]
    Subscription { subscriber: String, plan: String },
    /// Whether a key may be used now, and how much.
    #[returns(AccessResponse)]
    Access { hash: HexBinary },
    #[returns(Uint128)]
    Balance { owner: String, asset: Asset },
    #[returns(Uint128)]
    FreePool { app: String, asset: Asset },
    /// Fees earned and not sent yet.
    #[returns(Uint128)]
    Earned { app: String, asset: Asset },
    /// Units of an app by day (days since 1970): all that is kept about use.
    #[returns(UsageResponse)]
    Usage { app: String, day: u64 },
    #[returns(Vec<AssetResponse>)]
    Assets {},
}

#[cw_serde]
pub struct ConfigResponse {
    pub admin: Addr,
    pub router: Addr,
    pub free_bond: FreeBond,
}

#[cw_serde]
pub struct PlanResponse {
    pub plan: String,
    pub version: u32,
    pub active: bool,
    pub terms: Plan,
}

#[cw_serde]
pub struct SubscriptionResponse {
    /// What was bought: price and quota as they were then.
    pub terms: Plan,
    pub started: Timestamp,
    pub paid_until: Timestamp,
    /// Prepaid, and not earned yet.
    pub prepaid: Uint128,
}

#[cw_serde]
pub struct AccessResponse {
    pub allowed: bool,
    /// Why not.
    pub reason: Option<String>,
    pub owner: Addr,
    pub app: String,
    pub tier: Tier,
    /// Units left of this period.
    pub remaining: u64,
    /// The number of the last report.
    pub sequence: u64,
}

#[cw_serde]
pub struct UsageResponse {
    pub units: u64,
    pub reports: u64,
}

#[cw_serde]
pub struct AssetResponse {
    pub asset: Asset,
    pub active: bool,
    pub held: Uint128,
}
