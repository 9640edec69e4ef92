//! A proposal: any member, any class, with a bond. It becomes an option of the ballot on its line of the table.

use cosmwasm_std::{
    Coin, CosmosMsg, Deps, DepsMut, Env, HexBinary, MessageInfo, Response, Uint128, to_json_vec,
};
use iz_contract_types::constitution::{self, Class};
use iz_contract_types::merit;

use crate::config::rules_of;
use crate::epoch;
use crate::error::ContractError;
use crate::state::{
    BALLOT_COUNT, BALLOT_OF, BALLOTS, Ballot, CONFIG, CONSTITUTION, EPOCH_COUNT, EPOCHS, MERIT,
    PROPOSAL_COUNT, PROPOSALS, Proposal, Stage, Tally,
};
use crate::tally::quorum;

const MESSAGE_BYTES: usize = 16_384;

pub struct Draft {
    pub title: String,
    pub digest: HexBinary,
    pub uri: String,
    pub class: Class,
    pub messages: Vec<CosmosMsg>,
}

pub fn propose(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    draft: Draft,
) -> Result<Response, ContractError> {
    check_form(&draft)?;
    require_member(deps.as_ref(), info)?;
    let rule_key = rule_key(deps.as_ref(), &draft)?;
    let config = CONFIG.load(deps.storage)?;
    let open = epoch::current(deps.storage, env)?;
    let bond = epoch::bond(&config, open.as_ref())?;
    require_bond(info, &bond)?;
    let mut epoch = match open {
        Some(epoch) => epoch,
        None => epoch::new(deps.as_ref(), env, &config)?,
    };
    if epoch.proposals >= config.max_proposals {
        return Err(ContractError::EpochFull { most: config.max_proposals, next: epoch.ends });
    }
    epoch.proposals += 1;
    EPOCH_COUNT.save(deps.storage, &epoch.number)?;
    EPOCHS.save(deps.storage, epoch.number, &epoch)?;

    let id = PROPOSAL_COUNT.load(deps.storage)?.saturating_add(1);
    PROPOSAL_COUNT.save(deps.storage, &id)?;
    let known = BALLOT_OF.may_load(deps.storage, (epoch.number, &rule_key))?;
    let (ballot_id, mut ballot) = match known {
        Some(known) => (known, super::load_ballot(deps.storage, known)?),
        None => {
            let new = BALLOT_COUNT.load(deps.storage)?.saturating_add(1);
            BALLOT_COUNT.save(deps.storage, &new)?;
            BALLOT_OF.save(deps.storage, (epoch.number, &rule_key), &new)?;
            let rules = rules_of(&config, draft.class)?;
            // Nobody proposes at the last moment: deliberation begins when the agenda is complete.
            let opens = epoch.ends.plus_seconds(rules.delay_seconds);
            let ballot = Ballot {
                epoch: epoch.number,
                rule_key: rule_key.clone(),
                opens,
                closes: opens.plus_seconds(rules.period_seconds),
                options: Vec::new(),
                none: Uint128::zero(),
                presence: Uint128::zero(),
                quorum: quorum(epoch.total_power, rules.quorum_bps),
                rules,
                leading: None,
                extended: false,
                closed: false,
            };
            (new, ballot)
        }
    };
    if ballot.options.len() >= config.max_options as usize {
        return Err(ContractError::BallotFull { rule_key, most: config.max_options, next: epoch.ends });
    }
    ballot.options.push(Tally { proposal: id, yes: Uint128::zero(), no: Uint128::zero() });
    BALLOTS.save(deps.storage, ballot_id, &ballot)?;
    let proposal = Proposal {
        proposer: info.sender.clone(),
        title: draft.title,
        digest: draft.digest,
        uri: draft.uri,
        class: draft.class,
        messages: draft.messages,
        ballot: ballot_id,
        bond,
        stage: Stage::Pending,
    };
    PROPOSALS.save(deps.storage, id, &proposal)?;
    Ok(Response::new()
        .add_attribute("action", "propose")
        .add_attribute("proposer", &info.sender)
        .add_attribute("proposal", id.to_string())
        .add_attribute("ballot", ballot_id.to_string())
        .add_attribute("epoch", epoch.number.to_string())
        .add_attribute("rule", rule_key))
}

fn check_form(draft: &Draft) -> Result<(), ContractError> {
    let length = |what, length, limit| Err(ContractError::Length { what, length, limit });
    if draft.title.is_empty() || draft.title.len() > 128 {
        return length("the title", draft.title.len(), "1 to 128");
    }
    if draft.uri.len() > 256 {
        return length("the URI", draft.uri.len(), "up to 256");
    }
    if draft.digest.len() != 32 {
        return Err(ContractError::DigestLength { length: draft.digest.len() });
    }
    let bytes = to_json_vec(&draft.messages)?.len();
    if bytes > MESSAGE_BYTES {
        return length("the list of messages", bytes, "up to 16384");
    }
    Ok(())
}

fn require_member(deps: Deps<'_>, info: &MessageInfo) -> Result<(), ContractError> {
    let query = merit::QueryMsg::Member { addr: info.sender.to_string(), at_height: None };
    let answer: merit::MemberResponse = deps.querier.query_wasm_smart(MERIT.load(deps.storage)?, &query)?;
    match answer.weight {
        Some(_) => Ok(()),
        None => Err(ContractError::NotMember { sender: info.sender.to_string() }),
    }
}

/// The line of the table that the messages fall under; the constitution refuses them here already if there is none. Decisions in
/// words have one line a class.
fn rule_key(deps: Deps<'_>, draft: &Draft) -> Result<String, ContractError> {
    if draft.messages.is_empty() {
        return Ok(format!("words/{:?}", draft.class));
    }
    let query = constitution::QueryMsg::Check { messages: draft.messages.clone() };
    let answer: constitution::CheckResponse =
        deps.querier.query_wasm_smart(CONSTITUTION.load(deps.storage)?, &query)?;
    if answer.class != draft.class {
        return Err(ContractError::WrongClass { needed: answer.class, named: draft.class });
    }
    Ok(answer.rule_key)
}

fn require_bond(info: &MessageInfo, bond: &Coin) -> Result<(), ContractError> {
    if info.funds.as_slice() == [bond.clone()] {
        return Ok(());
    }
    let found: Vec<String> = info.funds.iter().map(ToString::to_string).collect();
    Err(ContractError::WrongBond { expected: bond.to_string(), found: found.join(",") })
}
