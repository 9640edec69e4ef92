//! The index oracle: what a basket of inflation series is worth on any day.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Decimal, Decimal256, HexBinary, Timestamp};

/// A calendar month, the unit in which the series are printed.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub struct Period {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
}

/// A series of the basket at the start, with its history.
#[cw_serde]
pub struct Component {
    /// The publisher's name of the series, not seasonally adjusted, such as `CUUR0000SA0`.
    pub series: String,
    pub weight_bps: u16,
    /// One value a month, from `InstantiateMsg::first_period` on; as many for every series.
    pub prints: Vec<Decimal>,
}

/// A series' part in the basket from now on. A weight of zero tracks the series without counting it.
#[cw_serde]
pub struct Weight {
    pub series: String,
    pub weight_bps: u16,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// The constitution: confirms prints, changes weights and reporters.
    pub admin: String,
    pub reporters: Vec<String>,
    /// How many reporters must give the same value; more than half of them.
    pub threshold: u32,
    pub components: Vec<Component>,
    /// The month of each component's first print. The basket's level there is `base`.
    pub first_period: Period,
    pub base: Decimal,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// A reporter says what was printed. Until a print is settled, a reporter may correct its own report.
    Report {
        series: String,
        period: Period,
        value: Decimal,
        /// SHA-256 of the publication that was read.
        source_hash: HexBinary,
    },
    /// The admin accepts or refuses a print that was held: one that moved by more than 2.5%, or a series' first.
    Confirm { series: String, period: Period, accept: bool },
    /// The admin gives the basket new weights from the newest level on, without a jump.
    Reweight { components: Vec<Weight> },
    /// The admin replaces the reporters.
    SetReporters { reporters: Vec<String>, threshold: u32 },
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The index now, or at another time: the past as it was known then, the future as far as it is known now.
    #[returns(IndexResponse)]
    Index { at: Option<Timestamp> },
    /// The prints of a series, newest first.
    #[returns(PrintsResponse)]
    Prints { series: String, before: Option<Period>, limit: Option<u32> },
    /// The levels of the basket, newest first.
    #[returns(LevelsResponse)]
    Levels { before: Option<Period>, limit: Option<u32> },
    /// What was reported and is not settled yet.
    #[returns(ReportsResponse)]
    Reports { series: String },
    #[returns(ConfigResponse)]
    Config {},
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
pub struct IndexResponse {
    /// The index: what a unit of ZERO aims to be worth, in dollars.
    pub value: Decimal,
    /// Where the index would be if no print had been late. Differs from `value` for 28 days after a late print.
    pub target: Decimal,
    /// Whether the index stands still because a print is missing. Nothing should be issued at its value.
    pub held: bool,
    /// Since when it stands still.
    pub held_since: Option<Timestamp>,
    /// Whether it has stood still for more than 75 days.
    pub stale: bool,
    /// The newest month whose level was known.
    pub newest: Period,
}

#[cw_serde]
pub struct Print {
    pub period: Period,
    pub value: Decimal,
    /// The publication as the reporter who settled the print gave it; nothing for prints of the beginning.
    pub source_hash: Option<HexBinary>,
    pub accepted_at: Timestamp,
}

#[cw_serde]
pub struct PrintsResponse {
    pub prints: Vec<Print>,
}

#[cw_serde]
pub struct Level {
    pub period: Period,
    pub level: Decimal256,
    pub accepted_at: Timestamp,
}

#[cw_serde]
pub struct LevelsResponse {
    pub levels: Vec<Level>,
}

#[cw_serde]
pub struct ReportEntry {
    pub reporter: String,
    pub value: Decimal,
    pub source_hash: HexBinary,
}

#[cw_serde]
pub struct ReportsResponse {
    /// The month that is reported next.
    pub period: Period,
    pub reports: Vec<ReportEntry>,
    /// A value that enough reporters gave and the admin has to confirm.
    pub held: Option<Decimal>,
}

#[cw_serde]
pub struct ComponentState {
    pub series: String,
    pub weight_bps: u16,
    /// The value that counts as one in the basket.
    pub base: Decimal,
    /// The newest month printed; nothing for a series that has none yet.
    pub newest: Option<Period>,
}

#[cw_serde]
pub struct ConfigResponse {
    pub admin: String,
    pub reporters: Vec<String>,
    pub threshold: u32,
    pub components: Vec<ComponentState>,
    /// The level at which the present weights began.
    pub chain_factor: Decimal256,
    /// The month from which the present weights count.
    pub linked_at: Period,
    /// The newest month whose level is known.
    pub newest: Period,
}
