//! The file that a lifetime's budget is kept in.

use std::{
    collections::BTreeSet,
    fs::{self, File, TryLockError},
    io::Write,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::spending::{Spending, from_line, to_line, total};
use crate::{Rational, accountant::AccountantError};

const VERSION: &str = "iz-budget/1";
/// Before the name of a use that has one.
const MARK: char = '@';

/// What a person is ready to lose in a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub epsilon: Rational,
    pub delta: Rational,
}

/// Why nothing was spent.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    #[error(
        "the budget is spent: this would take ε from {spent:.4} to {would_be:.4}, and {allowed} are allowed"
    )]
    Exhausted { spent: f64, would_be: f64, allowed: Rational },
    #[error("the ledger was begun with ε {epsilon} and δ {delta}; to change them begin another")]
    Allowance { epsilon: Rational, delta: Rational },
    #[error("line {line} of the ledger {path} was changed or torn; nothing is spent on what cannot be read")]
    Damaged { path: PathBuf, line: usize },
    #[error("the ledger is used by another process")]
    Busy,
    #[error("{0:?} is no name of a use")]
    Name(String),
    #[error(transparent)]
    Accountant(#[from] AccountantError),
    #[error("the ledger cannot be kept: {0}")]
    Storage(#[from] std::io::Error),
}

/// A lifetime's spending. One process at a time.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    allowance: Allowance,
    spent: Vec<Spending>,
    /// Lines of uses that have a name.
    named: BTreeSet<String>,
    text: String,
    _lock: File,
}

impl Ledger {
    /// Opens the ledger, or begins one.
    pub fn open(path: impl Into<PathBuf>, allowance: Allowance) -> Result<Self, BudgetError> {
        let path = path.into();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let lock = File::create(path.with_extension("lock"))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => BudgetError::Busy,
            TryLockError::Error(error) => BudgetError::Storage(error),
        })?;
        match fs::read_to_string(&path) {
            Ok(text) => {
                let (found, spent, named) = read(&path, &text)?;
                if found != allowance {
                    return Err(BudgetError::Allowance { epsilon: found.epsilon, delta: found.delta });
                }
                Ok(Self { path, allowance, spent, named, text, _lock: lock })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let text = chained("", &format!("{VERSION} {} {}", allowance.epsilon, allowance.delta));
                // an allowance that the accountant refuses is found now rather than in a year
                total(&[], allowance.delta)?;
                replace(&path, &text)?;
                Ok(Self { path, allowance, spent: Vec::new(), named: BTreeSet::new(), text, _lock: lock })
            }
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Err(BudgetError::Damaged { path, line: 1 })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The allowance and the uses of a ledger that another process may have open.
    pub fn view(path: &Path) -> Result<(Allowance, Vec<Spending>), BudgetError> {
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => BudgetError::Damaged { path: path.to_owned(), line: 1 },
            _ => error.into(),
        })?;
        let (allowance, spent, _) = read(path, &text)?;
        Ok((allowance, spent))
    }

    /// ε of everything so far.
    pub fn spent(&self) -> Result<f64, BudgetError> {
        Ok(total(&self.spent, self.allowance.delta)?)
    }

    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        self.allowance
    }

    /// Everything so far, in order.
    #[must_use]
    pub fn entries(&self) -> &[Spending] {
        &self.spent
    }

    /// Writes a use of the data down, if the allowance covers it, and returns ε with it. Only then may the data be used.
    pub fn spend(&mut self, spending: Spending) -> Result<f64, BudgetError> {
        self.write(spending, &to_line(&spending))
    }

    /// The same for a use that has a name. It is paid for once, however often it is asked for: who was killed between paying and using
    /// asks again. Another use of that name is paid for as well.
    pub fn spend_once(&mut self, name: &str, spending: Spending) -> Result<f64, BudgetError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=100).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err(BudgetError::Name(name.into()));
        }
        let line = format!("{MARK}{name} {}", to_line(&spending));
        if self.named.contains(&line) {
            return self.spent();
        }
        let after = self.write(spending, &line)?;
        self.named.insert(line);
        Ok(after)
    }

    /// ε with some more uses, or the refusal of what the allowance does not cover. Nothing is written.
    pub fn with(&self, more: &[Spending]) -> Result<f64, BudgetError> {
        let after = [self.spent.as_slice(), more].concat();
        let would_be = total(&after, self.allowance.delta)?;
        // the nearest double of the allowance may be above it by three roundings
        if would_be.is_nan() || would_be > self.allowance.epsilon.to_f64() * (1.0 - 2.0 * f64::EPSILON) {
            return Err(BudgetError::Exhausted {
                spent: self.spent()?,
                would_be,
                allowed: self.allowance.epsilon,
            });
        }
        Ok(would_be)
    }

    fn write(&mut self, spending: Spending, line: &str) -> Result<f64, BudgetError> {
        let would_be = self.with(&[spending])?;
        let text = chained(&self.text, line);
        replace(&self.path, &text)?;
        self.spent.push(spending);
        self.text = text;
        Ok(would_be)
    }
}

