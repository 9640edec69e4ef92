//! The end of a block: proposals without enough deposits are dropped, and votes that are over are counted.

use iz_core::{Context, Event, Result};
use iz_proto::cosmos::gov::v1::{Proposal, ProposalStatus};
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use super::{
    deposits,
    events::{self, result},
    execution, keys, store,
    tally::{self, Outcome},
};

pub fn end_block(context: &mut Context) -> Result<Vec<ValidatorUpdate>> {
    for id in store::ended(context, keys::INACTIVE_QUEUE)? {
        drop_proposal(context, id)?;
    }
    for id in store::ended(context, keys::ACTIVE_QUEUE)? {
        let proposal = store::proposal(context, id)?;
        conclude(context, proposal)?;
    }
    Ok(Vec::new())
}

fn drop_proposal(context: &mut Context, id: u64) -> Result<()> {
    store::proposal(context, id)?;
    store::delete_proposal(context, id)?;
    if store::params(context)?.burn_proposal_deposit_prevote {
        deposits::burn(context, id)?;
    } else {
        deposits::refund(context, id)?;
    }
    context.emit(
        Event::new(events::INACTIVE_PROPOSAL)
            .with(events::PROPOSAL_ID, id.to_string())
            .with(events::RESULT, result::DROPPED),
    );
    Ok(())
}

/// Counts the votes of a proposal and does what they say.
fn conclude(context: &mut Context, mut proposal: Proposal) -> Result<()> {
    let id = proposal.id;
    let Outcome { passes, burn_deposits, result: count } = tally::tally(context, &proposal)?;
    // an expedited proposal that fails goes on as a regular one, and keeps its deposits
    if !proposal.expedited || passes {
        if burn_deposits {
            deposits::burn(context, id)?;
        } else {
            deposits::refund(context, id)?;
        }
    }
    let end = store::moment(proposal.voting_end_time.as_ref());
    store::leave_queue(context, keys::ACTIVE_QUEUE, end, id)?;
    let (result, log) = if passes {
        execute(context, &mut proposal)
    } else if proposal.expedited {
        go_on_as_regular(context, &mut proposal)?
    } else {
        proposal.status = ProposalStatus::Rejected.into();
        proposal.failed_reason = "proposal did not get enough votes to pass".to_owned();
        (result::REJECTED, "rejected".to_owned())
    };
    proposal.final_tally_result = Some(count);
    store::set_proposal(context, &proposal)?;
    context.emit(
        Event::new(events::ACTIVE_PROPOSAL)
            .with(events::PROPOSAL_ID, id.to_string())
            .with(events::RESULT, result)
            .with(events::LOG, log),
    );
    Ok(())
}

fn execute(context: &mut Context, proposal: &mut Proposal) -> (&'static str, String) {
    match execution::run(context, &proposal.messages) {
        Ok(()) => {
            proposal.status = ProposalStatus::Passed.into();
            (result::PASSED, "passed".to_owned())
        }
        Err(failure) => {
            proposal.status = ProposalStatus::Failed.into();
            let log = format!(
                "passed, but msg {} ({}) failed on execution: {}",
                failure.place, failure.kind, failure.reason
            );
            proposal.failed_reason = failure.reason;
            (result::FAILED, log)
        }
    }
}

fn go_on_as_regular(context: &mut Context, proposal: &mut Proposal) -> Result<(&'static str, String)> {
    proposal.expedited = false;
    let params = store::params(context)?;
    let start = store::moment(proposal.voting_start_time.as_ref());
    let end = start.plus(params.voting_period.as_ref());
    proposal.voting_end_time = Some(end.into());
    store::join_queue(context, keys::ACTIVE_QUEUE, end, proposal.id)?;
    Ok((result::EXPEDITED_REJECTED, "expedited proposal converted to regular".to_owned()))
}
