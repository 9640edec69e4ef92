//! A packet of the second version, over a client. No client of this chain has a counterparty.

use iz_core::{Chain, Context, Execute, Result, Signer};
use iz_proto::ibc::core::channel::v2::{MsgSendPacket, MsgSendPacketResponse, Payload};

use crate::{
    Here,
    ibc::{errors, identifiers, packets},
};

impl Execute<Here> for MsgSendPacket {
    type Response = MsgSendPacketResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.signer)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        identifiers::validate_client(&self.source_client)?;
        packets::require_timeout(self.timeout_timestamp)?;
        let [payload] = &self.payloads[..] else {
            let text = format!("payloads must be of length 1, got {} instead", self.payloads.len());
            return Err(errors::INVALID_PAYLOAD.wrap(text));
        };
        validate(payload)?;
        identifiers::validate_signer(chain, &self.signer)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        packets::send(context, &self.source_client)
    }
}

fn validate(payload: &Payload) -> Result<()> {
    identifiers::validate_port(&payload.source_port).map_err(|error| error.wrap("invalid source port ID"))?;
    identifiers::validate_port(&payload.destination_port)
        .map_err(|error| error.wrap("invalid destination port ID"))?;
    let empty = |what: &str| errors::INVALID_PAYLOAD.wrap(format!("payload {what} cannot be empty"));
    if payload.version.trim().is_empty() {
        return Err(empty("version"));
    }
    if payload.encoding.trim().is_empty() {
        return Err(empty("encoding"));
    }
    if payload.value.is_empty() {
        return Err(empty("value"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use iz_proto::Any;
    use prost::{Message, Name};

    use super::*;
    use crate::{router, testing};

    fn message(context: &Context) -> MsgSendPacket {
        let payload = Payload {
            source_port: "transfer".into(),
            destination_port: "transfer".into(),
            version: "ics20-1".into(),
            encoding: "application/json".into(),
            value: b"{}".to_vec(),
        };
        MsgSendPacket {
            source_client: "07-tendermint-0".into(),
            timeout_timestamp: 1,
            payloads: vec![payload],
            signer: context.addresses().account(&testing::account(1)),
        }
    }

    fn refused(context: &mut Context, message: &MsgSendPacket) -> (&'static str, u32) {
        let any = Any { type_url: MsgSendPacket::type_url(), value: message.encode_to_vec() };
        let error = router::dispatch(context, &any).unwrap_err();
        (error.codespace(), error.code())
    }

    #[test]
    fn no_client_has_a_counterparty_and_bad_messages_do_not_get_that_far() {
        let mut context = testing::context();
        let good = message(&context);
        assert_eq!(refused(&mut context, &good), ("clientv2", 35));
        let spoil = |change: fn(&mut MsgSendPacket)| {
            let mut bad = good.clone();
            change(&mut bad);
            bad
        };
        let cases = [
            (spoil(|m| m.source_client = "abc".into()), ("host", 2)),
            (spoil(|m| m.timeout_timestamp = 0), ("channelv2", 8)),
            (spoil(|m| m.payloads.clear()), ("channelv2", 3)),
            (spoil(|m| m.payloads[0].source_port = "x".into()), ("host", 2)),
            (spoil(|m| m.payloads[0].version = " ".into()), ("channelv2", 3)),
            (spoil(|m| m.payloads[0].encoding.clear()), ("channelv2", 3)),
            (spoil(|m| m.payloads[0].value.clear()), ("channelv2", 3)),
            (spoil(|m| m.signer = "nobody".into()), ("ibc", 5)),
        ];
        for (bad, expected) in cases {
            assert_eq!(refused(&mut context, &bad), expected, "{bad:?}");
        }
    }
}
