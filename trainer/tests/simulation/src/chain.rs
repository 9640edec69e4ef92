//! A chain of one contract: the pure machine behind the messages of `rounds`, with what the contract would keep beside it.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, HexBinary, Uint128, coin};
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use iz_contract_types::{
    keys::Keys,
    rounds::{
        ClientResponse, ExecuteMsg, MemberResponse, Rewards, RoundResponse, Submission, Task, TaskResponse,
    },
};
use iz_round::{BoardError, Place};
use iz_rounds_machine::{
    Bitmap, Digest, Parameters, Phase, Roll, Round, RoundError, draw, groups, keys::sum_statement,
    machine::Evidence, score::Sheet,
};

/// Everything that is public.
#[derive(Debug)]
pub struct Chain {
    pub now: u64,
    pub place: Place,
    pub parameters: Parameters,
    pub rounds: BTreeMap<u64, Running>,
    pub blobs: BTreeMap<Digest, Vec<u8>>,
    /// Of nodes, by address.
    pub keys: BTreeMap<String, Keys>,
}

/// A round and what came in for it.
#[derive(Debug)]
pub struct Running {
    pub task: u64,
    pub round: Round,
    pub roll: Roll,
    pub clients: Vec<(String, Option<Submission>)>,
    pub candidates: Vec<String>,
    pub committee: Vec<String>,
    answers: BTreeMap<u8, Bitmap>,
    pub sums: BTreeMap<u8, Digest>,
    commitments: BTreeMap<u8, Digest>,
    pub sheets: BTreeMap<u8, Sheet>,
}

type Refusal = Result<(), BoardError>;

fn refused(error: &RoundError) -> BoardError {
    BoardError::Refused(error.to_string())
}

impl Chain {
    #[must_use]
    pub fn new(parameters: Parameters) -> Self {
        Self {
            now: 1_000_000,
            place: Place { chain: "simulation".into(), contract: "rounds".into() },
            parameters,
            rounds: BTreeMap::new(),
            blobs: BTreeMap::new(),
            keys: BTreeMap::new(),
        }
    }

    pub fn open(&mut self, task: u64) -> Result<u64, RoundError> {
        let id = self.rounds.len() as u64 + 1;
        let running = Running {
            task,
            round: Round::open(&self.parameters, self.now)?,
            roll: Roll::default(),
            clients: Vec::new(),
            candidates: Vec::new(),
            committee: Vec::new(),
            answers: BTreeMap::new(),
            sums: BTreeMap::new(),
            commitments: BTreeMap::new(),
            sheets: BTreeMap::new(),
        };
        self.rounds.insert(id, running);
        Ok(id)
    }

    pub fn running(&self, id: u64) -> Result<&Running, BoardError> {
        self.rounds.get(&id).ok_or_else(|| BoardError::Refused(format!("no round {id}")))
    }