/// The text with another line, which ends with the hash of all before it and of itself.
fn chained(text: &str, line: &str) -> String {
    format!("{text}{line} {}\n", link(text, line))
}

fn link(text: &str, line: &str) -> String {
    let hash = Sha256::new().chain_update(VERSION).chain_update(text).chain_update(line).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path, text: &str) -> Result<(Allowance, Vec<Spending>, BTreeSet<String>), BudgetError> {
    let damaged = |line: usize| BudgetError::Damaged { path: path.to_owned(), line };
    let mut spent = Vec::new();
    let mut named = BTreeSet::new();
    let mut allowance = None;
    let mut start = 0;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let number = index + 1;
        let (line, hash) =
            whole.strip_suffix('\n').and_then(|line| line.rsplit_once(' ')).ok_or_else(|| damaged(number))?;
        if link(&text[..start], line) != hash {
            return Err(damaged(number));
        }
        if index == 0 {
            allowance = header(line);
        } else {
            let spending = match line.strip_prefix(MARK) {
                None => line,
                Some(rest) => {
                    named.insert(line.to_owned());
                    rest.split_once(' ').ok_or_else(|| damaged(number))?.1
                }
            };
            spent.push(from_line(spending).ok_or_else(|| damaged(number))?);
        }
        start += whole.len();
    }
    Ok((allowance.ok_or_else(|| damaged(1))?, spent, named))
}

fn header(line: &str) -> Option<Allowance> {
    let (epsilon, delta) = line.strip_prefix(VERSION)?.strip_prefix(' ')?.split_once(' ')?;
    Some(Allowance { epsilon: epsilon.parse().ok()?, delta: delta.parse().ok()? })
}

