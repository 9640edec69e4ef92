//! Tokens at genesis.

use std::collections::BTreeMap;

use iz_core::{Chain, Context, Error, Genesis, Result};
use iz_proto::cosmos::nft::v1beta1::{Entry, GenesisState, Nft};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::keeper;

pub struct NftGenesis;

impl Genesis for NftGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState::default()
    }

    fn validate(state: &GenesisState, chain: &Chain) -> Result<()> {
        if state.classes.iter().any(|class| class.id.is_empty()) {
            return Err(Error::plain("empty class id"));
        }
        for entry in &state.entries {
            if entry.nfts.iter().any(|token| token.id.is_empty()) {
                return Err(Error::plain("empty nft id"));
            }
            if !entry.nfts.is_empty() {
                chain.addresses.parse_account(&entry.owner)?;
            }
        }
        Ok(())
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        for class in &state.classes {
            keeper::save_class(context, class)?;
        }
        for entry in &state.entries {
            for token in &entry.nfts {
                let owner = context.addresses().parse_account(&entry.owner)?;
                keeper::mint(context, token, &owner)?;
            }
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let classes = keeper::classes(context)?;
        let mut owners: BTreeMap<String, Vec<Nft>> = BTreeMap::new();
        for class in &classes {
            for token in keeper::tokens(context, &class.id)? {
                let owner = keeper::owner(context, &token)?;
                owners.entry(context.addresses().account(&owner)).or_default().push(token);
            }
        }
        let entries = owners.into_iter().map(|(owner, nfts)| Entry { owner, nfts }).collect();
        Ok(GenesisState { classes, entries })
    }
}

#[cfg(test)]
mod tests {
    use iz_proto::cosmos::nft::v1beta1::Class;

    use super::*;
    use crate::testing;

    #[test]
    fn genesis_comes_out_as_it_went_in() {
        let mut context = testing::context();
        let token = |id: &str| Nft { class_id: "c".into(), id: id.into(), ..Nft::default() };
        let state = GenesisState {
            classes: vec![Class { id: "c".into(), ..Class::default() }],
            entries: vec![Entry {
                owner: context.addresses().account(&testing::account(1)),
                nfts: vec![token("a"), token("b")],
            }],
        };
        NftGenesis::validate(&state, &context.chain).unwrap();
        NftGenesis::init(&mut context, state.clone()).unwrap();
        assert_eq!(NftGenesis::export(&mut context).unwrap(), state);
    }
}
