//! A proposal's way, in few words.

use cosmwasm_std::{CosmosMsg, HexBinary, Uint128, coin, to_json_vec};
use cw_multi_test::{AppResponse, error::AnyResult};
use iz_contract_types::constitution::Class;
use iz_contract_types::quadratic_dao::{
    BallotResponse, BudgetResponse, EpochResponse, ExecuteMsg, OptionVote, ProposalResponse, QueryMsg,
    Sealed, Status, TallyResponse,
};
use sha2::{Digest, Sha256};

use crate::commons::{Commons, DENOM};

pub fn yes(proposal: u64, votes: u128) -> OptionVote {
    OptionVote { proposal, yes: votes.into(), no: Uint128::zero() }
}

pub fn no(proposal: u64, votes: u128) -> OptionVote {
    OptionVote { proposal, yes: Uint128::zero(), no: votes.into() }
}

/// Why a message was refused, in the words of the contract that did.
pub fn refusal(result: AnyResult<AppResponse>) -> String {
    result.expect_err("the message should have been refused").root_cause().to_string()
}

/// The digest of a vote that is to be sealed.
pub fn seal(sealed: &Sealed) -> HexBinary {
    HexBinary::from(Sha256::digest(to_json_vec(sealed).unwrap()).as_slice())
}

impl Commons {
    /// Proposes with the bond that is due, and answers with the number.
    pub fn propose(&mut self, by: &str, class: Class, messages: Vec<CosmosMsg>) -> u64 {
        self.try_propose(by, class, messages).unwrap();
        let all: Vec<ProposalResponse> =
            self.ask(&self.dao, &QueryMsg::Proposals { start_after: None, limit: Some(100) });
        all.last().unwrap().id
    }

    pub fn try_propose(
        &mut self,
        by: &str,
        class: Class,
        messages: Vec<CosmosMsg>,
    ) -> AnyResult<AppResponse> {
        let sender = self.name(by);
        let bond: cosmwasm_std::Coin = self.ask(&self.dao, &QueryMsg::NextBond {});
        self.give(&sender, bond.amount.u128(), DENOM);
        let propose = ExecuteMsg::Propose {
            title: "a proposal".into(),
            digest: HexBinary::from([1; 32]),
            uri: String::new(),
            class,
            messages,
        };
        let dao = self.dao.clone();
        self.send(&sender, &dao, &propose, &[coin(bond.amount.u128(), DENOM)])
    }

    pub fn vote(&mut self, voter: &str, ballot: u64, votes: Vec<OptionVote>) -> AnyResult<AppResponse> {
        self.vote_with(voter, ballot, votes, 0, None)
    }

    pub fn vote_with(
        &mut self,
        voter: &str,
        ballot: u64,
        votes: Vec<OptionVote>,
        none: u128,
        presence: Option<u128>,
    ) -> AnyResult<AppResponse> {
        let (sender, dao) = (self.name(voter), self.dao.clone());
        let vote =
            ExecuteMsg::Vote { ballot, votes, none: none.into(), presence: presence.map(Uint128::new) };
        self.send(&sender, &dao, &vote, &[])
    }

    pub fn close(&mut self, ballot: u64) -> AnyResult<AppResponse> {
        let (anyone, dao) = (self.name("anyone"), self.dao.clone());
        self.send(&anyone, &dao, &ExecuteMsg::Close { ballot }, &[])
    }

    pub fn execute(&mut self, proposal: u64) -> AnyResult<AppResponse> {
        let (anyone, dao) = (self.name("anyone"), self.dao.clone());
        self.send(&anyone, &dao, &ExecuteMsg::Execute { proposal }, &[])
    }

    pub fn ballot(&self, id: u64) -> BallotResponse {
        self.ask(&self.dao, &QueryMsg::Ballot { id })
    }

    pub fn tally(&self, ballot: u64) -> TallyResponse {
        self.ask(&self.dao, &QueryMsg::Tally { ballot })
    }

    pub fn status(&self, proposal: u64) -> Status {
        let answer: ProposalResponse = self.ask(&self.dao, &QueryMsg::Proposal { id: proposal });
        answer.status
    }

    pub fn epoch(&self) -> EpochResponse {
        let epoch: Option<EpochResponse> = self.ask(&self.dao, &QueryMsg::Epoch { number: None });
        epoch.unwrap()
    }

    pub fn budget(&self, epoch: u64, voter: &str) -> BudgetResponse {
        self.ask(&self.dao, &QueryMsg::Budget { epoch, voter: self.name(voter).to_string() })
    }

    /// The first second of a ballot's vote.
    pub fn pass_until_open(&mut self, ballot: u64) {
        let opens = self.ballot(ballot).opens;
        self.pass_until(opens.seconds());
    }

    /// The first second after a ballot's end.
    pub fn pass_until_over(&mut self, ballot: u64) {
        let ballot = self.ballot(ballot);
        self.pass_until(ballot.reveals_end.unwrap_or(ballot.closes).seconds());
    }

    pub fn pass_until(&mut self, second: u64) {
        self.app.update_block(|block| {
            block.height += 1;
            let nanos = cosmwasm_std::Timestamp::from_seconds(second);
            block.time = if nanos > block.time { nanos.plus_nanos(999_999_999) } else { block.time };
        });
    }

    /// Brings a proposal of a ballot of its own from its making to its execution, with these in favour.
    pub fn decide(
        &mut self,
        by: &str,
        class: Class,
        messages: Vec<CosmosMsg>,
        for_it: &[(&str, u128)],
    ) -> AnyResult<AppResponse> {
        let proposal = self.propose(by, class, messages);
        let answer: ProposalResponse = self.ask(&self.dao, &QueryMsg::Proposal { id: proposal });
        self.pass_until_open(answer.ballot);
        for (voter, votes) in for_it {
            self.vote(voter, answer.ballot, vec![yes(proposal, *votes)])?;
        }
        self.pass_until_over(answer.ballot);
        self.close(answer.ballot)?;
        if let Status::Passed { from, .. } = self.status(proposal) {
            self.pass_until(from.seconds());
        }
        self.execute(proposal)
    }
}
