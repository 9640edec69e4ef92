//! What a round that is over gives those who took part.

use cosmwasm_std::{Addr, Storage, Uint128};
use iz_contract_types::rounds::{EarnedResponse, Task};
use iz_rounds_machine::{Phase, Round, credit, groups, score};

use crate::error::ContractError;
use crate::state::{ANSWERS, CLIENTS, Client, MEMBERS, Member, SHEETS};

/// Who took part in a round, and as what; nobody is both.
pub enum Part {
    Client(Client),
    Member(Member),
}

impl Part {
    pub fn load(storage: &dyn Storage, id: u64, address: &Addr) -> Result<Self, ContractError> {
        if let Some(client) = CLIENTS.may_load(storage, (id, address))? {
            return Ok(Self::Client(client));
        }
        let member = MEMBERS.may_load(storage, (id, address))?;
        member
            .map(Self::Member)
            .ok_or_else(|| ContractError::NotMember { address: address.to_string(), round: id })
    }

    pub fn save(&self, storage: &mut dyn Storage, id: u64, address: &Addr) -> Result<(), ContractError> {
        match self {
            Self::Client(client) => CLIENTS.save(storage, (id, address), client)?,
            Self::Member(member) => MEMBERS.save(storage, (id, address), member)?,
        }
        Ok(())
    }

    pub fn claimed(&self) -> bool {
        match self {
            Self::Client(client) => client.claimed,
            Self::Member(member) => member.claimed,
        }
    }

    pub fn set_claimed(&mut self) {
        match self {
            Self::Client(client) => client.claimed = true,
            Self::Member(member) => member.claimed = true,
        }
    }
}

/// A round with all that decides what it gives: read once, however many are paid.
pub struct Account {
    pub id: u64,
    pub round: Round,
    pub task: Task,
    groups: Vec<Vec<u8>>,
}

impl Account {
    pub fn new(id: u64, (round, task): (Round, Task)) -> Self {
        let groups = partition(&round);
        Self { id, round, task, groups }
    }

    pub fn earned(&self, storage: &dyn Storage, part: &Part) -> Result<EarnedResponse, ContractError> {
        let (merit, node_units) = match part {
            Part::Client(client) => (self.of_client(client), Uint128::zero()),
            Part::Member(member) => self.of_member(storage, member)?,
        };
        Ok(EarnedResponse { merit, node_units, claimed: part.claimed() })
    }

    fn of_client(&self, client: &Client) -> Uint128 {
        let (Phase::Final, Some(agreed)) = (self.round.phase, &self.round.agreed) else {
            return Uint128::zero();
        };
        let reward = self.task.rewards.clients.u128();
        let own = self.groups.iter().position(|group| group.contains(&client.index));
        own.map_or(0, |group| credit::client(reward, group, &self.groups, &agreed.scores)).into()
    }

    fn of_member(&self, storage: &dyn Storage, member: &Member) -> Result<(Uint128, Uint128), ContractError> {
        let (round, rewards) = (&self.round, &self.task.rewards);
        let nothing = (Uint128::zero(), Uint128::zero());
        if !round.phase.is_over() || round.is_at_fault(member.seat) || member.fraud {
            return Ok(nothing);
        }
        let seat = (self.id, member.seat);
        Ok(match (round.phase, &round.agreed, SHEETS.may_load(storage, seat)?) {
            (Phase::Final, Some(agreed), Some(sheet)) => {
                let agreement = score::agreement(&sheet.scores, &agreed.scores);
                let merit = credit::evaluator(rewards.evaluators.u128(), round.seats, agreement);
                (merit.into(), rewards.node_units)
            }
            // who was never asked for anything was not up either
            (Phase::Void, _, _) if ANSWERS.has(storage, seat) => {
                (credit::seat(rewards.uptime.u128(), round.seats).into(), Uint128::zero())
            }
            _ => nothing,
        })
    }
}

/// Whether a client took a seat and then submitted nothing although a committee waited for it.
pub fn forfeited(round: &Round, client: &Client) -> bool {
    round.seats > 0 && client.submission.is_none()
}

/// The groups, once they are drawn.
pub fn partition(round: &Round) -> Vec<Vec<u8>> {
    match round.seed {
        Some(seed) => groups::partition(seed, &round.included, round.groups),
        None => Vec::new(),
    }
}
