//! Sending coins for another: a limit that shrinks, and perhaps a list of who may get them.

use std::collections::BTreeSet;

use iz_core::{Coin, Coins, Context, Message, Registered, Result, errors::sdk};
use iz_proto::cosmos::{bank::v1beta1::MsgSend, base::v1beta1 as wire};
use prost::Name;

use super::types::{Acceptance, Authorization};
use crate::convert::{coin_from_proto, coins_from_proto};

/// What a look at one allowed address costs.
const GAS_PER_ADDRESS: u64 = 10;

/// The bank module's error for a list that names somebody twice.
static DUPLICATE_ENTRY: Registered = Registered::new("bank", 8, "duplicate entry");

/// `cosmos.bank.v1beta1.SendAuthorization` with bytes for texts: Go looks at none of them when it takes a grant, and writes all of them
/// again when some of it is used.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SendAuthorization {
    #[prost(message, repeated, tag = "1")]
    pub spend_limit: Vec<LimitCoin>,
    #[prost(bytes = "vec", repeated, tag = "2")]
    pub allow_list: Vec<Vec<u8>>,
}

impl Name for SendAuthorization {
    const PACKAGE: &'static str = "cosmos.bank.v1beta1";
    const NAME: &'static str = "SendAuthorization";
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct LimitCoin {
    #[prost(bytes = "vec", tag = "1")]
    pub denom: Vec<u8>,
    #[prost(string, tag = "2")]
    pub amount: String,
}

impl LimitCoin {
    /// The coin with a character for each byte of its denomination: so they stay different, and in their order, whatever they are.
    fn read(&self) -> Result<Coin> {
        let denom = byte_for_byte(&self.denom);
        coin_from_proto(&wire::Coin { denom, amount: self.amount.clone() })
    }

    fn write(coin: &Coin) -> Self {
        // only what came from bytes is in here, so no character is lost
        let denom = coin.denom.chars().filter_map(|character| u8::try_from(character).ok()).collect();
        Self { denom, amount: coin.amount.to_string() }
    }
}

fn byte_for_byte(text: &[u8]) -> String {
    text.iter().map(|byte| char::from(*byte)).collect()
}

impl SendAuthorization {
    fn limit(&self) -> Result<Coins> {
        self.spend_limit.iter().map(LimitCoin::read).collect::<Result<_>>().map(Coins::from_list)
    }
}

pub fn message_kind() -> String {
    MsgSend::type_url()
}

pub fn validate(authorization: &SendAuthorization) -> Result<()> {
    if authorization.spend_limit.is_empty() {
        return Err(sdk::INVALID_COINS.wrap("spend limit cannot be nil"));
    }
    if !authorization.limit()?.is_all_positive() {
        return Err(sdk::INVALID_COINS.wrap("spend limit must be positive"));
    }
    let mut seen = BTreeSet::new();
    if authorization.allow_list.iter().all(|address| seen.insert(address)) {
        Ok(())
    } else {
        Err((&DUPLICATE_ENTRY).into())
    }
}

pub fn accept(
    authorization: &SendAuthorization,
    context: &mut Context,
    message: &dyn Message,
) -> Result<Acceptance> {
    let Some(send) = message.as_any().downcast_ref::<MsgSend>() else {
        return Err(sdk::INVALID_TYPE.wrap("type mismatch"));
    };
    // what is subtracted has valid denominations, which are the same in both writings
    let (left, negative) = authorization.limit()?.safe_sub(&coins_from_proto(&send.amount)?)?;
    if negative {
        return Err(sdk::INSUFFICIENT_FUNDS.wrap("requested amount is more than spend limit"));
    }
    let mut found = authorization.allow_list.is_empty();
    for address in &authorization.allow_list {
        context.consume_gas(GAS_PER_ADDRESS, "send authorization")?;
        if *address == send.to_address.as_bytes() {
            found = true;
            break;
        }
    }
    if !found {
        return Err(sdk::UNAUTHORIZED.wrap(format!("cannot send to {} address", send.to_address)));
    }
    if left.is_zero() {
        return Ok(Acceptance::Delete);
    }
    Ok(Acceptance::Update(Authorization::Send(SendAuthorization {
        spend_limit: left.iter().map(LimitCoin::write).collect(),
        allow_list: authorization.allow_list.clone(),
    })))
}

#[cfg(test)]
mod tests {
    use iz_proto::Any;
    use prost::Message as _;

    use super::*;

    /// Go keeps what is no UTF-8, and so it has to be there when the rest of the grant is written again.
    #[test]
    fn what_is_left_of_a_grant_has_every_text_byte_for_byte() {
        let coin =
            |denom: &[u8], amount: &str| LimitCoin { denom: denom.to_vec(), amount: amount.to_owned() };
        let odd = b"wasm1\xff\x80\xc3".to_vec();
        let limit = |stake| vec![coin(b"stake", stake), coin(b"\xc3\x28", "4"), coin(b"\xff", "5")];
        let grant =
            SendAuthorization { spend_limit: limit("10"), allow_list: vec![odd, b"wasm1bob".to_vec()] };
        let read = SendAuthorization::decode(&*grant.encode_to_vec()).unwrap();
        validate(&read).unwrap();
        let amount = vec![wire::Coin { denom: "stake".to_owned(), amount: "3".to_owned() }];
        let send = MsgSend { to_address: "wasm1bob".to_owned(), amount, ..MsgSend::default() };
        let mut context = crate::testing::context();
        let packed = Any { type_url: MsgSend::type_url(), value: send.encode_to_vec() };
        let send = context.chain.router.decode(&packed).unwrap().unwrap();
        let left = accept(&read, &mut context, &*send).unwrap();
        let Acceptance::Update(Authorization::Send(left)) = left else { panic!("nothing is left") };
        assert_eq!((left.spend_limit, left.allow_list), (limit("7"), grant.allow_list));
    }

    #[test]
    fn it_is_the_message_of_the_sdk() {
        let theirs = iz_proto::cosmos::bank::v1beta1::SendAuthorization {
            spend_limit: vec![wire::Coin { denom: "stake".to_owned(), amount: "3".to_owned() }],
            allow_list: vec![b"wasm1bob".to_vec()],
        };
        let ours = SendAuthorization::decode(&*theirs.encode_to_vec()).unwrap();
        assert_eq!(ours.encode_to_vec(), theirs.encode_to_vec());
        assert_eq!(
            SendAuthorization::type_url(),
            iz_proto::cosmos::bank::v1beta1::SendAuthorization::type_url()
        );
    }
}
