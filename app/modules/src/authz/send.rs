//! Sending coins for another: a limit that shrinks, and perhaps a list of who may get them.

use std::collections::BTreeSet;

use iz_core::{Context, Message, Registered, Result, errors::sdk};
use iz_proto::cosmos::bank::v1beta1::{MsgSend, SendAuthorization};
use prost::Name;

use super::types::{Acceptance, Authorization};
use crate::convert::{coins_from_proto, coins_to_proto};

/// What a look at one allowed address costs.
const GAS_PER_ADDRESS: u64 = 10;

/// The bank module's error for a list that names somebody twice.
static DUPLICATE_ENTRY: Registered = Registered::new("bank", 8, "duplicate entry");

pub fn message_kind() -> String {
    MsgSend::type_url()
}

pub fn validate(authorization: &SendAuthorization) -> Result<()> {
    if authorization.spend_limit.is_empty() {
        return Err(sdk::INVALID_COINS.wrap("spend limit cannot be nil"));
    }
    if !coins_from_proto(&authorization.spend_limit)?.is_all_positive() {
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
    let limit = coins_from_proto(&authorization.spend_limit)?;
    let (left, negative) = limit.safe_sub(&coins_from_proto(&send.amount)?)?;
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
        spend_limit: coins_to_proto(&left),
        allow_list: authorization.allow_list.clone(),
    })))
}

#[cfg(test)]
mod tests {
    use iz_proto::{Any, cosmos::base::v1beta1::Coin};
    use prost::Message as _;

    use super::*;

    /// Go keeps in the list what is no UTF-8, and so it has to be there when the rest of the grant is written again.
    #[test]
    fn what_is_left_of_a_grant_has_the_list_byte_for_byte() {
        let coins = |amount: &str| vec![Coin { denom: "stake".to_owned(), amount: amount.to_owned() }];
        let odd = b"wasm1\xff\x80\xc3".to_vec();
        let grant =
            SendAuthorization { spend_limit: coins("10"), allow_list: vec![odd, b"wasm1bob".to_vec()] };
        let read = SendAuthorization::decode(&*grant.encode_to_vec()).unwrap();
        let send = MsgSend { to_address: "wasm1bob".to_owned(), amount: coins("3"), ..MsgSend::default() };
        let mut context = crate::testing::context();
        let packed = Any { type_url: MsgSend::type_url(), value: send.encode_to_vec() };
        let send = context.chain.router.decode(&packed).unwrap().unwrap();
        let left = accept(&read, &mut context, &*send).unwrap();
        let Acceptance::Update(Authorization::Send(left)) = left else { panic!("nothing is left") };
        assert_eq!((left.spend_limit, left.allow_list), (coins("7"), grant.allow_list));
    }
}
