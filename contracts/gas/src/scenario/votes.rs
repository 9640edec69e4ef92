//! Merit, the DAO's votes, and what the constitution does with them.

use anyhow::{Result, ensure};
use cosmwasm_std::{CosmosMsg, HexBinary, Uint128, WasmMsg, coins, to_json_binary, to_json_vec};
use iz_contract_types::constitution::{self, Class, Milestone, Rule, Scope, Text};
use iz_contract_types::merit::{self, MemberCredit};
use iz_contract_types::quadratic_dao::{
    BallotResponse, ExecuteMsg, OptionVote, ProposalResponse, QueryMsg, Sealed, Status,
};
use sha2::{Digest, Sha256};

use super::users;
use crate::ground::{CHAIN, COIN, DOLLAR};
use crate::network::{DAY, Trial, dollars};
use crate::terms::{dao_config, merit_parameters};

/// What each user has done, in merit.
const WORK: u128 = 1_000;

fn credit(member: String, amount: u128) -> merit::ExecuteMsg {
    merit::ExecuteMsg::Credit { member, amount: Uint128::new(amount), reason: "round 1".into() }
}

/// Everyone has merit; alice half of all, so that quorums are met.
pub fn begin(t: &mut Trial<'_>, count: usize) -> Result<()> {
    let merit = t.at.merit.clone();
    for name in users(count) {
        let member = t.who(&name)?;
        t.tell("minter", &merit, &credit(member, WORK), &[])?;
    }
    let (alice, bob, carol) = (t.who("alice")?, t.who("bob")?, t.who("carol")?);
    t.tell("minter", &merit, &credit(alice, WORK * (count as u128 + 10)), &[])?;
    t.measure_as("to somebody new", "minter", &merit, &credit(bob.clone(), WORK), &[])?;
    let mut credits =
        [bob.clone(), carol.clone()].map(|member| MemberCredit { member, amount: Uint128::one() });
    credits.sort_by(|left, right| left.member.cmp(&right.member));
    let many = merit::ExecuteMsg::CreditMany { credits: credits.to_vec(), reason: "round 2".into() };
    t.measure_as("of two", "minter", &merit, &many, &[])?;
    t.tell("minter", &merit, &credit(carol, WORK), &[])?;
    t.ground.wait(8 * DAY);
    t.measure("anyone", &merit, &merit::ExecuteMsg::Tick {}, &[])?;
    t.measure_as("to a member", "minter", &merit, &credit(bob, WORK), &[])?;
    Ok(())
}

/// Reputation, onboarding and delegation, three weeks in all.
pub fn membership(t: &mut Trial<'_>) -> Result<()> {
    let merit = t.at.merit.clone();
    let (bob, eve) = (t.who("bob")?, t.who("eve")?);
    let rate =
        |change_bps| merit::ExecuteMsg::Rate { member: bob.clone(), change_bps, reason: "work".into() };
    t.measure("minter", &merit, &rate(-100), &[])?;
    t.tell("minter", &merit, &rate(100), &[])?;
    t.measure("eve", &merit, &merit::ExecuteMsg::Apply {}, &[])?;
    let vouch = |stake: u128| merit::ExecuteMsg::Vouch { applicant: eve.clone(), stake: Uint128::new(stake) };
    t.measure("carol", &merit, &vouch(100), &[])?;
    t.measure("carol", &merit, &merit::ExecuteMsg::Unvouch { applicant: eve.clone() }, &[])?;
    t.measure_as("that onboards", "alice", &merit, &vouch(200), &[])?;
    t.ground.wait(22 * DAY);
    t.measure("anyone", &merit, &merit::ExecuteMsg::Release { member: eve }, &[])?;
    let to = Some(t.who("alice")?);
    t.measure("carol", &merit, &merit::ExecuteMsg::Delegate { to }, &[])?;
    let (nodes, rounds) = (t.at.nodes.clone(), t.at.rounds.clone());
    t.govern(&merit, &merit::ExecuteMsg::UpdateMinters { add: vec![nodes, rounds], remove: vec![] })?;
    t.govern(&merit, &merit::ExecuteMsg::UpdateParameters { parameters: merit_parameters() })?;
    t.ground.wait(8 * DAY);
    t.tell("anyone", &merit, &merit::ExecuteMsg::Tick {}, &[])?;
    Ok(())
}

