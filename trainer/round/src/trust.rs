//! What earlier rounds showed of each client. Groups are drawn anew each round, so a client's groups, over many rounds, tell what the client
//! is worth though no single update is ever seen. Everything comes from what the chain agreed on and is counted in whole numbers, so
//! all members come to the same record; it is one of the files of a model and the next round reads it there.

use std::collections::BTreeMap;

use iz_rounds_machine::{Digest, groups, parameters::SCALE};
use serde::{Deserialize, Serialize};

use crate::{
    board::{self, Board, BoardError},
    error::RoleError,
    publish::{MAX_BYTES, Manifest, TRUST},
};

/// A record of as many clients as can still be remembered, with long addresses.
const MAX_FILE: u64 = 4 << 20;
/// What is left of the past after a round, in hundredths: who begins to cheat is found out, who stops is heard again.
const KEPT: u64 = 95;
/// Less than a sixteenth of a round is forgotten.
const LEAST: u64 = SCALE as u64 / 16;
/// A group counts at most one and a half times as much as the middle one: one lucky round makes no record.
const MOST: u64 = SCALE as u64 * 3 / 2;

/// The record of all clients, in millionths.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trust {
    clients: BTreeMap<String, Record>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    /// What its groups scored, each beside the middle one of its round.
    score: u64,
    /// In how many rounds.
    rounds: u64,
}

impl Trust {
    /// The record before a round that goes on from this model: the model's own, and what the round that made it scored.
    pub fn read(board: &mut (impl Board + ?Sized), manifest: Option<Digest>) -> Result<Self, RoleError> {
        let Some(digest) = manifest else { return Ok(Self::default()) };
        let manifest = Manifest::parse(&board::fetch(board, digest, MAX_BYTES as u64)?)?;
        let file = manifest.file(TRUST)?;
        if file.bytes > MAX_FILE {
            return Err(BoardError::TooLarge { limit: MAX_FILE, found: file.bytes }.into());
        }
        let mut trust = Self::parse(&board::fetch(board, file.sha256, file.bytes)?)?;
        let round = board.round(manifest.round)?.round;
        let (Some(agreed), Some(seed)) = (&round.agreed, round.seed) else {
            return Err(RoleError::Contradiction("a final round has no scores"));
        };
        let names: BTreeMap<u8, String> = board
            .clients(manifest.round)?
            .into_iter()
            .map(|client| (client.index, client.client.into_string()))
            .collect();
        let named = |group: Vec<u8>| -> Option<Vec<String>> {
            group.into_iter().map(|index| names.get(&index).cloned()).collect()
        };
        let groups: Option<Vec<Vec<String>>> =
            groups::partition(seed, &round.included, round.groups).into_iter().map(named).collect();
        trust.learn(
            &groups.ok_or(RoleError::Contradiction("an included client is not in its round"))?,
            &agreed.scores,
        );
        Ok(trust)
    }

    /// Reads a record that members attested.
    pub fn parse(bytes: &[u8]) -> Result<Self, RoleError> {
        let wrong = |_| RoleError::Contradiction("the record of clients is none");
        serde_json::from_slice(bytes).map_err(wrong)
    }

    /// The one encoding.
    pub fn to_bytes(&self) -> Result<Vec<u8>, RoleError> {
        serde_json::to_vec(self)
            .map_err(|_| RoleError::Contradiction("the record of clients cannot be written"))
    }

    /// Adds a round: its groups by the names of their clients, and their scores.
    pub fn learn(&mut self, groups: &[Vec<String>], scores: &[u32]) {
        for record in self.clients.values_mut() {
            record.score = record.score * KEPT / 100;
            record.rounds = record.rounds * KEPT / 100;
        }
        let mut positive: Vec<u32> = scores.iter().copied().filter(|score| *score > 0).collect();
        positive.sort_unstable();
        // where nobody was worth anything nobody was worth less than others
        if let Some(middle) = positive.get(positive.len() / 2) {
            for (group, score) in groups.iter().zip(scores) {
                let part = (u64::from(*score) * u64::from(SCALE) / u64::from(*middle)).min(MOST);
                for client in group {
                    let record = self.clients.entry(client.clone()).or_default();
                    record.score += part;
                    record.rounds += u64::from(SCALE);
                }
            }
        }
        self.clients.retain(|_, record| record.rounds >= LEAST);
    }

