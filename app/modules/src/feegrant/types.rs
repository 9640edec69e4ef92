//! The kinds of allowances: a total, a total with a sum for each period, and either of them for some messages only.

use iz_core::{Coins, Context, Error, Result, Timestamp, duration, errors::sdk};
use iz_proto::{
    Any, Duration,
    cosmos::feegrant::v1beta1::{AllowedMsgAllowance, BasicAllowance, PeriodicAllowance},
    foreign_text,
};
use prost::{Message, Name};

use super::errors;
use crate::convert::{coins_from_proto, coins_to_proto};

/// What a look at one allowed message costs.
const GAS_PER_MESSAGE: u64 = 10;
const GAS_LOCATION: &str = "check msg";

/// An allowance within an allowance within …: no deeper than decoding goes in Go.
const MAX_DEPTH: usize = 10;

#[derive(Clone, Debug, PartialEq)]
pub enum Allowance {
    Basic(BasicAllowance),
    Periodic(PeriodicAllowance),
    AllowedMessages(AllowedMsgAllowance),
}

/// What an allowance says to a fee.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    /// The allowance is used up, or over: it goes, whatever becomes of the fee.
    pub remove: bool,
    pub outcome: Result<()>,
}

impl Verdict {
    const fn paid(remove: bool) -> Self {
        Self { remove, outcome: Ok(()) }
    }

    const fn refused(remove: bool, why: Error) -> Self {
        Self { remove, outcome: Err(why) }
    }
}

fn failed() -> Error {
    errors::NO_ALLOWANCE.wrap("failed to get allowance")
}

impl Allowance {
    /// The allowance in `any`: one of the three kinds, and those inside it too.
    pub fn from_any(any: Option<&Any>) -> Result<Self> {
        Self::nested(any, MAX_DEPTH)
    }

    fn nested(any: Option<&Any>, depth: usize) -> Result<Self> {
        let any = any.ok_or_else(failed)?;
        let malformed = |error: prost::DecodeError| sdk::TX_DECODE.wrap(error);
        let value = any.value.as_slice();
        if depth == 0 {
            return Err(sdk::TX_DECODE.wrap("max depth exceeded"));
        }
        if any.type_url == BasicAllowance::type_url() {
            return Ok(Self::Basic(foreign_text::decode::<BasicAllowance>(value).map_err(malformed)?));
        }
        if any.type_url == PeriodicAllowance::type_url() {
            return Ok(Self::Periodic(complete(
                foreign_text::decode::<PeriodicAllowance>(value).map_err(malformed)?,
            )));
        }
        if any.type_url == AllowedMsgAllowance::type_url() {
            let mut allowance = foreign_text::decode::<AllowedMsgAllowance>(value).map_err(malformed)?;
            // Go packs what it unpacked, so the bytes inside become canonical too
            if let Some(inner) = &allowance.allowance {
                allowance.allowance = Some(Self::nested(Some(inner), depth - 1)?.to_any());
            }
            return Ok(Self::AllowedMessages(allowance));
        }
        Err(failed())
    }

    #[must_use]
    pub fn to_any(&self) -> Any {
        fn pack<M: Message + Name>(message: &M) -> Any {
            Any { type_url: M::type_url(), value: message.encode_to_vec() }
        }
        match self {
            Self::Basic(allowance) => pack(allowance),
            Self::Periodic(allowance) => pack(allowance),
            Self::AllowedMessages(allowance) => pack(allowance),
        }
    }

    /// Takes `fee` for messages of these kinds out of the allowance.
    pub fn accept(&mut self, context: &mut Context, fee: &Coins, kinds: &[String]) -> Result<Verdict> {
        match self {
            Self::Basic(allowance) => accept_basic(allowance, context.time(), fee),
            Self::Periodic(allowance) => accept_periodic(allowance, context.time(), fee),
            Self::AllowedMessages(allowance) => accept_messages(allowance, context, fee, kinds),
        }
    }

    /// `ValidateBasic`.
    pub fn validate(&self) -> Result<()> {
        match self {
            Self::Basic(allowance) => validate_basic(allowance),
            Self::Periodic(allowance) => validate_periodic(allowance),
            Self::AllowedMessages(allowance) => {
                if allowance.allowance.is_none() {
                    return Err(errors::NO_ALLOWANCE.wrap("allowance should not be empty"));
                }
                if allowance.allowed_messages.is_empty() {
                    return Err(errors::NO_MESSAGES.wrap("allowed messages shouldn't be empty"));
                }
                Self::from_any(allowance.allowance.as_ref())?.validate()
            }
        }
    }

    /// When it ends, if it does.
    pub fn expires_at(&self) -> Result<Option<Timestamp>> {
        let basic = match self {
            Self::Basic(allowance) => Some(allowance),
            Self::Periodic(allowance) => allowance.basic.as_ref(),
            Self::AllowedMessages(allowance) => {
                return Self::from_any(allowance.allowance.as_ref())?.expires_at();
            }
        };
        Ok(basic.and_then(expiration))
    }
}

