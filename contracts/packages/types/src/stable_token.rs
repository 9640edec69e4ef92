//! The stable token ZERO: a cw20 with a reserve, a junior backstop and a redemption queue. Values are in millionths of a dollar.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Binary, Coin, Decimal, Timestamp, Uint128};
use cw20::{Expiration, Logo};

/// An amount that a bucket lets through: its capacity is the larger of two figures, and it fills once a period.
#[cw_serde]
#[derive(Copy)]
pub struct FlowLimit {
    pub amount: Uint128,
    pub supply_bps: u16,
    pub period_seconds: u64,
}

/// What the constitution may change, within bounds that the contract knows.
#[cw_serde]
#[derive(Copy)]
pub struct Parameters {
    /// What the reserve must hold beyond all liabilities before more is issued.
    pub buffer_bps: u16,
    pub mint_fee_bps: u16,
    pub redeem_fee_bps: u16,
    /// What a unit issued today pays to be redeemed today; a unit of age k days pays (4 - k)/4 of it.
    pub early_exit_fee_bps: u16,
    pub issue_limit: FlowLimit,
    pub redeem_limit: FlowLimit,
    /// How often the redemption queue settles.
    pub epoch_seconds: u64,
    /// How long a reserve price counts.
    pub price_max_age_seconds: u64,
}

/// A denomination of the bank that the reserve takes.
#[cw_serde]
pub struct AssetSetting {
    pub denom: String,
    /// Decimals of a dollar's worth.
    pub decimals: u8,
    /// Units beyond which nothing is taken in.
    pub cap: Uint128,
    /// What is taken off its price in every valuation.
    pub haircut_bps: u16,
    /// Taken in no more, and given out at par to whoever asks for it.
    pub draining: bool,
}

#[cw_serde]
pub struct Marketing {
    pub project: Option<String>,
    pub description: Option<String>,
    /// Who may change the marketing information.
    pub marketing: Option<String>,
    pub logo: Option<Logo>,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// The constitution.
    pub admin: String,
    /// The index oracle.
    pub oracle: String,
    pub name: String,
    pub symbol: String,
    pub marketing: Option<Marketing>,
    pub parameters: Parameters,
    pub assets: Vec<AssetSetting>,
    /// Who report the prices of the reserve's assets.
    pub price_reporters: Vec<String>,
    /// How many fresh reports make a price; more than half of the reporters.
    pub price_threshold: u32,
}

#[cw_serde]
pub enum ExecuteMsg {
    // what wallets and other contracts know from cw20
    Transfer {
        recipient: String,
        amount: Uint128,
    },
    Burn {
        amount: Uint128,
    },
    Send {
        contract: String,
        amount: Uint128,
        msg: Binary,
    },
    IncreaseAllowance {
        spender: String,
        amount: Uint128,
        expires: Option<Expiration>,
    },
    DecreaseAllowance {
        spender: String,
        amount: Uint128,
        expires: Option<Expiration>,
    },
    TransferFrom {
        owner: String,
        recipient: String,
        amount: Uint128,
    },
    SendFrom {
        owner: String,
        contract: String,
        amount: Uint128,
        msg: Binary,
    },
    BurnFrom {
        owner: String,
        amount: Uint128,
    },
    UpdateMarketing {
        project: Option<String>,
        description: Option<String>,
        marketing: Option<String>,
    },
    UploadLogo(Logo),

    /// Issues ZERO at the index price for the one settlement asset sent along. This is not cw20's `mint`: nobody mints for nothing.
    Mint {
        recipient: Option<String>,
        min_out: Option<Uint128>,
    },
    /// Burns ZERO for its share of the reserve at min(index, net asset value). What the flow limit does not let through joins
    /// the queue, and what the queue had for the sender already is paid out.
    Redeem {
        amount: Uint128,
        /// The least value, in millionths of a dollar at reported prices, for the part paid at once, per whole ZERO of it.
        min_price: Option<Decimal>,
        /// An asset being drained that the sender takes at par instead of a share of every asset.
        take: Option<String>,
    },
    /// Puts ZERO into the redemption queue: settled at the end of the epoch, the same fraction for everyone. Cannot be undone.
    JoinBatch {
        amount: Uint128,
    },
    /// Pays out what the queue settled for the sender.
    Claim {},
    /// Settles the queue if its epoch is over and looks at the solvency. Anyone may call it.
    Crank {},
    /// Adds the settlement asset sent along to the junior backstop, which bears losses before holders do.
    DepositJunior {
        min_shares: Option<Uint128>,
    },
    /// Begins the 35 days after which junior shares can be withdrawn. They bear losses until then. Asking again begins anew.
    UnbondJunior {
        shares: Uint128,
    },
    /// Pays out unbonded junior shares, within 7 days of the end of unbonding; later they count as bonded again.
    WithdrawJunior {},
    /// Gives the settlement assets sent along to the reserve. Nothing is issued to the sender.
    Pledge {},
    /// A price reporter says what a settlement asset is worth in dollars.
    ReportReserve {
        denom: String,
        price: Decimal,
    },