    /// Executes a message, or refuses it and changes nothing.
    pub fn execute(&mut self, sender: &str, message: ExecuteMsg) -> Refusal {
        let Self { now, place, parameters, rounds, keys, .. } = self;
        let (now, id) = (*now, target(&message)?);
        let running = rounds.get_mut(&id).ok_or_else(|| BoardError::Refused(format!("no round {id}")))?;
        let seat = running.committee.iter().position(|member| member == sender).map(|seat| seat as u8);
        let seat = seat.ok_or_else(|| BoardError::Refused(format!("{sender} has no seat")));
        let known = |running: &Running| {
            running.clients.iter().any(|(client, _)| client == sender)
                || running.candidates.iter().any(|candidate| candidate == sender)
        };
        let result = match message {
            ExecuteMsg::Enrol { .. } if known(running) => {
                return Err(BoardError::Refused("already in".into()));
            }
            ExecuteMsg::Enrol { .. } => running.round.enrol(parameters, &mut running.roll, now).map(|_| {
                running.clients.push((sender.to_string(), None));
            }),
            ExecuteMsg::Stand { .. } if known(running) => {
                return Err(BoardError::Refused("already in".into()));
            }
            ExecuteMsg::Stand { .. } => running.round.within(Phase::Enrol, now).map(|()| {
                running.candidates.push(sender.to_string());
            }),
            ExecuteMsg::Submit { upload, shares, .. } => {
                let index = running.clients.iter().position(|(client, _)| client == sender);
                let index = index.ok_or_else(|| BoardError::Refused("not a client".into()))?;
                running.round.submit(&mut running.roll, index as u8, now).map(|()| {
                    running.clients[index].1 = Some(Submission { upload, shares });
                })
            }
            ExecuteMsg::Witness { clients, .. } => {
                let seat = seat?;
                running.round.witness(&running.roll, seat, &clients, now).map(|()| {
                    running.answers.insert(seat, clients);
                })
            }
            ExecuteMsg::PostSum { set, sum, signature, .. } => {
                let seat = seat?;
                let statement = sum_statement(&place.chain, &place.contract, id, &set, &sum);
                let key = keys.get(sender).map(|keys| keys.signature_key.to_vec()).unwrap_or_default();
                if !signed(&key, &statement, &signature) {
                    return Err(BoardError::Refused("bad signature".into()));
                }
                running.round.post_sum(seat, &set, now).map(|()| {
                    running.sums.insert(seat, sum);
                })
            }
            ExecuteMsg::Attest { aggregate, .. } => running.round.attest(seat?, aggregate, now),
            ExecuteMsg::CommitScores { commitment, .. } => {
                let seat = seat?;
                running.round.commit_scores(seat, now).map(|()| {
                    running.commitments.insert(seat, commitment);
                })
            }
            ExecuteMsg::RevealScores { scores, metrics, salt, .. } => {
                let (seat, sheet) = (seat?, Sheet { scores, metrics });
                let opened = sheet.commitment(&place.contract, id, sender, &salt);
                let committed = running.commitments.get(&seat).copied();
                running.round.reveal_scores(seat, &sheet, opened, committed, now).map(|()| {
                    running.sheets.insert(seat, sheet);
                })
            }
            ExecuteMsg::Challenge { .. } => running.round.challenge(parameters, now),
            ExecuteMsg::Judge { upheld, .. } => running.round.judge(seat?, upheld, now),
            other => return Err(BoardError::Refused(format!("not simulated: {other:?}"))),
        };
        result.map_err(|error| refused(&error))
    }

    /// Moves a round on if it can be: posts the beacon where it is waited for, or advances.
    pub fn advance(&mut self, id: u64) -> Refusal {
        let Self { now, place, parameters, rounds, .. } = self;
        let running = rounds.get_mut(&id).ok_or_else(|| BoardError::Refused(format!("no round {id}")))?;
        let value = |purpose: &str| Digest::of("beacon", &[purpose.as_bytes(), &id.to_be_bytes()]);
        let result = match running.round.phase {
            Phase::Draw => {
                let order = draw::committee(
                    value("committee"),
                    parameters.committee,
                    running.candidates.len() as u32,
                    |index| Ok::<_, draw::DrawError>(u128::from(index) + 1),
                )
                .map_err(|error| BoardError::Refused(error.to_string()))?;
                running.round.seat_committee(parameters, *now).map(|()| {
                    running.committee =
                        order.iter().map(|index| running.candidates[*index as usize].clone()).collect();
                })
            }
            Phase::Group => running.round.draw_groups(parameters, value("groups"), *now),
            _ => {
                let answers: Vec<Bitmap> = running.answers.values().copied().collect();
                let sheets: Vec<(Sheet, u128)> =
                    running.sheets.values().map(|sheet| (sheet.clone(), 1)).collect();
                let evidence = Evidence {
                    candidates: running.candidates.len() as u32,
                    beacon: Some((id, *now)),
                    contract: &place.contract,
                    number: id,
                    answers: &answers,
                    sheets: &sheets,
                    weight: u128::from(running.round.seats),
                };
                running.round.advance(parameters, &running.roll, &evidence, *now)
            }
        };
        result.map_err(|error| refused(&error))
    }