/// Fills in the fields that Go always writes.
fn complete(mut allowance: PeriodicAllowance) -> PeriodicAllowance {
    allowance.basic.get_or_insert_with(BasicAllowance::default);
    allowance.period.get_or_insert_with(Duration::default);
    allowance.period_reset.get_or_insert_with(|| Timestamp::ZERO.into());
    allowance
}

fn expiration(basic: &BasicAllowance) -> Option<Timestamp> {
    basic.expiration.as_ref().map(Timestamp::from)
}

fn accept_basic(allowance: &mut BasicAllowance, now: Timestamp, fee: &Coins) -> Result<Verdict> {
    if expiration(allowance).is_some_and(|end| end < now) {
        return Ok(Verdict::refused(true, errors::FEE_LIMIT_EXPIRED.wrap("basic allowance")));
    }
    spend_limit(allowance, fee, "basic allowance")
}

/// Takes `fee` from the limit, if there is one.
fn spend_limit(allowance: &mut BasicAllowance, fee: &Coins, name: &str) -> Result<Verdict> {
    if allowance.spend_limit.is_empty() {
        return Ok(Verdict::paid(false));
    }
    let (left, negative) = coins_from_proto(&allowance.spend_limit)?.safe_sub(fee)?;
    if negative {
        return Ok(Verdict::refused(false, errors::FEE_LIMIT_EXCEEDED.wrap(name)));
    }
    allowance.spend_limit = coins_to_proto(&left);
    Ok(Verdict::paid(left.is_zero()))
}

fn accept_periodic(allowance: &mut PeriodicAllowance, now: Timestamp, fee: &Coins) -> Result<Verdict> {
    let mut basic = allowance.basic.clone().unwrap_or_default();
    if expiration(&basic).is_some_and(|end| now > end) {
        return Ok(Verdict::refused(true, errors::FEE_LIMIT_EXPIRED.wrap("absolute limit")));
    }
    reset_period(allowance, &basic, now)?;
    let (left, negative) = coins_from_proto(&allowance.period_can_spend)?.safe_sub(fee)?;
    if negative {
        return Ok(Verdict::refused(false, errors::FEE_LIMIT_EXCEEDED.wrap("period limit")));
    }
    allowance.period_can_spend = coins_to_proto(&left);
    let verdict = spend_limit(&mut basic, fee, "absolute limit")?;
    allowance.basic = Some(basic);
    Ok(verdict)
}

/// Once the period is over, gives it its sum again, but not more than what is left of the total.
fn reset_period(allowance: &mut PeriodicAllowance, basic: &BasicAllowance, now: Timestamp) -> Result<()> {
    let reset = allowance.period_reset.as_ref().map_or(Timestamp::ZERO, Timestamp::from);
    if now < reset {
        return Ok(());
    }
    let total = coins_from_proto(&basic.spend_limit)?;
    let (_, negative) = total.safe_sub(&coins_from_proto(&allowance.period_spend_limit)?)?;
    allowance.period_can_spend = if negative && !total.is_empty() {
        basic.spend_limit.clone()
    } else {
        allowance.period_spend_limit.clone()
    };
    let next = reset.plus(allowance.period.as_ref());
    let next = if now > next { now.plus(allowance.period.as_ref()) } else { next };
    allowance.period_reset = Some(next.into());
    Ok(())
}

fn accept_messages(
    allowance: &mut AllowedMsgAllowance,
    context: &mut Context,
    fee: &Coins,
    kinds: &[String],
) -> Result<Verdict> {
    for _ in &allowance.allowed_messages {
        context.consume_gas(GAS_PER_MESSAGE, GAS_LOCATION)?;
    }
    for kind in kinds {
        context.consume_gas(GAS_PER_MESSAGE, GAS_LOCATION)?;
        if !allowance.allowed_messages.iter().any(|allowed| allowed == kind.as_bytes()) {
            let why = errors::MESSAGE_NOT_ALLOWED.wrap("message does not exist in allowed messages");
            return Ok(Verdict::refused(false, why));
        }
    }
    let mut inner = match Allowance::from_any(allowance.allowance.as_ref()) {
        Ok(inner) => inner,
        Err(error) => return Ok(Verdict::refused(false, error)),
    };
    let verdict = inner.accept(context, fee, kinds)?;
    if verdict.outcome.is_ok() && !verdict.remove {
        allowance.allowance = Some(inner.to_any());
    }
    Ok(verdict)
}

fn validate_basic(allowance: &BasicAllowance) -> Result<()> {
    if !allowance.spend_limit.is_empty() {
        let limit = coins_from_proto(&allowance.spend_limit)?;
        if !limit.is_valid() {
            return Err(sdk::INVALID_COINS.wrap(format!("send amount is invalid: {limit}")));
        }
        if !limit.is_all_positive() {
            return Err(sdk::INVALID_COINS.wrap("spend limit must be positive"));
        }
    }
    if expiration(allowance).is_some_and(|end| end.seconds < 0) {
        return Err(errors::INVALID_DURATION.wrap("expiration time cannot be negative"));
    }
    Ok(())
}

