//! Coins from the signer to somebody else.

use iz_core::{Address, Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::bank::v1beta1::{MsgSend, MsgSendResponse};

use crate::{
    Here,
    bank::{params, send},
    convert::coins_from_proto,
    module_accounts,
};

impl Execute<Here> for MsgSend {
    type Response = MsgSendResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.from_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgSendResponse> {
        let from = parse(context, &self.from_address, "from")?;
        let to = parse(context, &self.to_address, "to")?;
        let amount = coins_from_proto(&self.amount)?;
        if !amount.is_valid() || !amount.is_all_positive() {
            return Err(sdk::INVALID_COINS.wrap(amount));
        }
        params::require_send_enabled(context, &amount)?;
        if module_accounts::is_blocked(&to) {
            let text = &self.to_address;
            return Err(sdk::UNAUTHORIZED.wrap(format!("{text} is not allowed to receive funds")));
        }
        send::send_coins(context, &from, &to, &amount)?;
        Ok(MsgSendResponse {})
    }
}

fn parse(context: &Context, text: &str, which: &str) -> Result<Address> {
    let parsed = context.addresses().parse_account(text);
    parsed.map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid {which} address: {error}")))
}

#[cfg(test)]
mod tests {
    use iz_core::{Coin, Coins};
    use iz_proto::{
        Any,
        cosmos::{auth::v1beta1::BaseAccount, crypto::secp256k1},
    };
    use prost::{Message, Name};

    use super::*;
    use crate::{
        auth::{
            keeper as accounts,
            types::{Account, Kind},
        },
        bank::{balances, keeper as bank, params},
        convert::coins_to_proto,
        router, testing,
    };

    fn stake(amount: i64) -> Coins {
        Coins::one(Coin::new("stake", amount))
    }

    /// A stored account that has signed before, as large as the one of the measured transaction.
    fn signer(context: &mut Context, byte: u8, number: u64) -> Address {
        let address = testing::account(byte);
        let key = secp256k1::PubKey { key: vec![2; 33] };
        let base = BaseAccount {
            address: context.addresses().account(&address),
            pub_key: Some(Any { type_url: secp256k1::PubKey::type_url(), value: key.encode_to_vec() }),
            account_number: number,
            sequence: 1,
        };
        accounts::set_account(context, &address, &Account { base, kind: Kind::Base }).unwrap();
        address
    }

    fn chain() -> (Context, Address, Address) {
        let mut context = testing::context();
        params::set(&mut context, &params::with_default(true)).unwrap();
        let (from, to) = (signer(&mut context, 1, 1), signer(&mut context, 2, 2));
        balances::write_balance(&mut context, &from, "stake", 499_999_999_000_i64.into()).unwrap();
        balances::write_balance(&mut context, &to, "stake", 1_000.into()).unwrap();
        (context, from, to)
    }

    fn message(context: &Context, from: &Address, to: &Address, amount: i64) -> Any {
        let message = MsgSend {
            from_address: context.addresses().account(from),
            to_address: context.addresses().account(to),
            amount: coins_to_proto(&stake(amount)),
        };
        Any { type_url: MsgSend::type_url(), value: message.encode_to_vec() }
    }

    #[test]
    fn a_send_costs_what_it_was_measured_to_cost_on_wasmd() {
        let (mut context, from, to) = chain();
        let message = message(&context, &from, &to, 500);
        let (result, gas) = testing::gas_of(&mut context, |context| router::dispatch(context, &message));
        let (response, events) = result.unwrap();
        assert_eq!(response.type_url, "/cosmos.bank.v1beta1.MsgSendResponse");
        let transfer = 1534 + 1117 + 2840 + 3170 + 1093 + 2840 + 2930 + 1000;
        assert_eq!(gas, 1000 + 1000 + 1009 + transfer);
        let kinds: Vec<_> = events.iter().map(|event| &*event.kind).collect();
        assert_eq!(kinds, ["coin_spent", "coin_received", "transfer", "message"]);
        assert_eq!(events[2].attribute("amount"), Some("500stake"));
        assert_eq!(bank::balance(&mut context, &to, "stake").unwrap(), 1_500.into());
    }

    #[test]
    fn a_fee_costs_what_it_was_measured_to_cost_on_wasmd() {
        let (mut context, from, _) = chain();
        // zero to two are taken
        for _ in 0..3 {
            accounts::next_account_number(&mut context).unwrap();
        }
        accounts::module_account(&mut context, "fee_collector").unwrap();
        let (result, gas) = testing::gas_of(&mut context, |context| {
            bank::send_coins_from_account_to_module(context, &from, "fee_collector", &stake(2000))
        });
        result.unwrap();
        assert_eq!(gas, 1369 + 1534 + 1117 + 2840 + 3170 + 1081 + 2840 + 2930 + 1000);
    }

    #[test]
    fn a_changed_account_costs_what_it_was_measured_to_cost_on_wasmd() {
        let (mut context, from, _) = chain();
        let mut account = accounts::account(&mut context, &from).unwrap().unwrap();
        account.base.sequence += 1;
        let (result, gas) =
            testing::gas_of(&mut context, |context| accounts::set_account(context, &from, &account));
        result.unwrap();
        assert_eq!(gas, 1534 + 1000 + 1000 + 3230 + 7340);
    }

    #[test]
    fn too_much_and_module_accounts_are_refused() {
        let (mut context, from, to) = chain();
        let too_much = message(&context, &to, &from, 1_001);
        let error = router::dispatch(&mut context, &too_much).unwrap_err();
        assert_eq!((error.codespace(), error.code()), ("sdk", 5));
        assert_eq!(error.log(), "spendable balance 1000stake is smaller than 1001stake: insufficient funds");
        let blocked = message(&context, &from, &Address::module("mint"), 1);
        let error = router::dispatch(&mut context, &blocked).unwrap_err();
        assert_eq!((error.codespace(), error.code()), ("sdk", 4));
        let gov = message(&context, &from, &Address::module("gov"), 1);
        router::dispatch(&mut context, &gov).unwrap();
        assert!(context.events().is_empty());
    }
}
