//! Coins to another chain. There is no channel and no client to send them over, so a transfer ends where its packet would be sent.

use iz_core::{Chain, Coin, Context, Error, Execute, Int, Result, Signer, coin::validate_denom};
use iz_proto::ibc::{
    applications::transfer::v1::{MsgTransfer, MsgTransferResponse},
    core::channel::v2::MsgSendPacket,
};
use prost::Name;

use crate::{
    Here,
    bank::keeper as bank,
    circuit,
    convert::coin_from_proto,
    ibc::{self, identifiers, packets},
    transfer::{denom, errors, keeper},
};

const MAX_RECEIVER: usize = 2048;
const MAX_MEMO: usize = 32768;
/// How packets may be written; the first is what an empty name means.
const ENCODINGS: [&str; 3] = ["application/json", "application/x-protobuf", "application/x-solidity-abi"];
/// What denominations of other chains begin with here.
const FOREIGN: &str = "ibc";

impl Execute<Here> for MsgTransfer {
    type Response = MsgTransferResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.sender)]
    }

    fn validate_basic(&self, _chain: &Chain) -> Result<()> {
        identifiers::validate_port(&self.source_port)
            .map_err(|error| error.wrap(format!("invalid source port ID {}", self.source_port)))?;
        identifiers::validate_channel(&self.source_channel)
            .map_err(|error| error.wrap(format!("invalid source channel ID {}", self.source_channel)))?;
        // a missing amount is no panic here: Go asks whether it is there
        token(self).and_then(|coin| validate_token(&coin)).map_err(|_| {
            let token = self.token.clone().unwrap_or_default();
            ibc::INVALID_COINS.wrap(format!("{}{}", token.amount, token.denom))
        })?;
        if self.sender.trim().is_empty() {
            return Err(ibc::INVALID_ADDRESS.wrap("missing sender address"));
        }
        if self.receiver.trim().is_empty() {
            return Err(ibc::INVALID_ADDRESS.wrap("missing recipient address"));
        }
        if self.receiver.len() > MAX_RECEIVER {
            let text = format!("recipient address must not exceed {MAX_RECEIVER} bytes");
            return Err(ibc::INVALID_ADDRESS.wrap(text));
        }
        if self.memo.len() > MAX_MEMO {
            return Err(errors::INVALID_MEMO.wrap(format!("memo must not exceed {MAX_MEMO} bytes")));
        }
        Ok(())
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        if !keeper::params(context)?.send_enabled {
            return Err(Error::from(&errors::SEND_DISABLED));
        }
        let sender = context.addresses().parse_account(&self.sender)?;
        let mut coin = token(self)?;
        if coin.amount == everything()? {
            coin.amount = bank::spendable_coin(context, &sender, &coin.denom)?;
            if coin.amount.is_zero() {
                let text = format!("empty spendable balance for {}", coin.denom);
                return Err(errors::INVALID_AMOUNT.wrap(text));
            }
        }
        let path = match coin.denom.strip_prefix(FOREIGN).and_then(|rest| rest.strip_prefix('/')) {
            Some(hash) => denom::path(&known(context, hash)?),
            None => coin.denom.clone(),
        };
        denom::validate(&denom::from_path(&path))
            .map_err(|error| error.wrap("failed to validate ics20-1 packet data"))?;
        // with a channel of this name the packet would be one of the first version
        packets::look_for_channel(context, &self.source_port, &self.source_channel)?;
        if !self.encoding.is_empty() && !ENCODINGS.contains(&self.encoding.as_str()) {
            return Err(ibc::INVALID_TYPE.wrap(format!("invalid encoding provided, got {}", self.encoding)));
        }
        // the packet is a message of its own to Go
        packets::require_timeout(self.timeout_timestamp)?;
        let url = MsgSendPacket::type_url();
        if !circuit::is_allowed(context, &url)? {
            return Err(Error::plain(format!("circuit breaker disables execution of this message: {url}")));
        }
        packets::send(context, &self.source_channel)
    }
}

fn token(message: &MsgTransfer) -> Result<Coin> {
    coin_from_proto(&message.token.clone().unwrap_or_default())
}

/// `UnboundedSpendLimit`: the largest number there is stands for all one has.
fn everything() -> Result<Int> {
    "115792089237316195423570985008687907853269984665640564039457584007913129639935".parse()
}

/// `validateIBCCoin`.
fn validate_token(coin: &Coin) -> Result<()> {
    coin.validate()?;
    if !coin.amount.is_positive() {
        return Err(errors::INVALID_AMOUNT.wrap("amount must be positive"));
    }
    validate_denom(&coin.denom)?;
    if coin.denom == FOREIGN {
        return Err(
            errors::INVALID_DENOM.wrap("denomination should be prefixed with the format 'ibc/{hash}'")
        );
    }
    match coin.denom.split_once('/') {
        Some((FOREIGN, hash)) => parse_hash(hash).map(|_| ()),
        _ => Ok(()),
    }
}

