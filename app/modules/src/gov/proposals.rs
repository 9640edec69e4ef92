//! Proposals from their submission to the beginning of the vote, or to their end by the proposer's will.

use iz_core::{Address, Context, Error, Event, Result, errors::sdk};
use iz_proto::{
    Any,
    cosmos::gov::v1::{MsgExecLegacyContent, Proposal, ProposalStatus, TallyResult},
};
use prost::Name;

use super::{NAME, deposits, errors, events, keys, store, votes};
use crate::{auth::keeper as accounts, canonical, router};

/// The longest metadata of a proposal or a vote, and the longest title.
const MAX_METADATA: usize = 255;
const MAX_SUMMARY: usize = 40 * MAX_METADATA;

/// What somebody proposes.
pub struct Draft<'a> {
    pub messages: &'a [Any],
    pub metadata: &'a [u8],
    pub title: &'a [u8],
    pub summary: &'a [u8],
    pub expedited: bool,
}

pub fn require_short_metadata(metadata: &[u8]) -> Result<()> {
    if metadata.len() > MAX_METADATA {
        return Err(errors::METADATA_TOO_LONG.wrap(format!("got metadata with length {}", metadata.len())));
    }
    Ok(())
}

fn require_short_summary(summary: &[u8]) -> Result<()> {
    if summary.len() > MAX_SUMMARY {
        return Err(errors::SUMMARY_TOO_LONG.wrap(format!("got summary with length {}", summary.len())));
    }
    Ok(())
}

/// A tally before anybody voted.
#[must_use]
pub fn empty_tally() -> TallyResult {
    let zero = || "0".to_owned();
    TallyResult { yes_count: zero(), abstain_count: zero(), no_count: zero(), no_with_veto_count: zero() }
}

/// `SubmitProposal`: a new proposal that collects deposits.
pub fn submit(context: &mut Context, draft: &Draft<'_>, proposer: &Address) -> Result<Proposal> {
    require_short_metadata(draft.metadata)?;
    require_short_summary(draft.summary)?;
    require_short_metadata(draft.title)?;
    let mut kinds = String::new();
    for message in draft.messages {
        kinds.push(',');
        kinds.push_str(&message.type_url);
        check_message(context, message)?;
    }
    let id = store::take_id(context)?;
    let params = store::params(context)?;
    let now = context.time();
    let end = now.plus(params.max_deposit_period.as_ref());
    let proposal = Proposal {
        id,
        messages: draft.messages.iter().map(canonical::any).collect(),
        status: ProposalStatus::DepositPeriod.into(),
        final_tally_result: Some(empty_tally()),
        submit_time: Some(now.into()),
        deposit_end_time: Some(end.into()),
        metadata: draft.metadata.to_owned(),
        title: draft.title.to_owned(),
        summary: draft.summary.to_owned(),
        proposer: context.addresses().account(proposer),
        expedited: draft.expedited,
        ..Proposal::default()
    };
    store::set_proposal(context, &proposal)?;
    store::join_queue(context, keys::INACTIVE_QUEUE, end, id)?;
    context.emit(
        Event::new(events::SUBMIT_PROPOSAL)
            .with(events::PROPOSAL_ID, id.to_string())
            .with(events::PROPOSER, proposal.proposer.clone())
            .with(events::MESSAGES, kinds),
    );
    Ok(proposal)
}

/// A proposal's message must be one that governance alone may send, and that has a handler.
fn check_message(context: &mut Context, any: &Any) -> Result<()> {
    let chain = context.chain.clone();
    let Some(message) = chain.router.decode(any)? else {
        return Err(errors::UNROUTABLE_PROPOSAL_MSG.wrap(&any.type_url));
    };
    message.validate_basic(&chain).map_err(|error| error.recast(&errors::INVALID_PROPOSAL_MSG))?;
    let signers = message.signers(&chain)?;
    let [signer] = signers.as_slice() else {
        return Err((&errors::INVALID_SIGNER).into());
    };
    let governance = accounts::module_account_address(context, NAME)?;
    if governance != Some(signer) {
        return Err(errors::INVALID_SIGNER.wrap(context.addresses().account(signer)));
    }
    if any.type_url == MsgExecLegacyContent::type_url() {
        rehearse(context, any)?;
    }
    Ok(())
}

/// Runs a legacy content without leaving a trace but the gas: one that fails now is not worth a vote.
fn rehearse(context: &mut Context, any: &Any) -> Result<()> {
    let mut outcome = Ok(());
    let dropped: Result<()> = context.branch(|context| {
        outcome = router::dispatch(context, any).map(|_| ());
        Err(Error::plain("rehearsed"))
    });
    debug_assert!(dropped.is_err());
    match outcome {
        Err(error) if error.is(&errors::NO_PROPOSAL_HANDLER_EXISTS) => Err(error),
        Err(error) => Err(error.recast(&errors::INVALID_PROPOSAL_CONTENT)),
        Ok(()) => Ok(()),
    }
}

/// `ActivateVotingPeriod`.
pub fn activate(context: &mut Context, mut proposal: Proposal) -> Result<()> {
    let start = context.time();
    let params = store::params(context)?;
    let period = if proposal.expedited { params.expedited_voting_period } else { params.voting_period };
    let end = start.plus(period.as_ref());
    proposal.voting_start_time = Some(start.into());
    proposal.voting_end_time = Some(end.into());
    proposal.status = ProposalStatus::VotingPeriod.into();
    store::set_proposal(context, &proposal)?;
    let collected = store::moment(proposal.deposit_end_time.as_ref());
    store::leave_queue(context, keys::INACTIVE_QUEUE, collected, proposal.id)?;
    store::join_queue(context, keys::ACTIVE_QUEUE, end, proposal.id)
}

/// `CancelProposal`: its proposer ends it, which costs a part of the deposits.
pub fn cancel(context: &mut Context, id: u64, proposer: &str) -> Result<()> {
    let proposal = store::proposal(context, id)?;
    if proposal.proposer.is_empty() {
        return Err(errors::INVALID_PROPOSAL
            .wrap(format!("proposal {id} doesn't have proposer {proposer}, so cannot be canceled")));
    }
    if proposal.proposer != proposer {
        return Err(errors::INVALID_PROPOSER.wrap(format!("invalid proposer {proposer}")));
    }
    if !deposits::is_open(&proposal) {
        return Err(errors::INVALID_PROPOSAL.wrap("proposal should be in the deposit or voting period"));
    }
    let end = proposal.voting_end_time.as_ref().map(iz_core::Timestamp::from);
    if end.is_some_and(|end| end < context.time()) {
        return Err(errors::VOTING_PERIOD_ENDED
            .wrap(format!("voting period is already ended for this proposal {id}")));
    }
    let params = store::params(context)?;
    deposits::charge(context, id, &params.proposal_cancel_dest, &params.proposal_cancel_ratio)?;
    if proposal.voting_start_time.is_some() {
        votes::clear(context, id)?;
    }
    store::delete_proposal(context, id)
}

/// The account of governance as text, which makes the account if it is not there yet.
pub fn governance(context: &mut Context) -> Result<String> {
    let address = accounts::module_account_address(context, NAME)?;
    let address = address.ok_or_else(|| sdk::UNKNOWN_ADDRESS.wrap("module account gov does not exist"))?;
    Ok(context.addresses().account(address))
}
