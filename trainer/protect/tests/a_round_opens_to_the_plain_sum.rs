//! Rounds of masked updates from outside: what opens, what is refused, and by what name.

#![allow(clippy::unwrap_used)]

use iz_protect::mask::{
    AggregateError, Aggregator, ClientId, FilePledges, IncludedSet, Member, MemberError, MemberSecret,
    MemoryPledges, Opening, Plan, PledgeError, SetError, ShareSum, Terms, Upload, mask,
};

struct Round {
    plan: Plan,
    uploads: Vec<Upload>,
    values: Vec<Vec<u32>>,
    members: Vec<Member>,
}

fn secret(index: u8) -> MemberSecret {
    MemberSecret::from_bytes([index + 40; 32])
}

fn round(clients: u8, values: u32) -> Round {
    let terms = Terms {
        seed: [1; 32],
        group: 0,
        values,
        levels: 1 << 16,
        minimum: 3,
        maximum: 1000,
        committee: (0..8).map(|index| secret(index).public()).collect(),
        private: 2,
        packed: 4,
    };
    let plan = Plan::new(terms).unwrap();
    let levels = |client: u8| {
        (0..values).map(|place| (place * 7919 + u32::from(client) * 104_729) % (1 << 16)).collect()
    };
    let values: Vec<Vec<u32>> = (0..clients).map(levels).collect();
    let uploads = values
        .iter()
        .enumerate()
        .map(|(client, values)| {
            mask(&plan, ClientId([client as u8; 32]), values, &[client as u8 + 1; 32]).unwrap()
        })
        .collect();
    let members = (0..8).map(|index| Member::new(&plan, secret(index)).unwrap()).collect();
    Round { plan, uploads, values, members }
}

impl Round {
    fn set(&self, clients: &[usize]) -> IncludedSet {
        let entry =
            |client: &usize| (self.uploads[*client].client(), self.uploads[*client].digest(&self.plan));
        IncludedSet::new(&self.plan, clients.iter().map(entry)).unwrap()
    }

    fn sum(&self, member: usize, set: &IncludedSet, clients: &[usize]) -> ShareSum {
        let envelopes = clients.iter().map(|client| self.uploads[*client].envelope());
        self.members[member].sum(&self.plan, set, envelopes, &mut MemoryPledges::default()).unwrap()
    }

    fn plain(&self, clients: &[usize]) -> Vec<u64> {
        let sum = |place: usize| clients.iter().map(|client| u64::from(self.values[*client][place])).sum();
        (0..self.values[0].len()).map(sum).collect()
    }

    fn open(
        &self,
        set: &IncludedSet,
        clients: &[usize],
        sums: &[ShareSum],
    ) -> Result<Opening, AggregateError> {
        let uploads: Vec<Upload> = clients.iter().map(|client| self.uploads[*client].clone()).collect();
        let mut aggregator = Aggregator::new(&self.plan, set)?;
        aggregator.add(&uploads)?;
        aggregator.open(sums)
    }
}

#[test]
fn dropped_clients_and_missing_members_change_nothing_for_the_others() {
    let round = round(7, 20_000);
    let clients = [0, 2, 3, 6];
    let set = round.set(&clients);
    let sums: Vec<ShareSum> = [7, 1, 4, 0, 3, 5].map(|member| round.sum(member, &set, &clients)).into();
    let sums: Vec<ShareSum> =
        sums.iter().map(|sum| ShareSum::parse(&round.plan, &sum.to_bytes(&round.plan)).unwrap()).collect();
    let opening = round.open(&set, &clients, &sums).unwrap();
    assert_eq!(opening, Opening { sums: round.plain(&clients), clients: 4, false_members: vec![] });
    assert_eq!(round.open(&set, &clients, &sums[..5]), Err(AggregateError::TooFew { needed: 6, found: 5 }));
}

#[test]
fn a_lying_member_is_named_and_its_sum_left_out() {
    let round = round(4, 50);
    let clients = [0, 1, 2, 3];
    let set = round.set(&clients);
    let mut sums: Vec<ShareSum> = (0..8).map(|member| round.sum(member, &set, &clients)).collect();
    let lie = |sum: &ShareSum| {
        let mut bytes = sum.to_bytes(&round.plan);
        bytes[500] ^= 1;
        ShareSum::parse(&round.plan, &bytes).unwrap()
    };
    sums[5] = lie(&sums[5]);
    let opening = round.open(&set, &clients, &sums).unwrap();
    assert_eq!(opening, Opening { sums: round.plain(&clients), clients: 4, false_members: vec![5] });
    // two of eight are more than the spare shares can tell
    sums[2] = lie(&sums[2]);
    assert_eq!(round.open(&set, &clients, &sums), Err(AggregateError::Contradiction));
    // without spare shares a lie is seen, but not whose
    assert!(matches!(round.open(&set, &clients, &sums[2..8]), Err(AggregateError::Spoiled(_))));
}

