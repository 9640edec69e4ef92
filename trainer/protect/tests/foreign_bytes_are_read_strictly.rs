//! Uploads, envelopes, sums and complaints from anybody: one encoding each, everything else a typed error, never a panic.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use iz_protect::mask::{
    ClientId, Complaint, Envelope, IncludedSet, MaskError, Member, MemberSecret, MemoryPledges, ParseError,
    Plan, ShareSum, Terms, Upload, mask,
};
use proptest::prelude::*;

fn secret(index: u8) -> MemberSecret {
    MemberSecret::from_bytes([index + 40; 32])
}

fn plan(group: u32) -> Plan {
    let committee = (0..4).map(|index| secret(index).public()).collect();
    let terms = Terms {
        seed: [1; 32],
        group,
        values: 10,
        levels: 9,
        minimum: 2,
        maximum: 50,
        committee,
        private: 1,
        packed: 2,
    };
    Plan::new(terms).unwrap()
}

fn upload(plan: &Plan, client: u8) -> Upload {
    mask(plan, ClientId([client; 32]), &[3; 10], &[client; 32]).unwrap()
}

/// A valid message of each kind.
fn messages(plan: &Plan) -> [Vec<u8>; 3] {
    let uploads = [upload(plan, 1), upload(plan, 2)];
    let set =
        IncludedSet::new(plan, uploads.iter().map(|upload| (upload.client(), upload.digest(plan)))).unwrap();
    let member = Member::new(plan, secret(2)).unwrap();
    let sum =
        member.sum(plan, &set, uploads.iter().map(Upload::envelope), &mut MemoryPledges::default()).unwrap();
    [uploads[0].to_bytes(plan), uploads[0].envelope().to_bytes(plan), sum.to_bytes(plan)]
}

/// Reads a message of each kind and writes it again.
fn again(plan: &Plan, kind: usize, bytes: &[u8]) -> Result<Vec<u8>, ParseError> {
    match kind {
        0 => Upload::parse(plan, bytes).map(|upload| upload.to_bytes(plan)),
        1 => Envelope::parse(plan, bytes).map(|envelope| envelope.to_bytes(plan)),
        2 => ShareSum::parse(plan, bytes).map(|sum| sum.to_bytes(plan)),
        _ => Complaint::parse(plan, bytes).map(|complaint| complaint.to_bytes(plan)),
    }
}

#[test]
fn what_is_written_is_read() {
    let plan = plan(0);
    for (kind, bytes) in messages(&plan).iter().enumerate() {
        assert_eq!(again(&plan, kind, bytes).as_ref(), Ok(bytes));
    }
    assert_eq!(messages(&plan)[0].len(), plan.upload_length());
}

#[test]
fn other_lengths_versions_and_rounds_are_named() {
    let (plan, other) = (plan(0), plan(1));
    for (kind, bytes) in messages(&plan).iter().enumerate() {
        let expected = bytes.len();
        for found in [0, 1, 41, expected - 1] {
            assert_eq!(again(&plan, kind, &bytes[..found]), Err(ParseError::Length { expected, found }));
        }
        assert_eq!(
            again(&plan, kind, &[bytes.as_slice(), &[0]].concat()),
            Err(ParseError::Length { expected, found: expected + 1 })
        );
        assert_eq!(again(&other, kind, bytes), Err(ParseError::Context));
        let mut changed = bytes.clone();
        changed[8] ^= 1;
        assert_eq!(again(&plan, kind, &changed), Err(ParseError::Version));
    }
}

#[test]
fn numbers_that_are_not_reduced_are_named() {
    let plan = plan(0);
    let [upload, _, sum] = messages(&plan);
    let with = |bytes: &[u8], place: usize, value: &[u8]| {
        let mut changed = bytes.to_vec();
        changed[place..place + value.len()].copy_from_slice(value);
        changed
    };
    let key = 10 + 32 + 32;
    // p − 1, p and p + 1 of the curve's own prime; only residues have one encoding
    for low in [0xec, 0xed, 0xee] {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (low, 0x7f);
        assert_eq!(again(&plan, 0, &with(&upload, key, &bytes)), Err(ParseError::EphemeralKey));
    }
    assert_eq!(again(&plan, 0, &with(&upload, key, &[0; 32])), Err(ParseError::EphemeralKey));
    assert_eq!(again(&plan, 0, &with(&upload, key + 32, &[0xff, 0xff])), Err(ParseError::Answers));
    let last = upload.len() - 1;
    // the last two bits of a lane of ninety, then those after them
    assert_eq!(again(&plan, 0, &with(&upload, last, &[7])), Err(ParseError::Coefficients));
    assert_eq!(
        again(&plan, 0, &with(&upload, last - 7, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 3])),
        Err(ParseError::Coefficients)
    );
    assert_eq!(again(&plan, 2, &with(&sum, 10 + 64, &[4, 0])), Err(ParseError::Member(4)));
    assert_eq!(again(&plan, 2, &with(&sum, 10 + 66, &[0xff, 0xff])), Err(ParseError::Sums));
}

#[test]
fn values_beyond_the_terms_are_refused_before_anything_is_sent() {
    let plan = plan(0);
    let client = ClientId([1; 32]);
    assert_eq!(mask(&plan, client, &[0; 9], &[0; 32]), Err(MaskError::Count { expected: 10, found: 9 }));
    let mut values = [8; 10];
    values[4] = 9;
    assert_eq!(mask(&plan, client, &values, &[0; 32]), Err(MaskError::Level { index: 4, levels: 9 }));
}

/// Made once: what a case needs.
static READY: LazyLock<(Plan, [Vec<u8>; 3], Upload)> = LazyLock::new(|| {
    let plan = plan(0);
    let (messages, upload) = (messages(&plan), upload(&plan, 1));
    (plan, messages, upload)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn changed_messages_are_refused_or_read_as_what_they_say(kind in 0usize..3, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let (plan, messages, _) = &*READY;
        let mut bytes = messages[kind].clone();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(found) = again(plan, kind, &bytes) {
            prop_assert_eq!(found, bytes);
        }
    }

    #[test]
    fn noise_is_refused(kind in 0usize..4, mut bytes in prop::collection::vec(any::<u8>(), 0..300), head in any::<bool>()) {
        let (plan, _, _) = &*READY;
        if head && bytes.len() > 42 {
            bytes[..10].copy_from_slice(b"iz-mask/1\0");
            bytes[10..42].copy_from_slice(&plan.context().0);
        }
        if let Ok(found) = again(plan, kind, &bytes) {
            prop_assert_eq!(found, bytes);
        }
    }

    #[test]
    fn complaints_of_the_right_length_are_read_back(mut bytes in prop::collection::vec(any::<u8>(), 204)) {
        let (plan, _, upload) = &*READY;
        bytes[..10].copy_from_slice(b"iz-mask/1\0");
        bytes[10..42].copy_from_slice(&plan.context().0);
        bytes[42..44].copy_from_slice(&[3, 0]);
        let complaint = Complaint::parse(plan, &bytes).unwrap();
        prop_assert_eq!(complaint.to_bytes(plan), bytes);
        prop_assert!(complaint.judge(plan, upload.envelope()).is_err());
    }
}
