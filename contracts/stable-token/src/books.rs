//! The books: supply and reserve against the index, and the mode that follows. Every message that touches money opens them, works on
//! them and closes them.

use cosmwasm_std::{Coin, Decimal, Deps, Env, Storage, Uint128, Uint256};
use iz_contract_math::{BPS, bps_ceil, mul_div_ceil, mul_div_floor};
use iz_contract_types::index_oracle;
use iz_contract_types::stable_token::{FlowLimit, Mode};

use crate::error::ContractError;
use crate::parameters;
use crate::reserve;
use crate::ripening::day_of;
use crate::state::{CONFIG, Config, Holding, MONEY, Money, RESERVE, SUPPLY, WoundDown};

const DAY: u64 = 86_400;
/// C below 0.9 for this long winds the money down.
const LONGEST_BELOW: u64 = 30 * DAY;
/// So does an oracle that has said nothing for this long.
const LONGEST_SILENCE: u64 = 75 * DAY;
const ONE: Uint128 = Uint128::new(1_000_000_000_000_000_000);

pub struct Books {
    pub config: Config,
    pub money: Money,
    pub holdings: Vec<Holding>,
    pub supply: Uint128,
    pub now: u64,
    /// P: the index.
    pub price: Decimal,
    /// What issuing counts with: the higher of the index and where it is heading.
    pub issue_price: Decimal,
    /// The index stands still, or the oracle is silent.
    pub held: bool,
    stale: bool,
}

/// A payment out of the reserve, and the price at which each unit was paid.
pub struct Payout {
    pub coins: Vec<Coin>,
    pub price: Decimal,
}

impl Books {
    pub fn open(deps: Deps<'_>, env: &Env) -> Result<Books, ContractError> {
        let config = CONFIG.load(deps.storage)?;
        let money = MONEY.load(deps.storage)?;
        let now = env.block.time.seconds();
        let mut books = Books {
            price: money.last_price,
            issue_price: money.last_price,
            held: true,
            stale: now.saturating_sub(money.last_seen) > LONGEST_SILENCE,
            holdings: RESERVE.load(deps.storage)?,
            supply: SUPPLY.load(deps.storage)?,
            now,
            config,
            money,
        };
        if let Some(wind_down) = books.money.wind_down {
            books.price = wind_down.price;
            return Ok(books);
        }
        // a silent oracle must not close redemption: the last price stands until it is stale
        if let Some(index) = ask(deps, books.config.oracle.as_str()) {
            books.price = index.value;
            books.issue_price = index.value.max(index.target);
            books.held = index.held;
            books.stale = index.stale;
            books.money.last_price = index.value;
            books.money.last_seen = now;
        }
        books.fill_buckets();
        books.look();
        Ok(books)
    }

    /// Looks at the solvency once more and stores everything.
    pub fn close(mut self, storage: &mut dyn Storage) -> Result<(), ContractError> {
        self.look();
        MONEY.save(storage, &self.money)?;
        RESERVE.save(storage, &self.holdings)?;
        Ok(SUPPLY.save(storage, &self.supply)?)
    }

    pub fn today(&self) -> u64 {
        day_of(self.now)
    }

    /// L, rounded up.
    pub fn liabilities(&self) -> Uint128 {
        mul_div_ceil(self.supply, self.price.atomics(), ONE).unwrap_or(Uint128::MAX)
    }

    /// Â.
    pub fn value(&self) -> Uint128 {
        reserve::value(&self.holdings)
    }

    /// What juniors own: max(0, Â - L).
    pub fn equity(&self) -> Uint128 {
        self.value().saturating_sub(self.liabilities())
    }

    pub fn ratio(&self) -> Option<Decimal> {
        Decimal::checked_from_ratio(self.value(), self.liabilities()).ok()
    }

    pub fn mode(&self) -> Mode {
        let (value, liabilities) = (self.value(), self.liabilities());
        if self.money.wind_down.is_some() {
            Mode::WindDown
        } else if value < liabilities {
            Mode::Red
        } else if buffered(value) < self.needed(liabilities) {
            Mode::Amber
        } else {
            Mode::Green
        }
    }

    /// (1 + b) · L, in ten-thousandths.
    fn needed(&self, liabilities: Uint128) -> Uint256 {
        let whole = BPS + u128::from(self.config.parameters.buffer_bps);
        Uint256::from(liabilities) * Uint256::from(whole)
    }

    /// Whether the buffer is full at the price that issuing counts with.
    pub fn buffer_is_full(&self) -> bool {
        let liabilities = mul_div_ceil(self.supply, self.issue_price.atomics(), ONE).unwrap_or(Uint128::MAX);
        buffered(self.value()) >= self.needed(liabilities)
    }

    /// x = (Â - (1+b)·L) / b: the value that can be issued before the buffer is used up.
    pub fn capacity(&self) -> Uint128 {
        let liabilities = mul_div_ceil(self.supply, self.issue_price.atomics(), ONE).unwrap_or(Uint128::MAX);
        let beyond = buffered(self.value()).saturating_sub(self.needed(liabilities));
        let buffer = Uint256::from(self.config.parameters.buffer_bps.max(1));
        Uint128::try_from(beyond / buffer).unwrap_or(Uint128::MAX)
    }

    /// What a unit is redeemed for, before fees: min(P, net asset value).
    pub fn redeemable(&self) -> Decimal {
        let backing = match self.mode() {
            Mode::WindDown => reserve::gross(&self.holdings),
            Mode::Green | Mode::Amber | Mode::Red => self.value(),
        };
        if backing >= self.liabilities() {
            return self.price;
        }
        let exact = mul_div_floor(backing, ONE, self.supply);
        exact.map_or(self.price, |atomics| Decimal::new(atomics).min(self.price))
    }

