//! Genesis of governance: its parameters, and proposals with their deposits and votes.

use std::collections::BTreeSet;

use iz_core::{Chain, Coins, Context, Error, Genesis, Result};
use iz_proto::cosmos::gov::v1::{GenesisState, ProposalStatus};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{NAME, keys, params, store};
use crate::{auth::keeper as accounts, bank::keeper as bank, convert::coins_from_proto, module_accounts};

pub struct GovGenesis;

impl Genesis for GovGenesis {
    type State = GenesisState;

    fn default_state(_: &Chain) -> Self::State {
        GenesisState { starting_proposal_id: 1, params: Some(params::default()), ..GenesisState::default() }
    }

    fn validate(state: &Self::State, chain: &Chain) -> Result<()> {
        let refuse = |text: String| Err(Error::plain(text));
        if state.starting_proposal_id == 0 {
            return refuse("starting proposal id must be greater than 0".to_owned());
        }
        let mut proposals = BTreeSet::new();
        if let Some(twice) = state.proposals.iter().find(|proposal| !proposals.insert(proposal.id)) {
            return refuse(format!("duplicate proposal id: {}", twice.id));
        }
        let mut deposits = BTreeSet::new();
        for deposit in &state.deposits {
            if !proposals.contains(&deposit.proposal_id) {
                return refuse(format!("deposit has non-existent proposal id: {}", deposit.proposal_id));
            }
            if !deposits.insert((deposit.proposal_id, &deposit.depositor)) {
                return refuse(format!(
                    "duplicate deposit: {} of {}",
                    deposit.proposal_id, deposit.depositor
                ));
            }
        }
        let mut votes = BTreeSet::new();
        for vote in &state.votes {
            if !proposals.contains(&vote.proposal_id) {
                return refuse(format!("vote has non-existent proposal id: {}", vote.proposal_id));
            }
            if !votes.insert((vote.proposal_id, &vote.voter)) {
                return refuse(format!("duplicate vote: {} of {}", vote.proposal_id, vote.voter));
            }
        }
        params::validate(&state.params.clone().unwrap_or_default(), chain)
    }

    fn init(context: &mut Context, state: Self::State) -> Result<Vec<ValidatorUpdate>> {
        store::set_next_id(context, state.starting_proposal_id)?;
        store::set_params(context, &state.params.unwrap_or_default())?;
        store::set_constitution(context, &state.constitution)?;
        let account = accounts::module_account(context, NAME)?
            .ok_or_else(|| Error::panic("gov module account has not been set"))?;
        let mut total = Coins::empty();
        for deposit in &state.deposits {
            store::set_deposit(context, deposit)?;
            total = total.add(&coins_from_proto(&deposit.amount)?)?;
        }
        for vote in &state.votes {
            let voter = context.addresses().parse_account(&vote.voter)?;
            store::set_vote(context, &voter, vote)?;
        }
        for proposal in &state.proposals {
            let (queue, end) = match ProposalStatus::try_from(proposal.status) {
                Ok(ProposalStatus::DepositPeriod) => (keys::INACTIVE_QUEUE, &proposal.deposit_end_time),
                Ok(ProposalStatus::VotingPeriod) => (keys::ACTIVE_QUEUE, &proposal.voting_end_time),
                _ => {
                    store::set_proposal(context, proposal)?;
                    continue;
                }
            };
            store::join_queue(context, queue, store::moment(end.as_ref()), proposal.id)?;
            store::set_proposal(context, proposal)?;
        }
        let address = module_accounts::address(NAME).cloned().unwrap_or_default();
        let balance = bank::all_balances(context, &address)?;
        if balance.is_zero() {
            accounts::set_account(context, &address, &account)?;
        }
        if balance != total {
            return Err(Error::panic(format!("expected module account was {balance} but we got {total}")));
        }
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<Self::State> {
        Ok(GenesisState {
            starting_proposal_id: store::next_id(context)?,
            proposals: store::list(context, vec![keys::PROPOSALS])?,
            constitution: store::constitution(context)?,
            params: Some(store::params(context)?),
            deposits: store::list(context, vec![keys::DEPOSITS])?,
            votes: store::list(context, vec![keys::VOTES])?,
            ..GenesisState::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use iz_core::Timestamp;
    use iz_proto::cosmos::gov::v1::{Proposal, Vote};

    use super::*;
    use crate::{gov::votes, testing};

    #[test]
    fn the_state_of_a_chain_survives_export() {
        let mut context = testing::context();
        let mut state = GovGenesis::default_state(&context.chain);
        state.starting_proposal_id = 3;
        state.proposals.push(Proposal {
            id: 2,
            status: ProposalStatus::VotingPeriod.into(),
            voting_end_time: Some(Timestamp::EPOCH.into()),
            ..Proposal::default()
        });
        state.votes.push(Vote {
            proposal_id: 2,
            voter: context.addresses().account(&testing::account(1)),
            options: votes::undivided(1),
            metadata: Vec::new(),
        });
        GovGenesis::validate(&state, &context.chain).unwrap();
        GovGenesis::init(&mut context, state.clone()).unwrap();
        assert_eq!(GovGenesis::export(&mut context).unwrap(), state);
        assert_eq!(store::ended(&mut context, keys::ACTIVE_QUEUE).unwrap(), [2]);
        state.votes[0].proposal_id = 9;
        assert!(GovGenesis::validate(&state, &context.chain).is_err());
    }
}