/// Either the old file stays or the new one is there whole.
fn replace(path: &Path, text: &str) -> Result<(), BudgetError> {
    let fresh = path.with_extension("new");
    let mut file = File::create(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accountant::{Event, Mechanism};

    fn allowance(epsilon: &str) -> Allowance {
        Allowance { epsilon: epsilon.parse().unwrap(), delta: "1e-5".parse().unwrap() }
    }

    fn steps(count: u64) -> Spending {
        let mechanism = Mechanism::Gaussian {
            noise_multiplier: "1.1".parse().unwrap(),
            sampling: "0.01".parse().unwrap(),
        };
        Spending::Steps(Event { mechanism, count })
    }

    fn shares(rounds: u64, chance: &str) -> Spending {
        Spending::Shares {
            squared_sensitivity: 10_000,
            variance: Rational::from_integer(1000),
            clients: 70,
            dimension: 10_000,
            chance: chance.parse().unwrap(),
            rounds,
        }
    }

    #[test]
    fn what_the_allowance_does_not_cover_is_refused_and_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/budget");
        let mut ledger = Ledger::open(&path, allowance("1")).unwrap();
        let first = ledger.spend(steps(100)).unwrap();
        let second = ledger.spend(steps(100)).unwrap();
        // together they cost what two hundred steps cost, which is less than twice as much
        assert!(first < second && second < 1.5 * first, "{first} {second}");
        let before = fs::read_to_string(&path).unwrap();
        match ledger.spend(steps(5000)) {
            Err(BudgetError::Exhausted { spent, would_be, .. }) => assert!(spent == second && would_be > 1.0),
            other => panic!("{other:?}"),
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), before);
        assert_eq!(ledger.entries(), [steps(100), steps(100)]);
        ledger.spend(steps(1)).unwrap();
    }

    #[test]
    fn a_ledger_remembers_and_belongs_to_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("budget");
        let mut ledger = Ledger::open(&path, allowance("9")).unwrap();
        ledger.spend(steps(100)).unwrap();
        let spent = ledger.spend(shares(3, "1e-12")).unwrap();
        assert!(matches!(Ledger::open(&path, allowance("9")), Err(BudgetError::Busy)));
        let viewed = Ledger::view(&path).unwrap();
        assert_eq!(viewed, (allowance("9"), vec![steps(100), shares(3, "1e-12")]));
        drop(ledger);
        assert!(matches!(Ledger::open(&path, allowance("10")), Err(BudgetError::Allowance { .. })));
        let ledger = Ledger::open(&path, allowance("9")).unwrap();
        assert_eq!(ledger.entries(), [steps(100), shares(3, "1e-12")]);
        assert_eq!(ledger.spent().unwrap(), spent);
    }

    #[test]
    fn a_named_restis_paid_for_once_also_by_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("budget");
        let mut ledger = Ledger::open(&path, allowance("9")).unwrap();
        let once = ledger.spend_once("7-steps", steps(100)).unwrap();
        drop(ledger);
        let mut ledger = Ledger::open(&path, allowance("9")).unwrap();
        assert_eq!(ledger.spend_once("7-steps", steps(100)).unwrap(), once);
        assert_eq!(ledger.entries(), [steps(100)]);
        // another name, another use of that name, and a use without one are others
        let twice = ledger.spend_once("8-steps", steps(100)).unwrap();
        assert!(twice > once);
        ledger.spend_once("7-steps", steps(101)).unwrap();
        ledger.spend(steps(100)).unwrap();
        assert_eq!(ledger.entries().len(), 4);
        let before = fs::read(&path).unwrap();
        assert!(matches!(ledger.with(&[steps(1_000_000)]), Err(BudgetError::Exhausted { .. })));
        assert!(ledger.with(&[steps(1), shares(1, "0")]).unwrap() > twice);
        for name in ["", "A", "7 steps", "7\n"] {
            assert!(matches!(ledger.spend_once(name, steps(1)), Err(BudgetError::Name(_))), "{name:?}");
        }
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn any_change_to_the_file_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("budget");
        let mut ledger = Ledger::open(&path, allowance("9")).unwrap();
        ledger.spend(steps(100)).unwrap();
        ledger.spend_once("7-steps", steps(50)).unwrap();
        drop(ledger);
        let whole = fs::read(&path).unwrap();
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 2;
            fs::write(&path, &changed).unwrap();
            assert!(
                matches!(Ledger::open(&path, allowance("9")), Err(BudgetError::Damaged { .. })),
                "{place}"
            );
        }
        // cut anywhere but between lines
        for length in (0..whole.len()).filter(|length| *length == 0 || whole[*length - 1] != b'\n') {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(
                matches!(Ledger::open(&path, allowance("9")), Err(BudgetError::Damaged { .. })),
                "{length}"
            );
        }
        // a line taken from the middle
        let text = String::from_utf8(whole).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        fs::write(&path, [lines[0], lines[2]].concat()).unwrap();
        assert!(matches!(Ledger::open(&path, allowance("9")), Err(BudgetError::Damaged { line: 2, .. })));
    }

    #[test]
    fn both_kinds_together_cost_more_than_either() {
        let delta = "1e-5".parse().unwrap();
        let one = total(&[steps(100)], delta).unwrap();
        let other = total(&[shares(3, "0")], delta).unwrap();
        let both = total(&[steps(100), shares(3, "0")], delta).unwrap();
        assert!(both > one.max(other) && both < 1.1 * (one + other), "{one} {other} {both}");
        let risky = total(&[shares(3, "1e-9")], delta).unwrap();
        assert!(risky > other && risky < 1.01 * other, "{other} {risky}");
        assert_eq!(total(&[shares(3, "1e-6")], delta), Ok(f64::INFINITY));
        assert_eq!(total(&[], delta), Ok(0.0));
    }

    #[test]
    fn an_allowance_without_meaning_begins_no_ledger() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("budget");
        let none = Allowance { epsilon: Rational::ONE, delta: Rational::ZERO };
        assert!(matches!(Ledger::open(&path, none), Err(BudgetError::Accountant(_))));
        assert!(!path.exists());
    }
}