/// The hash of a denomination of another chain.
fn parse_hash(text: &str) -> Result<Vec<u8>> {
    let hash = hex::decode(text).map_err(|error| errors::INVALID_DENOM.wrap(error))?;
    if hash.len() != 32 {
        return Err(
            errors::INVALID_DENOM.wrap(format!("expected size to be 32 bytes, got {} bytes", hash.len()))
        );
    }
    Ok(hash)
}

fn known(context: &mut Context, hash: &str) -> Result<iz_proto::ibc::applications::transfer::v1::Denom> {
    let denom = keeper::denom(context, &parse_hash(hash)?)?;
    denom.ok_or_else(|| errors::DENOM_NOT_FOUND.wrap(hash))
}

#[cfg(test)]
mod tests {
    use iz_proto::{
        Any,
        cosmos::base::v1beta1,
        ibc::applications::transfer::v1::{Denom, Hop, Params},
    };
    use prost::Message;

    use super::*;
    use crate::{router, testing};

    fn chain() -> Context {
        let mut context = testing::context();
        let params = Params { send_enabled: true, receive_enabled: true };
        keeper::set_params(&mut context, &params).unwrap();
        context
    }

    fn message(context: &Context) -> MsgTransfer {
        MsgTransfer {
            source_port: "transfer".into(),
            source_channel: "channel-0".into(),
            token: Some(v1beta1::Coin { denom: "stake".into(), amount: "5".into() }),
            sender: context.addresses().account(&testing::account(1)),
            receiver: "somebody".into(),
            timeout_timestamp: 1,
            ..MsgTransfer::default()
        }
    }

    fn refused(context: &mut Context, message: &MsgTransfer) -> (&'static str, u32) {
        let any = Any { type_url: MsgTransfer::type_url(), value: message.encode_to_vec() };
        let error = router::dispatch(context, &any).unwrap_err();
        (error.codespace(), error.code())
    }

    #[test]
    fn a_transfer_finds_no_client_and_what_is_wrong_with_it_comes_first() {
        let mut context = chain();
        let good = message(&context);
        assert_eq!(refused(&mut context, &good), ("clientv2", 35));
        let denom = |denom: &str| {
            let mut changed = good.clone();
            changed.token = Some(v1beta1::Coin { denom: denom.into(), amount: "5".into() });
            changed
        };
        let spoil = |change: fn(&mut MsgTransfer)| {
            let mut bad = good.clone();
            change(&mut bad);
            bad
        };
        let cases = [
            (spoil(|m| m.source_port.clear()), ("host", 2)),
            (spoil(|m| m.source_channel = "c".into()), ("host", 2)),
            (spoil(|m| m.token = None), ("ibc", 6)),
            (spoil(|m| m.token.as_mut().unwrap().amount = "0".into()), ("ibc", 6)),
            (denom("!"), ("ibc", 6)),
            (denom("ibc"), ("ibc", 6)),
            (denom("ibc/00"), ("ibc", 6)),
            (denom("transfer/channel-0/"), ("transfer", 3)),
            (denom("a/channel-0/stake"), ("host", 2)),
            (denom(&format!("ibc/{}", "0".repeat(64))), ("transfer", 6)),
            (spoil(|m| m.receiver = " ".into()), ("ibc", 5)),
            (spoil(|m| m.receiver = "r".repeat(2049)), ("ibc", 5)),
            (spoil(|m| m.memo = "m".repeat(32769)), ("transfer", 11)),
            (spoil(|m| m.timeout_timestamp = 0), ("channelv2", 8)),
            (spoil(|m| m.encoding = "text/plain".into()), ("ibc", 12)),
            (spoil(|m| m.encoding = "application/x-protobuf".into()), ("clientv2", 35)),
        ];
        for (bad, expected) in cases {
            assert_eq!(refused(&mut context, &bad), expected, "{bad:?}");
        }
        let mut all = good.clone();
        all.token.as_mut().unwrap().amount = everything().unwrap().to_string();
        assert_eq!(refused(&mut context, &all), ("transfer", 5));
        keeper::set_params(&mut context, &Params::default()).unwrap();
        assert_eq!(refused(&mut context, &good), ("transfer", 7));
    }

    #[test]
    fn a_denomination_of_another_chain_is_known_by_its_hash() {
        let mut context = chain();
        let trace = vec![Hop { port_id: "transfer".into(), channel_id: "channel-0".into() }];
        let atom = Denom { base: "uatom".into(), trace };
        keeper::set_denom(&mut context, &atom).unwrap();
        let mut message = message(&context);
        message.token = Some(v1beta1::Coin { denom: denom::short_name(&atom), amount: "5".into() });
        assert_eq!(refused(&mut context, &message), ("clientv2", 35));
    }
}
