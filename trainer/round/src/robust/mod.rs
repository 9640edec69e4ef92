//! One update from the groups' means, whatever some of them are.
//!
//! Nothing but sums of groups is visible, so what is robust is robust against groups. Clients are grouped at random each round, after
//! they sent, so an attacker spoils the groups it happens to be in and no more. Before any rule but the plain mean, no group's mean is longer
//! than the median of all: whoever sends more than others is not heard better. And none is longer than honest clients' can be.
//!
//! All committee members must come to the same bits: doubles, in a fixed order, without functions whose last bit differs from one
//! machine to another.

mod krum;
mod rules;

use serde::{Deserialize, Serialize};

use crate::recipe::RecipeError;

/// The mean update of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMean {
    pub clients: u16,
    /// What is known of its clients ([`crate::trust`]): about one where nothing speaks against them.
    pub trust: f64,
    pub values: Vec<f32>,
}

/// How means of groups become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// The mean of the groups, by what earlier rounds showed of their clients: no group is heard better than the middle one, and one that is
    /// known to be less than half as good is not heard.
    #[default]
    Trusted,
    /// The mean over all clients: for tasks whose clients are known.
    Mean,
    /// Of each value, the median of the groups.
    Median,
    /// Of each value, the mean without this part of the groups at either end.
    Trimmed { part: f32 },
    /// The mean of the groups that are closest to their neighbours, if this part of the groups may be false (Blanchard and others
    /// 2017).
    MultiKrum { faulty: f32 },
    /// A mean in which each group pulls at most as far as the median group does, repeated from the last result (Karimireddy and
    /// others 2021). It begins at the median.
    CentredClipping { iterations: u8 },
}

impl Rule {
    pub fn check(&self) -> Result<(), RecipeError> {
        let part = |part: f32| (0.0..0.5).contains(&part);
        match *self {
            Self::Trimmed { part: value } | Self::MultiKrum { faulty: value } if !part(value) => {
                Err(RecipeError::Value("the part of false groups is from 0 to below a half"))
            }
            Self::CentredClipping { iterations } if !(1..=20).contains(&iterations) => {
                Err(RecipeError::Value("centred clipping takes 1 to 20 iterations"))
            }
            _ => Ok(()),
        }
    }

    /// One update from means of the same dimension; none where there are no groups. `longest` is the length that honest means of so
    /// many clients do not exceed.
    #[must_use]
    pub fn combine(&self, means: &[&GroupMean], longest: impl Fn(usize) -> f64) -> Option<Vec<f64>> {
        Some(self.join(means, &self.rows(means, longest)?))
    }

    /// Whether the rule needs the record of clients.
    #[must_use]
    pub fn remembers(&self) -> bool {
        *self == Self::Trusted
    }

    /// The means as they are heard: each at most as long as it may be. None where there are none, or they are of several lengths.
    #[must_use]
    pub fn rows(&self, means: &[&GroupMean], longest: impl Fn(usize) -> f64) -> Option<Vec<Vec<f64>>> {
        let first = means.first()?;
        if means.iter().any(|mean| mean.values.len() != first.values.len()) {
            return None;
        }
        let mut rows: Vec<Vec<f64>> =
            means.iter().map(|mean| mean.values.iter().map(|value| f64::from(*value)).collect()).collect();
        for (row, mean) in rows.iter_mut().zip(means) {
            shorten(row, longest(mean.clients.into()));
        }
        if *self != Self::Mean {
            let mut lengths: Vec<f64> = rows.iter().map(|row| norm(row)).collect();
            lengths.sort_unstable_by(f64::total_cmp);
            let median = rules::middle(&lengths);
            rows.iter_mut().for_each(|row| shorten(row, median));
        }
        Some(rows)
    }

    /// The update from such rows, at least one.
    #[must_use]
    pub fn join(&self, means: &[&GroupMean], rows: &[Vec<f64>]) -> Vec<f64> {
        let groups = rows.len();
        let clients = || means.iter().map(|mean| f64::from(mean.clients));
        match *self {
            Self::Trusted => {
                let trust: Vec<f64> = means.iter().map(|mean| mean.trust).collect();
                let weights: Vec<f64> =
                    rules::heard(&trust).into_iter().zip(clients()).map(|(one, other)| one * other).collect();
                rules::mean(rows, &weights)
            }
            Self::Mean => rules::mean(rows, &clients().collect::<Vec<_>>()),
            Self::Median => rules::median(rows),
            Self::Trimmed { part } => rules::trimmed(rows, count(part, groups)),
            Self::MultiKrum { faulty } => krum::multi_krum(rows, count(faulty, groups)),
            Self::CentredClipping { iterations } => rules::centred_clipping(rows, iterations),
        }
    }
}

/// A part of the groups, rounded up: one attacker more than expected must not break the rule.
fn count(part: f32, groups: usize) -> usize {
    // a fifth of five is one, though a fifth is no float
    ((f64::from(part) * groups as f64 - 1e-6).ceil() as usize).min(groups.saturating_sub(1) / 2)
}

fn shorten(row: &mut [f64], longest: f64) {
    let length = norm(row);
    if length > longest {
        row.iter_mut().for_each(|value| *value *= longest / length);
    }
}

pub(super) fn norm(row: &[f64]) -> f64 {
    row.iter().map(|value| value * value).sum::<f64>().sqrt()
}

pub(super) fn distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests;
