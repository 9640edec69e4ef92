//! One use of a person's data, and what many of them cost together.

use crate::{
    Rational,
    accountant::{self, AccountantError, Event, Mechanism, concentrated},
};

/// One use of a person's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spending {
    /// A mechanism whose loss is followed exactly, some number of times.
    Steps(Event),
    /// Rounds in which noise was added in shares to a vector of integers.
    Shares {
        /// Δ₂² of the vector.
        squared_sensitivity: u64,
        /// σ² of one client's share.
        variance: Rational,
        /// Shares in the sum at least.
        clients: u32,
        dimension: u64,
        /// The chance that noise does not fit its levels and the round is given up.
        chance: Rational,
        rounds: u64,
    },
}

/// The ε for which everything spent is (ε, δ)-private. Infinite where nothing can be promised.
pub fn total(spent: &[Spending], delta: Rational) -> Result<f64, AccountantError> {
    let mut events: Vec<Event> = Vec::new();
    let (mut rho, mut chance) = (0.0, 0.0);
    for spending in spent {
        match *spending {
            Spending::Steps(event) => {
                match events.iter_mut().find(|known| known.mechanism == event.mechanism) {
                    Some(known) => known.count = known.count.saturating_add(event.count),
                    None => events.push(event),
                }
            }
            Spending::Shares { squared_sensitivity, variance, clients, dimension, chance: one, rounds } => {
                let rounds = rounds as f64;
                rho += rounds
                    * concentrated::of_shares(
                        Rational::from_integer(squared_sensitivity),
                        variance,
                        clients,
                        dimension,
                    )?;
                chance += rounds * one.to_f64();
            }
        }
    }
    rho *= 1.0 + 1e-12;
    if rho == 0.0 {
        return accountant::epsilon(&events, delta);
    }
    // each kind gets its part of δ, and their ε add up
    let parts = if events.is_empty() { 1 } else { 2 };
    let part = Rational::new(1, parts)
        .ok()
        .and_then(|half| delta.checked_mul(half))
        .ok_or(AccountantError::Delta(delta))?;
    let steps = if events.is_empty() { 0.0 } else { accountant::epsilon(&events, part)? };
    if chance == 0.0 {
        return Ok(steps + concentrated::epsilon(rho, part)?);
    }
    // Giving a round up with a chance of β takes (1 + e^ε) β from δ. The ε that this needs is the one that is sought: a larger one is
    // guessed until it covers itself.
    let mut guess = steps + concentrated::epsilon(rho, part)?;
    for _ in 0..60 {
        let left = part.to_f64() - (1.0 + guess.exp()) * chance * (1.0 + 1e-9);
        if left <= 0.0 {
            break;
        }
        let found = steps + concentrated::epsilon_at(rho, left);
        if found <= guess {
            return Ok(guess);
        }
        guess = found * (1.0 + 1e-6);
    }
    Ok(f64::INFINITY)
}

/// A line of the ledger.
pub(super) fn to_line(spending: &Spending) -> String {
    match *spending {
        Spending::Steps(Event { mechanism: Mechanism::Gaussian { noise_multiplier, sampling }, count }) => {
            format!("gaussian {noise_multiplier} {sampling} {count}")
        }
        Spending::Steps(Event {
            mechanism: Mechanism::DiscreteGaussian { variance, sensitivity, sampling },
            count,
        }) => {
            format!("discrete {variance} {sensitivity} {sampling} {count}")
        }
        Spending::Shares { squared_sensitivity, variance, clients, dimension, chance, rounds } => {
            format!("shares {squared_sensitivity} {variance} {clients} {dimension} {chance} {rounds}")
        }
    }
}

/// Reads what [`to_line`] wrote.
pub(super) fn from_line(line: &str) -> Option<Spending> {
    let mut words = line.split(' ');
    let kind = words.next()?;
    let words: Vec<&str> = words.collect();
    let spending = match (kind, words.as_slice()) {
        ("gaussian", [noise, sampling, count]) => Spending::Steps(Event {
            mechanism: Mechanism::Gaussian {
                noise_multiplier: noise.parse().ok()?,
                sampling: sampling.parse().ok()?,
            },
            count: count.parse().ok()?,
        }),
        ("discrete", [variance, sensitivity, sampling, count]) => Spending::Steps(Event {
            mechanism: Mechanism::DiscreteGaussian {
                variance: variance.parse().ok()?,
                sensitivity: sensitivity.parse().ok()?,
                sampling: sampling.parse().ok()?,
            },
            count: count.parse().ok()?,
        }),
        ("shares", [squared, variance, clients, dimension, chance, rounds]) => Spending::Shares {
            squared_sensitivity: squared.parse().ok()?,
            variance: variance.parse().ok()?,
            clients: clients.parse().ok()?,
            dimension: dimension.parse().ok()?,
            chance: chance.parse().ok()?,
            rounds: rounds.parse().ok()?,
        },
        _ => return None,
    };
    // one encoding each
    (to_line(&spending) == line).then_some(spending)
}