fn validate_periodic(allowance: &PeriodicAllowance) -> Result<()> {
    let basic = allowance.basic.clone().unwrap_or_default();
    validate_basic(&basic)?;
    let limit = coins_from_proto(&allowance.period_spend_limit)?;
    if !limit.is_valid() {
        return Err(sdk::INVALID_COINS.wrap(format!("spend amount is invalid: {limit}")));
    }
    if !limit.is_all_positive() {
        return Err(sdk::INVALID_COINS.wrap("spend limit must be positive"));
    }
    let can_spend = coins_from_proto(&allowance.period_can_spend)?;
    if !can_spend.is_valid() {
        return Err(sdk::INVALID_COINS.wrap(format!("can spend amount is invalid: {can_spend}")));
    }
    if !basic.spend_limit.is_empty() && !limit.denoms_subset_of(&coins_from_proto(&basic.spend_limit)?) {
        return Err(
            sdk::INVALID_COINS.wrap("period spend limit has different currency than basic spend limit")
        );
    }
    if duration::nanos(allowance.period.as_ref()) < 0 {
        return Err(errors::INVALID_DURATION.wrap("negative clock step"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use iz_core::Coin;

    use super::*;
    use crate::testing;

    fn stake(amount: i64) -> Coins {
        Coins::from_list(vec![Coin::new("stake", amount)])
    }

    fn basic(limit: i64, end: Option<i64>) -> BasicAllowance {
        BasicAllowance {
            spend_limit: coins_to_proto(&stake(limit)),
            expiration: end.map(|seconds| Timestamp { seconds, nanos: 0 }.into()),
        }
    }

    #[test]
    fn a_basic_allowance_is_spent_and_then_removed() {
        let mut context = testing::context();
        let mut allowance = Allowance::Basic(basic(10, None));
        assert_eq!(allowance.accept(&mut context, &stake(4), &[]).unwrap(), Verdict::paid(false));
        let refused = allowance.accept(&mut context, &stake(7), &[]).unwrap();
        assert_eq!(refused.outcome.unwrap_err().log(), "basic allowance: fee limit exceeded");
        assert_eq!(allowance.accept(&mut context, &stake(6), &[]).unwrap(), Verdict::paid(true));
    }

    #[test]
    fn an_ended_allowance_is_removed_and_pays_nothing() {
        let mut context = testing::context();
        let mut allowance = Allowance::Basic(basic(10, Some(context.time().seconds - 1)));
        let verdict = allowance.accept(&mut context, &stake(1), &[]).unwrap();
        assert!(verdict.remove && verdict.outcome.is_err());
    }

    #[test]
    fn a_period_starts_again_with_its_sum_or_what_is_left() {
        let mut context = testing::context();
        let now = context.time();
        let mut allowance = Allowance::Periodic(PeriodicAllowance {
            basic: Some(basic(12, None)),
            period: Some(duration::seconds(10)),
            period_spend_limit: coins_to_proto(&stake(10)),
            period_can_spend: coins_to_proto(&stake(1)),
            period_reset: Some(now.plus_nanos(-5_000_000_000).into()),
        });
        assert_eq!(allowance.accept(&mut context, &stake(8), &[]).unwrap(), Verdict::paid(false));
        let Allowance::Periodic(inner) = &allowance else { panic!("kind changed") };
        assert_eq!(inner.period_can_spend, coins_to_proto(&stake(2)));
        assert_eq!(inner.period_reset, Some(now.plus_nanos(5_000_000_000).into()));
        let refused = allowance.accept(&mut context, &stake(3), &[]).unwrap();
        assert_eq!(refused.outcome.unwrap_err().log(), "period limit: fee limit exceeded");
    }

    #[test]
    fn only_allowed_messages_are_paid_for_and_each_look_costs_gas() {
        let mut context = testing::context();
        let mut allowance = Allowance::AllowedMessages(AllowedMsgAllowance {
            allowance: Some(Allowance::Basic(basic(10, None)).to_any()),
            allowed_messages: vec!["/a".into(), "/b".into()],
        });
        let (verdict, gas) = testing::gas_of(&mut context, |context| {
            allowance.accept(context, &stake(1), &["/b".to_owned()]).unwrap()
        });
        assert_eq!((verdict, gas), (Verdict::paid(false), 30));
        let refused = allowance.accept(&mut context, &stake(1), &["/c".to_owned()]).unwrap();
        assert_eq!(refused.outcome.unwrap_err().code(), 7);
    }

    #[test]
    fn unpacking_fills_in_what_go_always_writes() {
        let any = Any { type_url: PeriodicAllowance::type_url(), value: Vec::new() };
        let packed = Allowance::from_any(Some(&any)).unwrap().to_any();
        let expected = [
            &[0x0a, 0, 0x12, 0, 0x2a, 11, 0x08][..],
            &[0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 1],
        ];
        assert_eq!(packed.value, expected.concat());
        let wrong = Any { type_url: "/cosmos.bank.v1beta1.MsgSend".into(), value: Vec::new() };
        assert_eq!(Allowance::from_any(Some(&wrong)).unwrap_err().code(), 5);
    }
}
