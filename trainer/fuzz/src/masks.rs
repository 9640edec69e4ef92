//! The messages of secure aggregation, on a committee of three.

use iz_protect::mask::{
    ClientId, Complaint, Envelope, IncludedSet, Member, MemberSecret, MemoryPledges, Plan, ShareSum, Terms,
    Upload, mask,
};
use iz_round::aggregate::{join_sums, split_sums};

/// What the messages belong to: made once, since it takes longer than reading them.
#[derive(Debug)]
pub struct Ready {
    pub(crate) plan: Plan,
    member: Member,
    uploads: Vec<Upload>,
    sum: Vec<u8>,
}

impl Ready {
    /// Panics only if a plan of fixed terms cannot be made.
    #[must_use]
    #[allow(clippy::expect_used, reason = "fixed terms, and the fuzzer cannot go on without")]
    pub fn new() -> Self {
        let secret = |byte: u8| MemberSecret::from_bytes([byte; 32]);
        let terms = Terms {
            seed: [1; 32],
            group: 0,
            values: 10,
            levels: 1_000,
            minimum: 2,
            maximum: 4,
            committee: [1, 2, 3].map(|byte| secret(byte).public()).into(),
            private: 1,
            packed: 2,
        };
        let plan = Plan::new(terms).expect("a plan");
        let upload = |client: u8| mask(&plan, ClientId([client; 32]), &[7; 10], &[client + 9; 32]);
        let uploads: Vec<Upload> = (0..2).map(|client| upload(client).expect("an upload")).collect();
        let names = uploads.iter().map(|upload| (upload.client(), upload.digest(&plan)));
        let set = IncludedSet::new(&plan, names).expect("a set");
        let member = Member::new(&plan, secret(2)).expect("a member");
        let envelopes = uploads.iter().map(Upload::envelope);
        let sum = member.sum(&plan, &set, envelopes, &mut MemoryPledges::default()).expect("a sum");
        let sum = sum.to_bytes(&plan);
        Self { plan, member, uploads, sum }
    }

    /// A good message of each kind, and one that a member complains about.
    pub(crate) fn messages(&self) -> Vec<Vec<u8>> {
        let upload = self.uploads.first().map(|upload| upload.to_bytes(&self.plan)).unwrap_or_default();
        let envelopes = self.uploads.iter().map(|upload| upload.envelope().to_bytes(&self.plan));
        let mut messages = vec![[&[0], upload.as_slice()].concat()];
        messages.extend(envelopes.map(|envelope| [&[1], envelope.as_slice()].concat()));
        messages.push([&[2], self.sum.as_slice()].concat());
        let mut broken = upload;
        for place in 200..broken.len() {
            broken[place] ^= 1;
            let complaint = Upload::parse(&self.plan, &broken)
                .ok()
                .and_then(|upload| self.member.check(&self.plan, upload.envelope()).err());
            if let Some(complaint) = complaint {
                messages.push([&[0], broken.as_slice()].concat());
                messages.push([&[3], complaint.to_bytes(&self.plan).as_slice()].concat());
                break;
            }
            broken[place] ^= 1;
        }
        messages.push([&[4], join_sums(&[self.sum.clone(), self.sum.clone()]).as_slice()].concat());
        messages
    }
}

impl Default for Ready {
    fn default() -> Self {
        Self::new()
    }
}

pub fn feed(ready: &Ready, kind: u8, bytes: &[u8]) -> bool {
    let (plan, member) = (&ready.plan, &ready.member);
    match kind % 5 {
        0 => Upload::parse(plan, bytes).is_ok_and(|upload| {
            // what parses may still be a lie: then the member has a proof that others accept
            if let Err(complaint) = member.check(plan, upload.envelope()) {
                assert!(complaint.judge(plan, upload.envelope()).is_ok(), "a complaint without ground");
            }
            assert_eq!(upload.to_bytes(plan), bytes);
            true
        }),
        1 => Envelope::parse(plan, bytes).is_ok_and(|envelope| {
            let _ = member.check(plan, &envelope);
            assert_eq!(envelope.to_bytes(plan), bytes);
            true
        }),
        2 => ShareSum::parse(plan, bytes).is_ok_and(|sum| {
            assert_eq!(sum.to_bytes(plan), bytes);
            true
        }),
        3 => Complaint::parse(plan, bytes).is_ok_and(|complaint| {
            for upload in &ready.uploads {
                assert!(complaint.judge(plan, upload.envelope()).is_err(), "an honest client was convicted");
            }
            assert_eq!(complaint.to_bytes(plan), bytes);
            true
        }),
        _ => split_sums(bytes, 2).is_some_and(|parts| {
            let parts: Vec<Vec<u8>> = parts.iter().map(|part| part.to_vec()).collect();
            assert_eq!(join_sums(&parts), bytes);
            parts.iter().all(|part| ShareSum::parse(plan, part).is_ok())
        }),
    }
}
