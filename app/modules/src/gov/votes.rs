//! Votes: one option, or several with weights that add up to one.

use std::{collections::BTreeSet, str::FromStr};

use iz_core::{Address, Context, Dec, Event, Result, errors::sdk};
use iz_proto::cosmos::gov::v1::{Vote, VoteOption, WeightedVoteOption};

use super::{errors, events, keys, proposals, store};

/// All weight on one option.
#[must_use]
pub fn undivided(option: i32) -> Vec<WeightedVoteOption> {
    vec![WeightedVoteOption { option, weight: Dec::one().to_string() }]
}

/// Whether it is one of the four options.
#[must_use]
pub fn is_option(option: i32) -> bool {
    VoteOption::try_from(option).is_ok_and(|option| option != VoteOption::Unspecified)
}

fn is_valid(option: &WeightedVoteOption) -> bool {
    let weight = Dec::from_str(&option.weight);
    weight.is_ok_and(|weight| weight.is_positive() && weight <= Dec::one()) && is_option(option.option)
}

/// Go's name of an option, or its number.
#[must_use]
pub fn option_name(option: i32) -> String {
    VoteOption::try_from(option).map_or_else(|_| option.to_string(), |option| option.as_str_name().to_owned())
}

/// The option in protobuf's compact text form.
fn compact_text(option: &WeightedVoteOption) -> String {
    let mut out = String::new();
    if option.option != 0 {
        out.push_str(&format!("option:{} ", option_name(option.option)));
    }
    if !option.weight.is_empty() {
        out.push_str(&format!("weight:{:?} ", option.weight));
    }
    out
}

/// Options as JSON, which is how events show them.
fn json(options: &[WeightedVoteOption]) -> String {
    if options.is_empty() {
        return "null".to_owned();
    }
    let list: Vec<_> = options
        .iter()
        .map(|option| format!("{{\"option\":{},\"weight\":\"{}\"}}", option.option, option.weight))
        .collect();
    format!("[{}]", list.join(","))
}

/// What `MsgVoteWeighted` asks of its options.
pub fn validate_weighted(options: &[WeightedVoteOption]) -> Result<()> {
    if options.is_empty() {
        return Err(sdk::INVALID_REQUEST.wrap(json(options)));
    }
    let (mut total, mut seen) = (Dec::ZERO, BTreeSet::new());
    for option in options {
        if !is_valid(option) {
            return Err(errors::INVALID_VOTE.wrap(compact_text(option)));
        }
        total = total.add(Dec::from_str(&option.weight)?)?;
        if !seen.insert(option.option) {
            return Err(errors::INVALID_VOTE.wrap("duplicated vote option"));
        }
    }
    if total > Dec::one() {
        return Err(errors::INVALID_VOTE.wrap("total weight overflow 1.00"));
    }
    if total < Dec::one() {
        return Err(errors::INVALID_VOTE.wrap("total weight lower than 1.00"));
    }
    Ok(())
}

/// `AddVote`.
pub fn add(
    context: &mut Context,
    id: u64,
    voter: &Address,
    options: Vec<WeightedVoteOption>,
    metadata: &[u8],
) -> Result<()> {
    if !store::is_voted_on(context, id)? {
        return Err(errors::INACTIVE_PROPOSAL.wrap(id));
    }
    proposals::require_short_metadata(metadata)?;
    if let Some(wrong) = options.iter().find(|option| !is_valid(option)) {
        return Err(errors::INVALID_VOTE.wrap(compact_text(wrong)));
    }
    let text = context.addresses().account(voter);
    let event = Event::new(events::PROPOSAL_VOTE)
        .with(events::VOTER, text.clone())
        .with(events::OPTION, json(&options))
        .with(events::PROPOSAL_ID, id.to_string());
    let vote = Vote { proposal_id: id, voter: text, options, metadata: metadata.to_owned() };
    store::set_vote(context, voter, &vote)?;
    context.emit(event);
    Ok(())
}

/// Removes every vote on a proposal.
pub fn clear(context: &mut Context, id: u64) -> Result<()> {
    store::clear(context, &keys::votes(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(option: VoteOption, weight: &str) -> WeightedVoteOption {
        WeightedVoteOption { option: option.into(), weight: weight.into() }
    }

    #[test]
    fn weights_add_up_to_one_over_different_options() {
        let (yes, no) = (VoteOption::Yes, VoteOption::No);
        assert!(validate_weighted(&[option(yes, "0.4"), option(no, "0.6")]).is_ok());
        let log = |options: &[WeightedVoteOption]| validate_weighted(options).unwrap_err().log().to_owned();
        assert_eq!(log(&[]), "null: invalid request");
        assert_eq!(log(&[option(yes, "0.4")]), "total weight lower than 1.00: invalid vote option");
        assert_eq!(
            log(&[option(yes, "0.4"), option(yes, "0.6")]),
            "duplicated vote option: invalid vote option"
        );
        assert_eq!(log(&[option(yes, "x")]), "option:VOTE_OPTION_YES weight:\"x\" : invalid vote option");
    }

    #[test]
    fn events_show_options_as_json() {
        assert_eq!(json(&undivided(1)), "[{\"option\":1,\"weight\":\"1.000000000000000000\"}]");
    }
}