    // the constitution's
    /// Adds a settlement asset or changes its terms.
    SetAsset(AssetSetting),
    /// Forgets a settlement asset of which the reserve has none left.
    RemoveAsset {
        denom: String,
    },
    SetParameters(Parameters),
    SetPriceReporters {
        reporters: Vec<String>,
        threshold: u32,
    },
    SetOracle {
        oracle: String,
    },
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    // cw20
    #[returns(cw20::BalanceResponse)]
    Balance { address: String },
    #[returns(cw20::TokenInfoResponse)]
    TokenInfo {},
    #[returns(Option<cw20::MinterResponse>)]
    Minter {},
    #[returns(cw20::AllowanceResponse)]
    Allowance { owner: String, spender: String },
    #[returns(cw20::AllAllowancesResponse)]
    AllAllowances { owner: String, start_after: Option<String>, limit: Option<u32> },
    #[returns(cw20::AllSpenderAllowancesResponse)]
    AllSpenderAllowances { spender: String, start_after: Option<String>, limit: Option<u32> },
    #[returns(cw20::AllAccountsResponse)]
    AllAccounts { start_after: Option<String>, limit: Option<u32> },
    #[returns(cw20::MarketingInfoResponse)]
    MarketingInfo {},
    #[returns(cw20::DownloadLogoResponse)]
    DownloadLogo {},

    /// What a unit aims to be worth, and what it can be redeemed for now.
    #[returns(PriceResponse)]
    Price {},
    /// Everything needed to check the reserve against the bank.
    #[returns(SolvencyResponse)]
    Solvency {},
    /// The redemption queue.
    #[returns(BatchResponse)]
    Batch {},
    /// What the queue holds for an address.
    #[returns(OrderResponse)]
    Order { address: String },
    /// How much of a balance is not ripe yet, by days to go.
    #[returns(RipeningResponse)]
    Ripening { address: String },
    /// What the flow limits let through now.
    #[returns(LimitsResponse)]
    Limits {},
    #[returns(BackstopResponse)]
    Backstop {},
    #[returns(JuniorResponse)]
    Junior { address: String },
    #[returns(ConfigResponse)]
    Config {},
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(Copy, Eq)]
pub enum Mode {
    /// Reserve beyond liabilities and buffer: issuing at the index, redeeming at the index.
    Green,
    /// Liabilities covered, buffer not full: no issuing, redeeming at the index.
    Amber,
    /// Liabilities not covered: no issuing, everyone redeems at net asset value.
    Red,
    /// For good: the index stands still, everyone takes their share.
    WindDown,
}

#[cw_serde]
pub struct PriceResponse {
    /// The index, in dollars.
    pub target: Decimal,
    /// What a unit is redeemed for before fees, in dollars.
    pub redeemable: Decimal,
    /// What a unit costs before fees; nothing while none is issued.
    pub issue: Option<Decimal>,
    /// Whether the index stands still for want of a print.
    pub held: bool,
    pub mode: Mode,
}

#[cw_serde]
pub struct HoldingResponse {
    pub denom: String,
    pub decimals: u8,
    /// Units of the reserve.
    pub reserve: Uint128,
    /// Units settled for those who redeemed, and not claimed yet.
    pub owed: Uint128,
    /// What the bank says that the contract has: at least the two together.
    pub bank: Uint128,
    pub price: Decimal,
    /// Until when the price lets the asset in.
    pub price_until: Timestamp,
    pub haircut_bps: u16,
    pub cap: Uint128,
    pub draining: bool,
    /// What it counts for, in millionths of a dollar.
    pub value: Uint128,
}

#[cw_serde]
pub struct SolvencyResponse {
    pub supply: Uint128,
    pub price: Decimal,
    /// L: supply times price.
    pub liabilities: Uint128,
    /// Â: what the reserve counts for, after haircuts.
    pub reserve: Uint128,
    /// C = Â/L; nothing while nothing is owed.
    pub ratio: Option<Decimal>,
    pub mode: Mode,
    /// Value of ZERO that could be issued before the buffer is used up, flow limits apart.
    pub capacity: Uint128,
    /// Since when every look found C below 0.9.
    pub below_since: Option<Timestamp>,
    /// The price at which the index stood still, and since when.
    pub wind_down: Option<WindDown>,
    pub holdings: Vec<HoldingResponse>,
}

#[cw_serde]
#[derive(Copy)]
pub struct WindDown {
    pub price: Decimal,
    pub since: Timestamp,
}

#[cw_serde]
pub struct BatchResponse {
    /// ZERO waiting.
    pub waiting: Uint128,
    /// When it is settled next.
    pub settles_at: Timestamp,
}

#[cw_serde]
pub struct OrderResponse {
    /// ZERO still waiting.
    pub waiting: Uint128,
    pub claimable: Vec<Coin>,
}

#[cw_serde]
pub struct RipeningResponse {
    pub ripe: Uint128,
    /// Units of age 0, 1, 2 and 3 days.
    pub unripe: [Uint128; 4],
}

#[cw_serde]
pub struct LimitsResponse {
    pub issue: Uint128,
    /// What can be redeemed at once: the bucket less what waits in the queue.
    pub redeem: Uint128,
}

#[cw_serde]
pub struct BackstopResponse {
    /// What the junior shares are worth together: max(0, Â - L).
    pub equity: Uint128,
    pub shares: Uint128,
    /// Shares that pledges bought, which nobody can withdraw.
    pub protocol_shares: Uint128,
    /// Counts how often the backstop was used up and began anew.
    pub generation: u32,
}

#[cw_serde]
pub struct JuniorResponse {
    pub bonded: Uint128,
    pub unbonding: Option<Unbonding>,
    /// What all the shares are worth now.
    pub value: Uint128,
}

#[cw_serde]
#[derive(Copy)]
pub struct Unbonding {
    pub shares: Uint128,
    /// What they were worth when unbonding began: no more is paid.
    pub value: Uint128,
    pub ripe_at: Timestamp,
    /// After this they count as bonded again.
    pub lapses_at: Timestamp,
}

#[cw_serde]
pub struct ConfigResponse {
    pub admin: String,
    pub oracle: String,
    pub parameters: Parameters,
    pub price_reporters: Vec<String>,
    pub price_threshold: u32,
}