    #[must_use]
    pub fn groups(&self, running: &Running) -> Vec<Vec<u8>> {
        let round = &running.round;
        round.seed.map(|seed| groups::partition(seed, &round.included, round.groups)).unwrap_or_default()
    }

    pub fn shown_round(&self, id: u64) -> Result<RoundResponse, BoardError> {
        let running = self.running(id)?;
        Ok(RoundResponse {
            id,
            task: running.task,
            version: 1,
            round: running.round.clone(),
            enrolled: running.roll.enrolled,
            submitted: running.roll.submitted,
            candidates: running.candidates.len() as u32,
            challenger: None,
            beacon_message: None,
        })
    }

    #[must_use]
    pub fn shown_task(&self, id: u64) -> TaskResponse {
        let task = Task {
            name: "simulated".into(),
            active: true,
            parameters: self.parameters.clone(),
            client_bond: coin(0, "uzero"),
            challenge_bond: coin(1, "uzero"),
            candidate_bond: Uint128::zero(),
            rewards: Rewards {
                clients: Uint128::new(1_000_000),
                evaluators: Uint128::zero(),
                uptime: Uint128::zero(),
                node_units: Uint128::zero(),
                pool: None,
            },
            artefact: None,
        };
        TaskResponse { id, version: 1, task, round: None }
    }

    pub fn shown_clients(&self, id: u64) -> Result<Vec<ClientResponse>, BoardError> {
        let running = self.running(id)?;
        let groups = self.groups(running);
        let shown = |(index, (client, submission)): (usize, &(String, Option<Submission>))| {
            let index = index as u8;
            ClientResponse {
                client: Addr::unchecked(client),
                index,
                submission: submission.clone(),
                included: running.round.included.contains(index),
                group: (0..).zip(&groups).find(|(_, group)| group.contains(&index)).map(|(group, _)| group),
            }
        };
        Ok(running.clients.iter().enumerate().map(shown).collect())
    }

    pub fn shown_committee(&self, id: u64) -> Result<Vec<MemberResponse>, BoardError> {
        let running = self.running(id)?;
        (0u8..)
            .zip(&running.committee)
            .map(|(seat, operator)| {
                let keys = self.keys.get(operator).cloned();
                Ok(MemberResponse {
                    seat,
                    operator: Addr::unchecked(operator),
                    merit: Uint128::one(),
                    keys: keys.ok_or_else(|| BoardError::Refused("no keys".into()))?,
                    sum: running.sums.get(&seat).copied(),
                })
            })
            .collect()
    }

    /// The manifest of the last final round of a task before this one.
    #[must_use]
    pub fn latest(&self, task: u64, before: u64) -> Option<Digest> {
        let earlier = self.rounds.range(..before).rev();
        let mut finals = earlier
            .filter(|(_, running)| running.task == task && running.round.phase == Phase::Final)
            .filter_map(|(_, running)| running.round.aggregate);
        finals.next()
    }
}

fn target(message: &ExecuteMsg) -> Result<u64, BoardError> {
    Ok(match message {
        ExecuteMsg::Enrol { round }
        | ExecuteMsg::Stand { round }
        | ExecuteMsg::Submit { round, .. }
        | ExecuteMsg::Witness { round, .. }
        | ExecuteMsg::PostSum { round, .. }
        | ExecuteMsg::Attest { round, .. }
        | ExecuteMsg::CommitScores { round, .. }
        | ExecuteMsg::RevealScores { round, .. }
        | ExecuteMsg::Challenge { round, .. }
        | ExecuteMsg::Judge { round, .. } => *round,
        other => return Err(BoardError::Refused(format!("not simulated: {other:?}"))),
    })
}

fn signed(key: &[u8], statement: &Digest, signature: &HexBinary) -> bool {
    let key = key.try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok());
    let signature = Signature::from_slice(signature.as_slice()).ok();
    key.zip(signature).is_some_and(|(key, signature)| key.verify(&statement.0, &signature).is_ok())
}
