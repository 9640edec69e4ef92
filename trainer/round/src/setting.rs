//! What all roles of one round agree on, read from the chain and checked: the terms, the encoding, the plan of the mask, the groups.

use iz_contract_types::rounds::{MemberResponse, RoundResponse, Submission};
use iz_protect::mask::{ClientId, MemberKey, Plan, Terms, Upload};
use iz_rounds_machine::{Digest, Parameters, groups, machine::set_digest, quorum};

use crate::{
    board::{self, Board, Place},
    encoding::Encoding,
    error::RoleError,
    recipe::Recipe,
    subset::Selection,
    weights::Layout,
};

/// The terms of a round whose committee is drawn.
#[derive(Debug)]
pub struct Setting {
    pub place: Place,
    pub number: u64,
    pub task: u64,
    pub parameters: Parameters,
    /// Which values of an update are sent.
    pub selection: Selection,
    pub encoding: Encoding,
    pub plan: Plan,
    pub committee: Vec<MemberResponse>,
}

/// A client that submitted.
#[derive(Clone, Debug)]
pub struct Entry {
    pub index: u8,
    pub id: ClientId,
    pub submission: Submission,
}

impl Setting {
    pub fn read(
        board: &mut (impl Board + ?Sized),
        view: &RoundResponse,
        recipe: &Recipe,
        layout: &Layout,
    ) -> Result<Self, RoleError> {
        let parameters = parameters(board, view)?;
        let place = board.place();
        let selection = selection(&place, view.id, recipe, layout);
        let encoding = Encoding::new(&recipe.protection, selection.count())?;
        if encoding.honest() > u32::from(parameters.minimum_group) {
            let found = u32::from(parameters.minimum_group);
            return Err(RoleError::TooFewForNoise { needed: encoding.honest(), found });
        }
        let committee = board.committee(view.id)?;
        if committee.len() != usize::from(parameters.committee) {
            return Err(RoleError::Contradiction("the committee is not as large as the terms say"));
        }
        let plan = plan(&place, view.id, &parameters, &encoding, &committee)?;
        Ok(Self { place, number: view.id, task: view.task, parameters, selection, encoding, plan, committee })
    }

    /// The clients that submitted, by index.
    pub fn entries(&self, board: &mut (impl Board + ?Sized)) -> Result<Vec<Entry>, RoleError> {
        let mut entries: Vec<Entry> = board
            .clients(self.number)?
            .into_iter()
            .filter_map(|client| {
                let id = client_id(client.client.as_str());
                client.submission.map(|submission| Entry { index: client.index, id, submission })
            })
            .collect();
        entries.sort_unstable_by_key(|entry| entry.index);
        if entries.windows(2).any(|pair| pair[0].index == pair[1].index) {
            return Err(RoleError::Contradiction("two clients have one index"));
        }
        Ok(entries)
    }

    /// The groups of the fixed set. A set whose digest is not that of its clients is refused.
    pub fn groups(&self, view: &RoundResponse) -> Result<Vec<Vec<u8>>, RoleError> {
        let round = &view.round;
        let expected = set_digest(&self.place.contract, self.number, &round.included);
        if round.set != Some(expected) {
            return Err(RoleError::Contradiction("the set's digest is not of the included clients"));
        }
        let seed = round.seed.ok_or(RoleError::Contradiction("no groups are drawn"))?;
        Ok(groups::partition(seed, &round.included, round.groups))
    }

    /// An upload as the chain names it, by the client that the chain names.
    pub fn upload(&self, board: &mut (impl Board + ?Sized), entry: &Entry) -> Result<Upload, RoleError> {
        let bytes = board::fetch(board, entry.submission.upload, self.plan.upload_length() as u64)?;
        let upload = Upload::parse(&self.plan, &bytes)?;
        if upload.client() != entry.id {
            return Err(RoleError::Contradiction("the upload is another client's"));
        }
        Ok(upload)
    }
}

