//! Genesis of the community pool.

use iz_core::{Chain, Context, Dec, Error, Genesis, Result, coin::DEFAULT_BOND_DENOM};
use iz_proto::{
    cosmos::protocolpool::v1::{ContinuousFund, GenesisState, Params},
    tendermint::abci::ValidatorUpdate,
};

use super::{keeper, types};
use crate::module_accounts;

pub struct ProtocolPool;

impl Genesis for ProtocolPool {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        let params = Params {
            enabled_distribution_denoms: vec![DEFAULT_BOND_DENOM.to_owned()],
            distribution_frequency: 1,
        };
        GenesisState { continuous_funds: Vec::new(), params: Some(params) }
    }

    fn validate(state: &GenesisState, _chain: &Chain) -> Result<()> {
        let mut total = Dec::ZERO;
        for fund in &state.continuous_funds {
            total = total.add(types::percentage(fund)?)?;
            types::validate_fund(fund)?;
        }
        if total > Dec::one() {
            return Err(Error::plain("total percentage cannot be greater than 100"));
        }
        for (place, fund) in state.continuous_funds.iter().enumerate() {
            let recipient = &fund.recipient;
            if state.continuous_funds[..place].iter().any(|earlier| earlier.recipient == *recipient) {
                return Err(Error::plain(format!(
                    "duplicated continuous fund recipient address: {recipient}"
                )));
            }
        }
        types::validate_params(&state.params.clone().unwrap_or_default())
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        keeper::set_params(context, &state.params.unwrap_or_default())?;
        for fund in state.continuous_funds {
            add(context, fund).map_err(|error| {
                if error.is_fatal() {
                    return error;
                }
                Error::panic(format!("failed to init genesis state: {error}"))
            })?;
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let funds = keeper::continuous_funds(context)?;
        let params = keeper::params(context)?;
        let continuous_funds = funds.into_iter().map(|(_, fund)| fund).collect();
        Ok(GenesisState { continuous_funds, params: Some(params) })
    }
}

fn add(context: &mut Context, fund: ContinuousFund) -> Result<()> {
    let recipient = context
        .addresses()
        .parse_account(&fund.recipient)
        .map_err(|error| error.obscure(|log| format!("failed to decode recipient address: {log}")))?;
    if module_accounts::is_blocked(&recipient) {
        return Err(Error::plain(format!("recipient is blocked in the bank keeper: {}", fund.recipient)));
    }
    if types::is_expired(&fund, context.time()) {
        return Ok(());
    }
    keeper::set_continuous_fund(context, &recipient, fund)
}