fn propose(class: Class, messages: Vec<CosmosMsg>) -> ExecuteMsg {
    ExecuteMsg::Propose {
        title: "a proposal".into(),
        digest: HexBinary::from([1; 32]),
        uri: "ipfs://proposal".into(),
        class,
        messages,
    }
}

fn yes(proposal: u64, votes: u128) -> OptionVote {
    OptionVote { proposal, yes: Uint128::new(votes), no: Uint128::zero() }
}

fn vote(ballot: u64, votes: Vec<OptionVote>) -> ExecuteMsg {
    ExecuteMsg::Vote { ballot, votes, none: Uint128::zero(), presence: None }
}

/// A payment, a change of the DAO's own rules, and a secret ballot, from idea to execution.
pub fn proposals(t: &mut Trial<'_>, count: usize) -> Result<()> {
    let (dao, senate) = (t.at.dao.clone(), t.at.senate.clone());
    t.tell("payer", &senate, &constitution::ExecuteMsg::Deposit {}, &coins(1_000_000, DOLLAR))?;
    let spend = constitution::ExecuteMsg::Spend {
        recipient: t.who("recipient")?,
        asset: dollars(),
        amount: Uint128::new(7_000),
    };
    let call = |contract: &str, message: cosmwasm_std::Binary| -> CosmosMsg {
        WasmMsg::Execute { contract_addr: contract.into(), msg: message, funds: vec![] }.into()
    };
    let payment = propose(Class::Grant, vec![call(&senate, to_json_binary(&spend)?)]);
    let configure = ExecuteMsg::UpdateConfig { config: dao_config() };
    let change = propose(Class::Constitution, vec![call(&dao, to_json_binary(&configure)?)]);
    let bond = coins(1_000, COIN);
    let done = t.measure_as("the first of an epoch", "alice", &dao, &payment, &bond)?;
    let (paid, ballot) = (done.number("proposal")?, done.number("ballot")?);
    t.measure_as("a payment", "alice", &dao, &payment, &bond)?;
    let done = t.tell("alice", &dao, &change, &bond)?;
    let (changed, reform) = (done.number("proposal")?, done.number("ballot")?);
    let done = t.measure_as("in words", "bob", &dao, &propose(Class::Model, vec![]), &bond)?;
    let (model, secret) = (done.number("proposal")?, done.number("ballot")?);
    // time for those who delegated to vote for themselves
    t.measure("carol", &dao, &ExecuteMsg::Reclaim { epoch: done.number("epoch")? }, &[])?;
    t.ground.wait(9 * DAY + 60);
    for user in users(count) {
        t.tell(&user, &dao, &vote(ballot, vec![yes(paid, 100)]), &[])?;
    }
    t.measure("bob", &dao, &vote(ballot, vec![yes(paid, 50)]), &[])?;
    t.measure_as("again", "bob", &dao, &vote(ballot, vec![yes(paid, 70)]), &[])?;
    t.tell("alice", &dao, &vote(ballot, vec![yes(paid, 500)]), &[])?;
    t.tell("alice", &dao, &vote(reform, vec![yes(changed, 500)]), &[])?;
    let sealed = Sealed {
        chain_id: CHAIN.into(),
        contract: dao.clone(),
        ballot: secret,
        voter: t.who("alice")?,
        parcel: 1,
        votes: vec![yes(model, 40)],
        none: Uint128::zero(),
        salt: HexBinary::from([5; 16]),
    };
    let digest = HexBinary::from(Sha256::digest(to_json_vec(&sealed)?).as_slice());
    let commit = ExecuteMsg::Commit { ballot: secret, parcel: 1, radius: Uint128::new(40), digest };
    t.measure("alice", &dao, &commit, &[])?;
    let open: BallotResponse = t.ask(&dao, &QueryMsg::Ballot { id: ballot })?;
    let left = open.closes.seconds().saturating_sub(t.ground.now());
    t.ground.wait(left + 1);
    let Sealed { ballot: _, votes, none, salt, .. } = sealed;
    let reveal = ExecuteMsg::Reveal { ballot: secret, parcel: 1, votes, none, presence: None, salt };
    t.measure("alice", &dao, &reveal, &[])?;
    t.measure("anyone", &dao, &ExecuteMsg::Close { ballot }, &[])?;
    t.tell("anyone", &dao, &ExecuteMsg::Close { ballot: reform }, &[])?;
    t.ground.wait(3 * DAY + 1);
    t.measure_as("a payment", "anyone", &dao, &ExecuteMsg::Execute { proposal: paid }, &[])?;
    let done = t.tell("anyone", &dao, &ExecuteMsg::Execute { proposal: changed }, &[])?;
    t.book.note("quadratic-dao", "update_config, by vote", done.gas);
    let known: ProposalResponse = t.ask(&dao, &QueryMsg::Proposal { id: paid })?;
    ensure!(matches!(known.status, Status::Executed), "the payment was not executed: {:?}", known.status);
    Ok(())
}

