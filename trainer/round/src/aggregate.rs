//! From uploads and sums of shares to the next model. All of it is public and integer arithmetic up to the means, so members and anyone
//! else come to the same bytes; a group that cannot be opened is left out by all of them alike.

use std::collections::{BTreeMap, BTreeSet};

use iz_contract_types::rounds::RoundResponse;
use iz_protect::mask::{AggregateError, Aggregator, IncludedSet, ShareSum, Upload};

use crate::{
    board::{self, Board, BoardError},
    error::RoleError,
    global::Global,
    publish::{Artefact, GroupRecord, Head, card},
    recipe::Recipe,
    robust::GroupMean,
    setting::{Entry, Setting},
    subset::Selection,
    trust::Trust,
};

/// What a round's sums come to.
#[derive(Debug)]
pub struct Aggregate {
    pub groups: Vec<OpenedGroup>,
    /// Seats whose sums were false, missing or no sums.
    pub false_seats: BTreeSet<u16>,
}

/// A group, opened or not.
#[derive(Debug)]
pub struct OpenedGroup {
    /// Indices of its clients.
    pub clients: Vec<u8>,
    /// The exact sum of its clients' integers.
    pub sums: Result<Vec<i64>, AggregateError>,
}

/// The model of a round, and what its scores are computed from.
#[derive(Debug)]
pub struct Product {
    pub aggregate: Aggregate,
    /// None for groups that could not be opened.
    pub means: Vec<Option<GroupMean>>,
    pub next: Global,
    pub artefact: Artefact,
}

impl Aggregate {
    /// Opens every group with the sums that members posted.
    pub fn open(
        board: &mut (impl Board + ?Sized),
        setting: &Setting,
        view: &RoundResponse,
    ) -> Result<Self, RoleError> {
        let groups = setting.groups(view)?;
        let entries = setting.entries(board)?;
        let (posted, mut false_seats) = posted_sums(board, setting, groups.len())?;
        let mut opened = Vec::with_capacity(groups.len());
        for (number, clients) in groups.into_iter().enumerate() {
            // one group's uploads at a time
            let uploads = group_uploads(board, setting, &entries, &clients)?;
            let set = set_of(setting, &uploads)?;
            let mut sums: Vec<ShareSum> = Vec::new();
            for (seat, of_groups) in &posted {
                match of_groups.get(number).map(|bytes| ShareSum::parse(&setting.plan, bytes)) {
                    // a member speaks for itself, and of this set
                    Some(Ok(sum)) if sum.member == *seat && sum.set == set.hash() => sums.push(sum),
                    _ => {
                        false_seats.insert(*seat);
                    }
                }
            }
            let mut aggregator = Aggregator::new(&setting.plan, &set)?;
            aggregator.add(&uploads)?;
            let sums = match aggregator.open(&sums) {
                Ok(opening) => {
                    false_seats.extend(&opening.false_members);
                    Ok(setting.encoding.decode(&opening.sums, opening.clients)?)
                }
                Err(error) => Err(error),
            };
            opened.push(OpenedGroup { clients, sums });
        }
        Ok(Self { groups: opened, false_seats })
    }

    /// The mean update of each group that opened, with what is known of its clients by their names.
    #[must_use]
    pub fn means(
        &self,
        setting: &Setting,
        trust: &Trust,
        names: &BTreeMap<u8, String>,
    ) -> Vec<Option<GroupMean>> {
        self.groups
            .iter()
            .map(|group| {
                let sent = setting.encoding.mean(group.sums.as_ref().ok()?, group.clients.len());
                let values = setting.selection.scatter(&sent);
                let clients = group.clients.iter().filter_map(|index| names.get(index));
                let trust = trust.of_group(clients.map(String::as_str));
                Some(GroupMean { clients: group.clients.len() as u16, trust, values })
            })
            .collect()
    }
}

impl Product {
    /// Computes the model of a round from what is on the board.
    pub fn compute(
        board: &mut (impl Board + ?Sized),
        setting: &Setting,
        view: &RoundResponse,
        recipe: &Recipe,
        global: &Global,
    ) -> Result<Self, RoleError> {
        let aggregate = Aggregate::open(board, setting, view)?;
        let trust =
            if recipe.combine.remembers() { Some(Trust::read(board, global.manifest)?) } else { None };
        let names: BTreeMap<u8, String> = match &trust {
            None => BTreeMap::new(),
            Some(_) => {
                let clients = board.clients(setting.number)?.into_iter();
                clients.map(|client| (client.index, client.client.into_string())).collect()
            }
        };
        let means = aggregate.means(setting, trust.as_ref().unwrap_or(&Trust::default()), &names);
        let next = next_global(setting, recipe, global, &means)?;
        let groups: Vec<GroupRecord> = aggregate
            .groups
            .iter()
            .map(|group| GroupRecord { clients: group.clients.len() as u16, opened: group.sums.is_ok() })
            .collect();
        let card = card(recipe, &setting.place, setting.number, &groups, &setting.encoding);
        let head = Head {
            place: setting.place.clone(),
            task: setting.task,
            round: setting.number,
            parent: global.manifest,
            recipe: recipe.digest()?,
            set: view.round.set.ok_or(RoleError::Contradiction("no set is fixed"))?,
            groups,
        };
        let artefact = Artefact::new(&next, recipe, trust.as_ref(), card, head)?;
        Ok(Self { aggregate, means, next, artefact })
    }
}

