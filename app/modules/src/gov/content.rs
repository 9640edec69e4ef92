//! Legacy contents: proposals from before proposals carried messages. Only texts still have a handler, which does nothing.

use iz_core::{Result, errors::sdk};
use iz_proto::{
    Any,
    cosmos::{gov::v1beta1::TextProposal, upgrade::v1beta1::SoftwareUpgradeProposal},
    foreign_text,
};
use prost::Name;

use super::errors;
use crate::upgrade;

const MAX_TITLE: usize = 140;
const MAX_DESCRIPTION: usize = 10_000;

/// The route whose handler takes texts.
const TEXT_ROUTE: &str = "gov";

/// A kind of content: its message, its route and the name of its type. Types that are not registered are refused on submission.
struct Kind {
    message: &'static str,
    route: &'static str,
    name: &'static str,
    registered: bool,
}

const fn kind(message: &'static str, route: &'static str, name: &'static str) -> Kind {
    Kind { message, route, name, registered: true }
}

const fn unregistered(message: &'static str, route: &'static str, name: &'static str) -> Kind {
    Kind { message, route, name, registered: false }
}

const KINDS: [Kind; 18] = [
    kind("cosmos.gov.v1beta1.TextProposal", TEXT_ROUTE, "Text"),
    kind("cosmos.upgrade.v1beta1.SoftwareUpgradeProposal", "upgrade", "SoftwareUpgrade"),
    kind("cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal", "upgrade", "CancelSoftwareUpgrade"),
    unregistered(
        "cosmos.distribution.v1beta1.CommunityPoolSpendProposal",
        "distribution",
        "CommunityPoolSpend",
    ),
    unregistered("ibc.core.client.v1.ClientUpdateProposal", "client", "ClientUpdate"),
    unregistered("ibc.core.client.v1.UpgradeProposal", "client", "IBCUpgrade"),
    kind("cosmwasm.wasm.v1.StoreCodeProposal", "wasm", "StoreCode"),
    kind("cosmwasm.wasm.v1.InstantiateContractProposal", "wasm", "InstantiateContract"),
    kind("cosmwasm.wasm.v1.InstantiateContract2Proposal", "wasm", "InstantiateContract2"),
    kind("cosmwasm.wasm.v1.MigrateContractProposal", "wasm", "MigrateContract"),
    kind("cosmwasm.wasm.v1.SudoContractProposal", "wasm", "SudoContract"),
    kind("cosmwasm.wasm.v1.ExecuteContractProposal", "wasm", "ExecuteContract"),
    kind("cosmwasm.wasm.v1.UpdateAdminProposal", "wasm", "UpdateAdmin"),
    kind("cosmwasm.wasm.v1.ClearAdminProposal", "wasm", "ClearAdmin"),
    kind("cosmwasm.wasm.v1.PinCodesProposal", "wasm", "PinCodes"),
    kind("cosmwasm.wasm.v1.UnpinCodesProposal", "wasm", "UnpinCodes"),
    kind("cosmwasm.wasm.v1.UpdateInstantiateConfigProposal", "wasm", "UpdateInstantiateConfig"),
    kind("cosmwasm.wasm.v1.StoreAndInstantiateContractProposal", "wasm", "StoreAndInstantiateContract"),
];

/// A content, as far as governance looks into it.
pub struct Content<'a> {
    any: &'a Any,
    kind: &'static Kind,
    pub title: Vec<u8>,
    pub description: Vec<u8>,
}

impl<'a> Content<'a> {
    /// The content in `any`; none if there is nothing or something else in it.
    pub fn of(any: Option<&'a Any>) -> Result<Option<Self>> {
        let Some(any) = any else { return Ok(None) };
        let name = any.type_url.strip_prefix('/').unwrap_or_default();
        let Some(kind) = KINDS.iter().find(|kind| kind.message == name) else { return Ok(None) };
        // every kind has its title and its description in the same fields as a text
        let text =
            foreign_text::decode::<TextProposal>(&any.value).map_err(|error| sdk::TX_DECODE.wrap(error))?;
        Ok(Some(Self { any, kind, title: text.title, description: text.description }))
    }

    #[must_use]
    pub fn has_handler(&self) -> bool {
        self.kind.route == TEXT_ROUTE
    }

    #[must_use]
    pub fn route(&self) -> &'static str {
        self.kind.route
    }

    /// What a legacy submission asks of its content.
    pub fn validate(&self) -> Result<()> {
        if !self.kind.registered {
            return Err(errors::INVALID_PROPOSAL_TYPE.wrap(self.kind.name));
        }
        if self.any.type_url == SoftwareUpgradeProposal::type_url() {
            let proposal = foreign_text::decode::<SoftwareUpgradeProposal>(&self.any.value);
            let proposal = proposal.map_err(|error| sdk::TX_DECODE.wrap(error))?;
            upgrade::plan::validate(&proposal.plan.unwrap_or_default())?;
        }
        self.validate_texts()
    }

    fn validate_texts(&self) -> Result<()> {
        let why = if String::from_utf8_lossy(&self.title).trim().is_empty() {
            "proposal title cannot be blank".to_owned()
        } else if self.title.len() > MAX_TITLE {
            format!("proposal title is longer than max length of {MAX_TITLE}")
        } else if self.description.is_empty() {
            "proposal description cannot be blank".to_owned()
        } else if self.description.len() > MAX_DESCRIPTION {
            format!("proposal description is longer than max length of {MAX_DESCRIPTION}")
        } else {
            return Ok(());
        };
        Err(errors::INVALID_PROPOSAL_CONTENT.wrap(why))
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    fn packed(kind: &str, title: &str) -> Any {
        let text = TextProposal { title: title.into(), description: "why".into() };
        Any { type_url: format!("/{kind}"), value: text.encode_to_vec() }
    }

    #[test]
    fn only_texts_have_a_handler_and_only_registered_kinds_are_submitted() {
        let text = packed("cosmos.gov.v1beta1.TextProposal", "what");
        let content = Content::of(Some(&text)).unwrap().unwrap();
        assert!(content.has_handler() && content.validate().is_ok());
        let spend = packed("cosmos.distribution.v1beta1.CommunityPoolSpendProposal", "what");
        let content = Content::of(Some(&spend)).unwrap().unwrap();
        assert_eq!(content.validate().unwrap_err().log(), "CommunityPoolSpend: invalid proposal type");
        assert!(!content.has_handler());
        assert!(Content::of(Some(&packed("cosmos.bank.v1beta1.MsgSend", "x"))).unwrap().is_none());
        let blank = packed("cosmos.gov.v1beta1.TextProposal", " ");
        let content = Content::of(Some(&blank)).unwrap().unwrap();
        assert_eq!(content.validate().unwrap_err().code(), 5);
    }

    #[test]
    fn the_table_is_that_of_the_interfaces() {
        let known: Vec<_> = iz_proto::interfaces::implementations("cosmos.gov.v1beta1.Content").collect();
        assert_eq!(known.len(), KINDS.len());
        assert!(known.iter().all(|url| KINDS.iter().any(|kind| kind.message == &url[1..])));
    }
}