#[test]
fn a_sum_for_any_other_set_is_refused() {
    let round = round(5, 50);
    let (clients, others) = ([0, 1, 2, 3], [0, 1, 2, 4]);
    let (set, other) = (round.set(&clients), round.set(&others));
    let mut sums: Vec<ShareSum> = (0..8).map(|member| round.sum(member, &set, &clients)).collect();
    sums[3] = round.sum(3, &other, &others);
    assert_eq!(round.open(&set, &clients, &sums), Err(AggregateError::OtherSet(3)));
    // a member that puts the right hash over shares of other clients is found out
    sums[3].set = set.hash();
    let opening = round.open(&set, &clients, &sums).unwrap();
    assert_eq!((opening.sums, opening.false_members), (round.plain(&clients), vec![3]));
    sums[3] = sums[4].clone();
    assert_eq!(round.open(&set, &clients, &sums), Err(AggregateError::RepeatedMember(4)));
}

#[test]
fn a_member_adds_up_one_set_a_round_even_after_a_restart() {
    let round = round(5, 20);
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (round.set(&[0, 1, 2]), round.set(&[0, 1, 2, 3]));
    let sum = |set: &IncludedSet, clients: &[usize]| {
        let mut pledges = FilePledges::open(folder.path()).unwrap();
        round.members[0].sum(
            &round.plan,
            set,
            clients.iter().map(|client| round.uploads[*client].envelope()),
            &mut pledges,
        )
    };
    let answer = sum(&first, &[0, 1, 2]).unwrap();
    match sum(&second, &[0, 1, 2, 3]) {
        Err(MemberError::Refused(PledgeError::Refused(refusal))) => assert_eq!(refusal.pledged, first.hash()),
        other => panic!("{other:?}"),
    }
    // the same set may be answered again
    assert_eq!(sum(&first, &[2, 0, 1]).unwrap(), answer);

    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    std::fs::write(file, b"torn").unwrap();
    assert!(matches!(sum(&first, &[0, 1, 2]), Err(MemberError::Refused(PledgeError::Damaged(_)))));
}

#[test]
fn a_member_adds_up_exactly_the_set() {
    let round = round(5, 20);
    let set = round.set(&[0, 1, 2]);
    let sum = |clients: &[usize]| {
        let envelopes = clients.iter().map(|client| round.uploads[*client].envelope());
        round.members[0].sum(&round.plan, &set, envelopes, &mut MemoryPledges::default())
    };
    assert!(matches!(sum(&[0, 1]), Err(MemberError::Missing { expected: 3, found: 2 })));
    assert!(matches!(sum(&[0, 1, 2, 3]), Err(MemberError::Foreign(ClientId(id))) if id == [3; 32]));
    assert!(matches!(sum(&[0, 1, 1, 2]), Err(MemberError::Repeated(ClientId(id))) if id == [1; 32]));
    // the same client with another upload
    let replaced = mask(&round.plan, ClientId([2; 32]), &round.values[2], &[99; 32]).unwrap();
    let envelopes = [round.uploads[0].envelope(), round.uploads[1].envelope(), replaced.envelope()];
    let found = round.members[0].sum(&round.plan, &set, envelopes, &mut MemoryPledges::default());
    assert!(matches!(found, Err(MemberError::Foreign(_))));
    assert!(matches!(Member::new(&round.plan, secret(9)), Err(MemberError::NotAMember)));
}

#[test]
fn sets_below_the_minimum_or_with_a_client_twice_are_no_sets() {
    let round = round(5, 20);
    let entry = |client: usize| (round.uploads[client].client(), round.uploads[client].digest(&round.plan));
    let set = |clients: &[usize]| IncludedSet::new(&round.plan, clients.iter().map(|client| entry(*client)));
    assert_eq!(set(&[0, 1]), Err(SetError::TooSmall { minimum: 3, found: 2 }));
    assert_eq!(set(&[0, 1, 2, 1]), Err(SetError::Repeated(ClientId([1; 32]))));
    assert_eq!(set(&[2, 1, 0]), set(&[0, 1, 2]));
    let many = (0..1001u32).map(|client| {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&client.to_le_bytes());
        (ClientId(id), entry(0).1)
    });
    assert_eq!(IncludedSet::new(&round.plan, many), Err(SetError::TooLarge { maximum: 1000, found: 1001 }));
}

#[test]
fn an_aggregate_holds_each_upload_of_the_set_once() {
    let round = round(5, 20);
    let set = round.set(&[0, 1, 2]);
    let mut aggregator = Aggregator::new(&round.plan, &set).unwrap();
    aggregator.add(&round.uploads[..2]).unwrap();
    assert_eq!(aggregator.add(&round.uploads[1..3]), Err(AggregateError::Repeated(ClientId([1; 32]))));
    assert_eq!(aggregator.add(&round.uploads[2..4]), Err(AggregateError::Foreign(ClientId([3; 32]))));
    assert_eq!(aggregator.open(&[]), Err(AggregateError::Missing { expected: 3, found: 2 }));
    // what was refused left nothing behind
    aggregator.add(&round.uploads[2..3]).unwrap();
    let sums: Vec<ShareSum> = (0..6).map(|member| round.sum(member, &set, &[0, 1, 2])).collect();
    assert_eq!(aggregator.open(&sums).unwrap().sums, round.plain(&[0, 1, 2]));
}
