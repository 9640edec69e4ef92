//! Genesis of the feegrant module: the allowances.

use iz_core::{Chain, Context, Genesis, Result};
use iz_proto::cosmos::feegrant::v1beta1::GenesisState;
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{grant, keeper, types::Allowance};

pub struct FeegrantGenesis;

impl Genesis for FeegrantGenesis {
    type State = GenesisState;

    fn default_state(_: &Chain) -> Self::State {
        GenesisState::default()
    }

    fn validate(state: &Self::State, _: &Chain) -> Result<()> {
        state
            .allowances
            .iter()
            .try_for_each(|grant| Allowance::from_any(grant.allowance.as_ref())?.validate())
    }

    fn init(context: &mut Context, state: Self::State) -> Result<Vec<ValidatorUpdate>> {
        for entry in state.allowances {
            let granter = context.addresses().parse_account(&entry.granter)?;
            let grantee = context.addresses().parse_account(&entry.grantee)?;
            let allowance = Allowance::from_any(entry.allowance.as_ref())?;
            grant::grant_allowance(context, &granter, &grantee, &allowance)?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<Self::State> {
        Ok(GenesisState { allowances: keeper::grants(context)? })
    }
}
