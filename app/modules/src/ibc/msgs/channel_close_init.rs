//! The end of a channel, as one of its ends wants it. Only contracts may close theirs, and no channel is there.

use iz_core::{Chain, Context, Error, Execute, Result, Signer};
use iz_proto::ibc::core::channel::v1::{MsgChannelCloseInit, MsgChannelCloseInitResponse};

use crate::{
    Here,
    ibc::{errors, identifiers, packets},
};

/// Modules with ports of their own, in the order in which they are looked for in a port's name; all of them keep their channels open.
const MODULES: [&str; 4] = ["icacontroller", "icahost", "transfer", "wasm"];
const CONTRACTS: &str = "wasm";

impl Execute<Here> for MsgChannelCloseInit {
    type Response = MsgChannelCloseInitResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.signer)]
    }

    fn validate_basic(&self, chain: &Chain) -> Result<()> {
        identifiers::validate_port(&self.port_id).map_err(|error| error.wrap("invalid port ID"))?;
        if !identifiers::is_channel(&self.channel_id) {
            return Err(Error::from(&errors::INVALID_CHANNEL_IDENTIFIER));
        }
        identifiers::validate_signer(chain, &self.signer)
    }

    fn execute(&self, context: &mut Context) -> Result<Self::Response> {
        let port = &self.port_id;
        let Some(module) = MODULES.iter().find(|module| port.contains(**module)) else {
            return Err(errors::INVALID_ROUTE.wrap(format!("route not found to portID: {port}")));
        };
        let refused = |error: Error| {
            let channel = &self.channel_id;
            error.wrap(format!(
                "channel close init callback failed for port ID: {port}, channel ID: {channel}"
            ))
        };
        if *module != CONTRACTS {
            return Err(refused(errors::INVALID_REQUEST.wrap("user cannot close channel")));
        }
        let Some(contract) = port.strip_prefix("wasm.") else {
            return Err(refused(
                errors::INVALID_CONTRACT_PORT.wrap("without prefix").wrap("contract port id"),
            ));
        };
        context
            .addresses()
            .parse_account(contract)
            .map_err(|error| refused(error.wrap("contract port id")))?;
        packets::require_channel(context, port, &self.channel_id).map_err(refused)
    }
}

#[cfg(test)]
mod tests {
    use iz_proto::Any;
    use prost::{Message, Name};

    use super::*;
    use crate::{router, testing};

    #[test]
    fn nothing_can_be_closed_and_the_port_says_why() {
        let mut context = testing::context();
        let signer = context.addresses().account(&testing::account(1));
        let contract = format!("wasm.{signer}");
        for (port, channel, expected) in [
            (contract.as_str(), "channel-0", ("channel", 3)),
            (&contract, "channel-x", ("channel", 18)),
            ("p", "channel-0", ("host", 2)),
            ("transfer", "channel-0", ("ibc", 8)),
            ("icahost", "channel-0", ("ibc", 8)),
            ("icacontroller-somebody", "channel-0", ("ibc", 8)),
            ("nothing", "channel-0", ("port", 5)),
            ("wasm", "channel-0", ("wasm", 14)),
            ("wasm.nobody", "channel-0", ("undefined", 1)),
        ] {
            let message = MsgChannelCloseInit {
                port_id: port.into(),
                channel_id: channel.into(),
                signer: signer.clone(),
            };
            let any = Any { type_url: MsgChannelCloseInit::type_url(), value: message.encode_to_vec() };
            let error = router::dispatch(&mut context, &any).unwrap_err();
            assert_eq!((error.codespace(), error.code()), expected, "{port} {channel}");
        }
    }
}
