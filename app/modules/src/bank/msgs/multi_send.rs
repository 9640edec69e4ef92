//! Coins from the signer to several others.

use iz_core::{Address, Coins, Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::{
    bank::v1beta1::{MsgMultiSend, MsgMultiSendResponse},
    base::v1beta1::Coin,
};

use crate::{
    Here,
    auth::keeper as accounts,
    bank::{errors, events, params, send},
    convert::coins_from_proto,
    module_accounts,
};

/// One side of the transfer, checked.
struct Party<'m> {
    text: &'m str,
    address: Address,
    coins: Coins,
}

impl Execute<Here> for MsgMultiSend {
    type Response = MsgMultiSendResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        self.inputs.iter().map(|input| Signer::Account(&input.address)).collect()
    }

    fn execute(&self, context: &mut Context) -> Result<MsgMultiSendResponse> {
        let input = match &*self.inputs {
            [] => return Err((&errors::NO_INPUTS).into()),
            [input] => input,
            _ => return Err((&errors::MULTIPLE_SENDERS).into()),
        };
        if self.outputs.is_empty() {
            return Err((&errors::NO_OUTPUTS).into());
        }
        let input = party(context, &input.address, &input.coins, "input")?;
        let outputs = self.outputs.iter();
        let outputs = outputs.map(|output| party(context, &output.address, &output.coins, "output"));
        let outputs = outputs.collect::<Result<Vec<_>>>()?;
        let mut total = Coins::empty();
        for output in &outputs {
            total = total.add(&output.coins)?;
        }
        if total != input.coins {
            return Err((&errors::INPUT_OUTPUT_MISMATCH).into());
        }
        params::require_send_enabled(context, &input.coins)?;
        if let Some(blocked) = outputs.iter().find(|output| module_accounts::is_blocked(&output.address)) {
            return Err(sdk::UNAUTHORIZED.wrap(format!("{} is not allowed to receive funds", blocked.text)));
        }
        transfer(context, &input, &outputs)?;
        Ok(MsgMultiSendResponse {})
    }
}

fn party<'m>(context: &Context, text: &'m str, coins: &[Coin], which: &str) -> Result<Party<'m>> {
    let address = context.addresses().parse_account(text);
    let address =
        address.map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid {which} address: {error}")))?;
    let coins = coins_from_proto(coins)?;
    if !coins.is_valid() || !coins.is_all_positive() {
        return Err(sdk::INVALID_COINS.wrap(coins));
    }
    Ok(Party { text, address, coins })
}

/// `InputOutputCoins`, whose own check of both sides is the one above.
fn transfer(context: &mut Context, input: &Party<'_>, outputs: &[Party<'_>]) -> Result<()> {
    context.emit(events::message(input.text.to_owned()));
    for output in outputs {
        accounts::ensure_account(context, &output.address)?;
    }
    send::sub_unlocked_coins(context, &input.address, &input.coins)?;
    for output in outputs {
        send::add_coins(context, &output.address, &output.coins)?;
        context.emit(events::transfer(
            output.text.to_owned(),
            input.text.to_owned(),
            output.coins.to_string(),
        ));
    }
    Ok(())
}