/// The next weights from the means of the groups.
pub fn next_global(
    setting: &Setting,
    recipe: &Recipe,
    global: &Global,
    means: &[Option<GroupMean>],
) -> Result<Global, RoleError> {
    Combined::new(setting, recipe, means)?.advance(recipe, global, None)
}

/// What the groups of a round come to, and what each of them gave to it.
#[derive(Debug)]
pub struct Combined {
    /// Of the groups that opened, in their order: the mean as it is heard.
    pub rows: Vec<Vec<f64>>,
    update: Vec<f64>,
    sent: Selection,
    /// The part of all seats for clients that is in the sum.
    part: f64,
}

impl Combined {
    pub fn new(setting: &Setting, recipe: &Recipe, means: &[Option<GroupMean>]) -> Result<Self, RoleError> {
        let used: Vec<&GroupMean> = means.iter().flatten().collect();
        let clients: u32 = used.iter().map(|mean| u32::from(mean.clients)).sum();
        let rows = recipe
            .combine
            .rows(&used, |clients| setting.encoding.longest_mean(clients))
            .ok_or(RoleError::NothingOpened(means.len()))?;
        let update = recipe.combine.join(&used, &rows);
        let part = f64::from(clients) / f64::from(setting.parameters.maximum_clients.max(1));
        Ok(Self { rows, update, sent: setting.selection.clone(), part })
    }

    /// The next weights; less an equal part of a row where one is given.
    pub fn advance(
        &self,
        recipe: &Recipe,
        global: &Global,
        less: Option<&[f64]>,
    ) -> Result<Global, RoleError> {
        let Some(less) = less else { return global.advanced(recipe, &self.update, &self.sent, self.part) };
        let share = 1.0 / self.rows.len().max(1) as f64;
        let update: Vec<f64> =
            self.update.iter().zip(less).map(|(value, less)| value - share * less).collect();
        global.advanced(recipe, &update, &self.sent, self.part)
    }
}

/// The set of a group, by its uploads.
pub fn set_of(setting: &Setting, uploads: &[Upload]) -> Result<IncludedSet, RoleError> {
    let entries = uploads.iter().map(|upload| (upload.client(), upload.digest(&setting.plan)));
    Ok(IncludedSet::new(&setting.plan, entries)?)
}

/// The uploads of a group's clients.
pub fn group_uploads(
    board: &mut (impl Board + ?Sized),
    setting: &Setting,
    entries: &[Entry],
    clients: &[u8],
) -> Result<Vec<Upload>, RoleError> {
    clients
        .iter()
        .map(|client| {
            let entry = entries.iter().find(|entry| entry.index == *client);
            let entry = entry.ok_or(RoleError::Contradiction("an included client did not submit"))?;
            setting.upload(board, entry)
        })
        .collect()
}

/// A member's sums of all groups as one blob: each after its length.
#[must_use]
pub fn join_sums(sums: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for sum in sums {
        bytes.extend_from_slice(&(sum.len() as u32).to_le_bytes());
        bytes.extend_from_slice(sum);
    }
    bytes
}

/// Splits such a blob; none unless it has exactly so many parts.
#[must_use]
pub fn split_sums(mut bytes: &[u8], groups: usize) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    for _ in 0..groups {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        parts.push(part);
        bytes = rest;
    }
    bytes.is_empty().then_some(parts)
}

type PostedSums = Vec<(u16, Vec<Vec<u8>>)>;

/// What members posted, and the seats whose sums cannot be had or split. Whether the chain can be reached is another matter.
fn posted_sums(
    board: &mut (impl Board + ?Sized),
    setting: &Setting,
    groups: usize,
) -> Result<(PostedSums, BTreeSet<u16>), RoleError> {
    // two bytes an element and a head of a hundred bytes are more than a sum takes
    let limit = groups as u64 * (2 * 4096 + 128);
    let (mut posted, mut false_seats) = (Vec::new(), BTreeSet::new());
    for member in &board.committee(setting.number)? {
        let Some(sum) = member.sum else { continue };
        let seat = u16::from(member.seat);
        match board::fetch(board, sum, limit) {
            Ok(bytes) => match split_sums(&bytes, groups) {
                Some(parts) => posted.push((seat, parts.into_iter().map(<[u8]>::to_vec).collect())),
                None => {
                    false_seats.insert(seat);
                }
            },
            Err(error @ BoardError::Unavailable(_)) => return Err(error.into()),
            Err(_) => {
                false_seats.insert(seat);
            }
        }
    }
    Ok((posted, false_seats))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_are_one_blob_and_back(
            sums in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..6),
            other in prop::collection::vec(any::<u8>(), 0..40),
            groups in 0usize..6,
        ) {
            let blob = join_sums(&sums);
            let parts = split_sums(&blob, sums.len()).unwrap();
            prop_assert_eq!(parts, sums.iter().map(Vec::as_slice).collect::<Vec<_>>());
            prop_assert_eq!(split_sums(&blob, sums.len() + 1), None);
            prop_assert!(blob.is_empty() || split_sums(&blob[..blob.len() - 1], sums.len()).is_none());
            if let Some(parts) = split_sums(&other, groups) {
                prop_assert_eq!(join_sums(&parts.iter().map(|part| part.to_vec()).collect::<Vec<_>>()), other);
            }
        }
    }
}