/// Treasury, grants, the council, rules and pauses.
pub fn treasury(t: &mut Trial<'_>) -> Result<()> {
    use constitution::ExecuteMsg as Message;
    let place = t.at.constitution.clone();
    t.tell("payer", &place, &Message::Deposit {}, &coins(10_000_000, DOLLAR))?;
    t.measure("payer", &place, &Message::Deposit {}, &coins(1_000_000, DOLLAR))?;
    t.measure("anyone", &place, &Message::ClaimFoundation { asset: dollars() }, &[])?;
    let recipient = t.who("recipient")?;
    let spend = |amount: u128| Message::Spend {
        recipient: recipient.clone(),
        asset: dollars(),
        amount: Uint128::new(amount),
    };
    t.govern(&place, &spend(1_000))?;
    let done = t.govern(&place, &spend(60_000))?;
    let joint = done.number("payment")?;
    t.tell("karl", &place, &Message::Approve { payment: joint }, &[])?;
    t.measure_as("that pays", "lena", &place, &Message::Approve { payment: joint }, &[])?;
    let request =
        Message::Request { recipient: recipient.clone(), asset: dollars(), amount: Uint128::new(100) };
    let done = t.measure("karl", &place, &request, &[])?;
    let (late, milestones) =
        (done.number("payment")?, vec![Milestone { amount: Uint128::new(5_000), seconds: 1_000 }; 3]);
    let reviewer = Some(t.who("reviewer")?);
    let create = Message::CreateGrant { recipient, asset: dollars(), milestones, reviewer, research: true };
    let done = t.govern(&place, &create)?;
    let grant = done.number("grant")?;
    t.measure("reviewer", &place, &Message::ApproveMilestone { grant }, &[])?;
    t.govern(&place, &Message::ApproveMilestone { grant })?;
    t.ground.wait(500);
    t.measure("anyone", &place, &Message::ClaimGrant { grant }, &[])?;
    t.govern(&place, &Message::Clawback { grant })?;
    let rule = Rule {
        target: t.at.merit.clone(),
        key: "#migrate".into(),
        class: Class::Constitution,
        caps: vec![],
        bounds: vec![],
    };
    let remove = Message::RemoveRule { target: rule.target.clone(), key: rule.key.clone() };
    t.govern(&place, &Message::SetRule { rule })?;
    t.govern(&place, &remove)?;
    let text = Text { digest: HexBinary::from([8; 32]), uri: "ipfs://constitution-2".into() };
    t.govern(&place, &Message::AmendText { text })?;
    let config = t.constitution_config()?;
    t.govern(&place, &Message::UpdateConfig { config })?;
    let pause = Message::Pause { scope: Scope::Pools, seconds: 600, reason: "a drill".into() };
    t.measure("guardian", &place, &pause, &[])?;
    t.measure("guardian", &place, &Message::Unpause { scope: Scope::Pools }, &[])?;
    t.ground.wait(31 * DAY);
    t.measure("anyone", &place, &Message::Expire { payment: late }, &[])?;
    Ok(())
}