/// The terms that a round runs by.
pub fn parameters(board: &mut (impl Board + ?Sized), view: &RoundResponse) -> Result<Parameters, RoleError> {
    let task = board.task(view.task)?;
    if task.version != view.version {
        return Err(RoleError::TermsChanged { round: view.id, opened: view.version, known: task.version });
    }
    task.task.parameters.validate()?;
    Ok(task.task.parameters)
}

/// Who a client is in masks.
#[must_use]
pub fn client_id(address: &str) -> ClientId {
    ClientId(Digest::of("client", &[address.as_bytes()]).0)
}

/// All clients of a round mask alike, since they are grouped only after they sent. The committee's keys are in the context, and the
/// beacon drew the committee: nobody chose what masks are expanded from.
fn plan(
    place: &Place,
    number: u64,
    parameters: &Parameters,
    encoding: &Encoding,
    committee: &[MemberResponse],
) -> Result<Plan, RoleError> {
    let keys = committee
        .iter()
        .map(|member| member.keys.sealing_key.as_slice().try_into().map(MemberKey))
        .collect::<Result<_, _>>()
        .map_err(|_| RoleError::Contradiction("a sealing key is not 32 bytes"))?;
    // as many as may be corrupt learn nothing; the rest of the threshold shortens the shares
    let private = (parameters.committee - quorum::needed(parameters.committee)).max(1);
    Ok(Plan::new(Terms {
        seed: seed(place, number).0,
        group: 0,
        values: u32::try_from(encoding.dimension()).unwrap_or(u32::MAX),
        levels: encoding.levels(),
        minimum: parameters.minimum_group.into(),
        maximum: largest_group(parameters),
        committee: keys,
        private,
        packed: parameters.threshold.saturating_sub(private),
    })?)
}

/// The values of an update that a round sends.
#[must_use]
pub fn selection(place: &Place, number: u64, recipe: &Recipe, layout: &Layout) -> Selection {
    match recipe.protection.subset {
        None => Selection::whole(layout.count()),
        Some(subset) => subset.draw(layout, seed(place, number)),
    }
}

/// Of what is drawn for one round and is no secret.
fn seed(place: &Place, number: u64) -> Digest {
    Digest::of("mask", &[place.chain.as_bytes(), place.contract.as_bytes(), &number.to_be_bytes()])
}

/// The largest group that any number of clients leads to.
fn largest_group(parameters: &Parameters) -> u32 {
    (parameters.minimum_clients..=parameters.maximum_clients)
        .map(|clients| {
            let count = groups::count(clients, parameters.groups, parameters.minimum_group);
            u32::from(clients).div_ceil(u32::from(count))
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iz_rounds_machine::{Durations, Gates};

    fn parameters(clients: (u16, u16), groups: u8, minimum_group: u16) -> Parameters {
        Parameters {
            minimum_clients: clients.0,
            maximum_clients: clients.1,
            committee: 4,
            threshold: 3,
            groups,
            minimum_group,
            durations: Durations {
                enrol: 1,
                beacon: 1,
                submit: 1,
                witness: 1,
                unmask: 1,
                aggregate: 1,
                score_commit: 1,
                score_reveal: 1,
                challenge: 1,
                judge: 1,
            },
            gates: Gates::default(),
        }
    }

    #[test]
    fn no_group_is_larger_than_the_plan_has_room_for() {
        assert_eq!(largest_group(&parameters((4, 16), 4, 2)), 4);
        // three clients cannot be two groups of two
        assert_eq!(largest_group(&parameters((2, 4), 4, 2)), 3);
        assert_eq!(largest_group(&parameters((2, 256), 1, 2)), 256);
        assert_eq!(largest_group(&parameters((200, 256), 32, 8)), 9);
    }

    #[test]
    fn every_committee_that_keeps_two_sets_apart_has_a_plan() {
        for committee in 2..=32u8 {
            let needed = quorum::needed(committee);
            let private = (committee - needed).max(1);
            let least = private + (committee - private) / 2 + 1;
            assert!(least <= needed.max(2), "{committee}: {least} {needed}");
        }
    }
}