    /// About one for a client as good as others, and for one that nobody knows; near zero for one that never helped.
    #[must_use]
    pub fn of(&self, client: &str) -> f64 {
        let Record { score, rounds } = self.clients.get(client).copied().unwrap_or_default();
        let scale = u64::from(SCALE);
        (score + scale) as f64 / (rounds + scale) as f64
    }

    /// A group is as good as the worst that is known of its clients.
    pub fn of_group<'a>(&self, clients: impl IntoIterator<Item = &'a str>) -> f64 {
        clients.into_iter().map(|client| self.of(client)).fold(f64::INFINITY, f64::min).min(f64::from(SCALE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(pairs: &[[&str; 2]]) -> Vec<Vec<String>> {
        pairs.iter().map(|pair| pair.iter().map(|name| (*name).to_string()).collect()).collect()
    }

    #[test]
    fn who_is_in_bad_groups_is_found_out_and_its_partners_are_not() {
        let mut trust = Trust::default();
        let rounds = [
            [["bad", "a"], ["b", "c"], ["d", "e"]],
            [["bad", "b"], ["a", "d"], ["c", "e"]],
            [["bad", "c"], ["a", "b"], ["d", "e"]],
            [["bad", "d"], ["a", "e"], ["b", "c"]],
            [["bad", "e"], ["a", "c"], ["b", "d"]],
        ];
        for pairs in rounds {
            trust.learn(&groups(&pairs), &[0, 400, 500]);
        }
        assert!(trust.of("bad") < 0.2, "{}", trust.of("bad"));
        for name in ["a", "b", "c", "d", "e"] {
            assert!(trust.of(name) > 0.6, "{name} {}", trust.of(name));
        }
        assert_eq!(trust.of("stranger"), 1.0);
        assert_eq!(trust.of_group(["a", "bad"]), trust.of("bad"));
    }

    #[test]
    fn who_stops_cheating_is_heard_again_and_who_left_is_forgotten() {
        let mut trust = Trust::default();
        for _ in 0..20 {
            trust.learn(&groups(&[["bad", "bad"], ["a", "b"]]), &[0, 100]);
        }
        let before = trust.of("bad");
        for _ in 0..40 {
            trust.learn(&groups(&[["bad", "c"], ["d", "b"]]), &[100, 100]);
        }
        assert!(before < 0.1 && trust.of("bad") > 0.8, "{before} {}", trust.of("bad"));
        for _ in 0..120 {
            trust.learn(&groups(&[["d", "b"]]), &[100]);
        }
        assert_eq!(trust.of("bad"), 1.0);
        assert!(!trust.clients.contains_key("bad"));
    }

    #[test]
    fn a_round_without_any_worth_says_nothing_and_luck_is_cut() {
        let mut trust = Trust::default();
        trust.learn(&groups(&[["a", "b"], ["c", "d"]]), &[0, 0]);
        assert_eq!(trust, Trust::default());
        trust.learn(&groups(&[["a", "b"], ["c", "d"], ["e", "f"]]), &[u32::MAX, 1, 1]);
        assert_eq!(trust.of("a"), 1.25);
    }

    #[test]
    fn a_record_is_one_text_and_back_and_other_bytes_are_refused() {
        let mut trust = Trust::default();
        trust.learn(&groups(&[["a", "b"], ["c", "d"]]), &[7, 9]);
        assert_eq!(Trust::parse(&trust.to_bytes().unwrap()).unwrap(), trust);
        for bytes in [&b""[..], b"{", b"[]", b"{\"a\":{\"score\":-1,\"rounds\":1}}", b"{\"a\":{\"score\":1}}"]
        {
            assert!(matches!(Trust::parse(bytes), Err(RoleError::Contradiction(_))));
        }
    }
}
