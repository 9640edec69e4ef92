//! A contract's storage that can take back one message, as a chain does with a message that is refused. Long random walks call a
//! contract directly on it: that is much cheaper than a whole simulated chain.

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Order, Record, Storage};

#[derive(Default)]
pub struct Journal {
    now: MockStorage,
    /// What was there before this message wrote, the oldest first.
    before: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Journal {
    /// Goes on where a contract of a simulated chain stands.
    pub fn of(stored: Vec<Record>) -> Self {
        let mut journal = Self::default();
        stored.into_iter().for_each(|(key, value)| journal.now.set(&key, &value));
        journal
    }

    /// What was written stays.
    fn keep(&mut self) {
        self.before.clear();
    }

    /// Takes back what was written since the last message.
    fn undo(&mut self) {
        for (key, value) in std::mem::take(&mut self.before).into_iter().rev() {
            match value {
                Some(value) => self.now.set(&key, &value),
                None => self.now.remove(&key),
            }
        }
    }

    /// Keeps what an accepted message wrote, and takes back what a refused one did.
    pub fn end<T, E>(&mut self, result: &Result<T, E>) {
        if result.is_ok() { self.keep() } else { self.undo() }
    }
}

impl Storage for Journal {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.now.get(key)
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        self.now.range(start, end, order)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.before.push((key.to_vec(), self.now.get(key)));
        self.now.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.before.push((key.to_vec(), self.now.get(key)));
        self.now.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_message_leaves_nothing_behind() {
        let mut journal = Journal::default();
        journal.set(b"a", b"1");
        journal.end(&Ok::<_, ()>(()));
        journal.set(b"a", b"2");
        journal.set(b"a", b"3");
        journal.set(b"b", b"4");
        journal.remove(b"a");
        journal.end(&Err::<(), _>(()));
        assert_eq!((journal.get(b"a"), journal.get(b"b")), (Some(b"1".to_vec()), None));
        journal.remove(b"a");
        journal.keep();
        journal.undo();
        assert_eq!(journal.get(b"a"), None);
    }
}