    /// Takes the payment for redeeming units out of the reserve. The units have to be burned by whoever calls.
    ///
    /// Every asset gives the same fraction, so nobody can choose the better one; and as L ≤ Â ≤ gross in Green and Amber, and by
    /// definition else, the fraction is at most the units' share of the supply, whatever the prices say.
    pub fn pay(&mut self, units: Uint128) -> Result<Payout, ContractError> {
        let gross = reserve::gross(&self.holdings);
        let price = self.redeemable();
        let coins = if self.mode() == Mode::WindDown && gross < self.liabilities() {
            reserve::take_fraction(&mut self.holdings, units, self.supply)?
        } else {
            let value = self.after_fee(self.worth(units)?);
            reserve::take_fraction(&mut self.holdings, value, gross)?
        };
        if coins.is_empty() {
            return Err(ContractError::NothingToPay);
        }
        Ok(Payout { coins, price })
    }

    /// The same in one asset that is being drained, a dollar a unit: never more than the value, whatever its price.
    pub fn pay_in(&mut self, units: Uint128, denom: &str) -> Result<Payout, ContractError> {
        let price = self.redeemable();
        let value = self.after_fee(self.worth(units)?);
        let holding = reserve::find(&mut self.holdings, denom)?;
        if !holding.draining {
            return Err(ContractError::NotDraining(denom.to_owned()));
        }
        let needed = holding.units_at_par(value)?;
        if needed.is_zero() {
            return Err(ContractError::NothingToPay);
        }
        let Ok(left) = holding.reserve.checked_sub(needed) else {
            let denom = denom.to_owned();
            return Err(ContractError::InsufficientReserve { denom, reserve: holding.reserve, needed });
        };
        holding.reserve = left;
        Ok(Payout { coins: vec![Coin { denom: denom.to_owned(), amount: needed }], price })
    }

    /// What units are redeemed for before fees, rounded down.
    fn worth(&self, units: Uint128) -> Result<Uint128, ContractError> {
        let at_index = mul_div_floor(units, self.price.atomics(), ONE)?;
        match self.mode() {
            Mode::Red => Ok(mul_div_floor(units, self.value(), self.supply)?.min(at_index)),
            Mode::Green | Mode::Amber | Mode::WindDown => Ok(at_index),
        }
    }

    /// In need and at the end nobody pays fees.
    pub fn fees_apply(&self) -> bool {
        matches!(self.mode(), Mode::Green | Mode::Amber)
    }

    fn after_fee(&self, value: Uint128) -> Uint128 {
        let fee_bps = if self.fees_apply() { self.config.parameters.redeem_fee_bps } else { 0 };
        value - bps_ceil(value, fee_bps)
    }

    /// What the flow limit lets through for redemption now.
    pub fn redeem_available(&self) -> Uint128 {
        match self.money.wind_down {
            Some(_) => Uint128::MAX,
            None => self.money.redeem_bucket.available(self.config.parameters.redeem_limit.period_seconds),
        }
    }

    /// Takes what is redeemed out of the flow limit.
    pub fn redeem_flow(&mut self, units: Uint128) -> Result<(), ContractError> {
        let FlowLimit { period_seconds, .. } = self.config.parameters.redeem_limit;
        let available = self.redeem_available();
        if self.money.wind_down.is_none() && !self.money.redeem_bucket.take(units, period_seconds) {
            return Err(ContractError::OverFlowLimit { available, needed: units });
        }
        Ok(())
    }

    pub fn issue_available(&self) -> Uint128 {
        self.money.issue_bucket.available(self.config.parameters.issue_limit.period_seconds)
    }

    pub fn issue_flow(&mut self, units: Uint128) -> Result<(), ContractError> {
        let available = self.issue_available();
        if !self.money.issue_bucket.take(units, self.config.parameters.issue_limit.period_seconds) {
            return Err(ContractError::OverFlowLimit { available, needed: units });
        }
        Ok(())
    }

    fn fill_buckets(&mut self) {
        let (issue, redeem) = (self.config.parameters.issue_limit, self.config.parameters.redeem_limit);
        let (supply, now) = (self.supply, self.now);
        self.money.issue_bucket.fill(parameters::capacity(&issue, supply), issue.period_seconds, now);
        self.money.redeem_bucket.fill(parameters::capacity(&redeem, supply), redeem.period_seconds, now);
    }

    /// Notes whether C is below 0.9, and winds the money down if that has lasted, or if the index is stale.
    fn look(&mut self) {
        if self.money.wind_down.is_some() {
            return;
        }
        let (value, liabilities) = (self.value(), self.liabilities());
        let below =
            Uint256::from(value) * Uint256::from(10u8) < Uint256::from(liabilities) * Uint256::from(9u8);
        self.money.below_since = below.then(|| self.money.below_since.unwrap_or(self.now));
        let lasted = self.money.below_since.is_some_and(|since| self.now - since >= LONGEST_BELOW);
        if lasted || self.stale {
            self.money.wind_down = Some(WoundDown { price: self.price, since: self.now });
        }
    }
}

fn buffered(value: Uint128) -> Uint256 {
    Uint256::from(value) * Uint256::from(BPS)
}

/// The oracle's index, unless it does not answer or answers with nonsense.
pub fn ask(deps: Deps<'_>, oracle: &str) -> Option<index_oracle::IndexResponse> {
    let query = index_oracle::QueryMsg::Index { at: None };
    let answer: Option<index_oracle::IndexResponse> = deps.querier.query_wasm_smart(oracle, &query).ok();
    answer.filter(|index| !index.value.is_zero())
}
