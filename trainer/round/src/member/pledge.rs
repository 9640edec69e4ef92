//! A member adds up the shares of every group of one partition, and of no other partition of the round: groups of one partition share
//! no client, so no difference between sums shows one.

use iz_protect::mask::{Context, PledgeError, Pledges, Refusal, SetHash};
use iz_rounds_machine::Digest;

/// Pledges for one partition, kept as one pledge in `inner`.
#[derive(Debug)]
pub struct PartitionPledges<'a, P> {
    inner: &'a mut P,
    groups: Vec<SetHash>,
    partition: SetHash,
}

impl<'a, P: Pledges> PartitionPledges<'a, P> {
    pub fn new(inner: &'a mut P, groups: Vec<SetHash>) -> Self {
        let hashes: Vec<&[u8]> = groups.iter().map(|set| set.0.as_slice()).collect();
        let partition = SetHash(Digest::of("partition", &hashes).0);
        Self { inner, groups, partition }
    }
}

impl<P: Pledges> Pledges for PartitionPledges<'_, P> {
    fn pledge(&mut self, context: Context, set: SetHash) -> Result<(), PledgeError> {
        if !self.groups.contains(&set) {
            return Err(Refusal { pledged: self.partition }.into());
        }
        self.inner.pledge(context, self.partition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iz_protect::mask::FilePledges;

    #[test]
    fn one_partition_a_round_and_all_of_its_groups() {
        let folder = tempfile::tempdir().unwrap();
        let context = Context([1; 32]);
        let [one, two, three] = [1, 2, 3].map(|byte| SetHash([byte; 32]));
        for _ in 0..2 {
            // again after a restart
            let mut kept = FilePledges::open(folder.path()).unwrap();
            let mut pledges = PartitionPledges::new(&mut kept, vec![one, two]);
            pledges.pledge(context, one).unwrap();
            pledges.pledge(context, two).unwrap();
            assert!(matches!(pledges.pledge(context, three), Err(PledgeError::Refused(_))));
            for other in [vec![one, three], vec![one], vec![two, one], vec![one, two, three]] {
                let mut pledges = PartitionPledges::new(&mut kept, other);
                assert!(matches!(pledges.pledge(context, one), Err(PledgeError::Refused(_))));
            }
            let mut pledges = PartitionPledges::new(&mut kept, vec![one, three]);
            pledges.pledge(Context([2; 32]), three).unwrap();
        }
    }
}
