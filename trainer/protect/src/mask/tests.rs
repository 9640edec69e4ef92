//! What cannot be seen from outside: fast against slow arithmetic, uploads of clients that lie, and what members see.

use proptest::prelude::*;
use rand_chacha::rand_core::RngCore;

use super::{
    client::{mask, share},
    complaint::open_share,
    field::Element,
    plan::{Context, MemberKey},
    seal::Address,
    *,
};

pub(super) fn secrets(count: u8) -> Vec<MemberSecret> {
    (0..count).map(|index| MemberSecret::from_bytes([index + 1; 32])).collect()
}

fn terms(values: u32, levels: u32, maximum: u32) -> Terms {
    Terms {
        seed: [9; 32],
        group: 3,
        values,
        levels,
        minimum: 2,
        maximum,
        committee: secrets(8).iter().map(MemberSecret::public).collect(),
        private: 2,
        packed: 4,
    }
}

/// y = x + a·s + t·e by the schoolbook, with whole numbers modulo q.
fn masked_slowly(plan: &Plan, values: &[u32], seed: &[u8; 32]) -> Vec<u128> {
    let draws = |purpose: &str, index: u32, count: usize| {
        let mut row = vec![0i8; count];
        gaussian::fill(&mut expand::stream(seed, purpose, index), &mut row);
        row.into_iter().map(i64::from).collect::<Vec<i64>>()
    };
    let secret = draws("secret", 0, plan.degree);
    let modulus = ring::MODULUS;
    let mut masked = Vec::new();
    for chunk in 0..plan.chunks() {
        let residues =
            [0, 1].map(|lane| expand::public_element(&plan.context().0, chunk as u32, lane, plan.degree));
        // the whole number below q with both residues, by searching in steps of the first prime
        let inverse =
            u128::from(ring::power(ring::PRIMES[0] % ring::PRIMES[1], ring::PRIMES[1] - 2, ring::PRIMES[1]));
        let element: Vec<u128> = residues[0]
            .iter()
            .zip(&residues[1])
            .map(|(first, second)| {
                let other = u128::from(ring::PRIMES[1]);
                let steps = (u128::from(*second) + other * 2 - u128::from(*first)) % other * inverse % other;
                u128::from(*first) + steps * u128::from(ring::PRIMES[0])
            })
            .collect();
        let product = reference::multiply_short(&element, &secret, modulus);
        let errors = draws("error", chunk as u32, plan.chunk_length(chunk));
        for (place, error) in errors.into_iter().enumerate() {
            let first = (chunk * plan.degree + place) * plan.digits;
            let digits = &values[first..values.len().min(first + plan.digits)];
            let packed =
                digits.iter().rev().fold(0, |sum, digit| sum * u128::from(plan.radix) + u128::from(*digit));
            let size = plan.step * u128::from(error.unsigned_abs());
            let noise = if error < 0 { modulus - size } else { size };
            masked.push((product[place] + packed + noise) % modulus);
        }
    }
    masked
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_fast_mask_is_the_slow_one(log_degree in 2u32..=6, count in 1u32..400, levels in 2u32..200_000, clients in 2u32..1000, seed in any::<[u8; 32]>()) {
        let plan = Plan::with_degree(terms(count, levels, clients), 1 << log_degree).unwrap();
        let mut random = expand::stream(&seed, "values", 0);
        let values: Vec<u32> = (0..count).map(|_| random.next_u32() % levels).collect();
        let upload = mask(&plan, ClientId([1; 32]), &values, &seed).unwrap();
        let slow = masked_slowly(&plan, &values, &seed);
        for (lane, prime) in ring::PRIMES.into_iter().enumerate() {
            let mut fast = Vec::new();
            bits::unpack(upload.lane(&plan, lane), ring::WIDTH, 0, plan.coefficients(), |_, residue| fast.push(residue));
            let slow: Vec<u64> = slow.iter().map(|whole| (whole % u128::from(prime)) as u64).collect();
            prop_assert_eq!(fast, slow);
        }
    }

    #[test]
    fn rounds_of_any_shape_open_to_the_plain_sum(log_degree in 2u32..=6, count in 1u32..200, levels in 2u32..70_000, clients in 2usize..9, seed in any::<[u8; 32]>()) {
        let plan = Plan::with_degree(terms(count, levels, 12), 1 << log_degree).unwrap();
        let mut random = expand::stream(&seed, "values", 0);
        let mut expected = vec![0u64; count as usize];
        let mut uploads = Vec::new();
        for client in 0..clients {
            let values: Vec<u32> = (0..count).map(|_| if random.next_u32().is_multiple_of(4) { levels - 1 } else { random.next_u32() % levels }).collect();
            for (sum, value) in expected.iter_mut().zip(&values) {
                *sum += u64::from(*value);
            }
            let mut own = [0; 32];
            random.fill_bytes(&mut own);
            uploads.push(mask(&plan, ClientId([client as u8; 32]), &values, &own).unwrap());
        }
        let set = IncludedSet::new(&plan, uploads.iter().map(|upload| (upload.client(), upload.digest(&plan)))).unwrap();
        let sums: Vec<ShareSum> = secrets(8).into_iter().skip(2).map(|secret| {
            let member = Member::new(&plan, secret).unwrap();
            member.sum(&plan, &set, uploads.iter().map(Upload::envelope), &mut MemoryPledges::default()).unwrap()
        }).collect();
        let mut aggregator = Aggregator::new(&plan, &set).unwrap();
        aggregator.add(&uploads).unwrap();
        let opening = aggregator.open(&sums).unwrap();
        prop_assert_eq!(opening, Opening { sums: expected, clients, false_members: vec![] });
    }
}

/// What a client that wants to cheat sends: shares changed before they are sealed, answers as an honest client would give them.
fn forge(
    plan: &Plan,
    client: ClientId,
    values: &[u32],
    seed: &[u8; 32],
    change: impl Fn(usize, &mut Vec<u8>),
) -> Upload {
    let honest = mask(plan, client, values, seed).unwrap();
    let masked = honest.to_bytes(plan).split_off(plan.upload_length() - 2 * plan.lane_length());
    let mut secret = vec![0i8; plan.degree];
    gaussian::fill(&mut expand::stream(seed, "secret", 0), &mut secret);
    let (shares, blocks, masks) = share(plan, &secret, &mut expand::stream(seed, "sharing", 0));
    let ephemeral = MemberSecret::from_bytes([77; 32]);
    let public = ephemeral.public().0;
    let mut sealed = Vec::new();
    for (index, share) in shares.iter().enumerate() {
        let member = plan.terms().committee[index];
        let mut message = Vec::new();
        test_share::encode(share, &mut message);
        change(index, &mut message);
        let address =
            Address { context: &plan.context(), client: &client, ephemeral: &public, index, member: &member };
        address.seal(&ephemeral.agree(&member.0), &mut message).unwrap();
        sealed.extend(message);
    }
    let digest = upload::masked_digest(&masked);
    let challenge = upload::challenge(&plan.context(), &client, &digest, &public, &sealed);
    let answers = test_share::respond(plan, &test_share::factors(plan, &challenge), &blocks, &masks);
    let mut body = public.to_vec();
    test_share::encode(&answers, &mut body);
    body.extend(sealed);
    let upload = Upload::new(Envelope::new(client, digest, body), masked);
    Upload::parse(plan, &upload.to_bytes(plan)).unwrap()
}

#[test]
fn a_false_share_is_found_by_its_member_and_proved_to_anyone() {
    let plan = Plan::new(terms(10, 100, 10)).unwrap();
    let client = ClientId([5; 32]);
    let values = [7; 10];
    let members: Vec<Member> =
        secrets(8).into_iter().map(|secret| Member::new(&plan, secret).unwrap()).collect();
    for (fault, change) in [
        (Fault::Inconsistent, (|message: &mut Vec<u8>| message[100] ^= 1) as fn(&mut Vec<u8>)),
        (Fault::Inconsistent, |message| message[1700] ^= 1),
        // 14 bits of ones are no element
        (Fault::Malformed, |message| message[..2].fill(0xff)),
        // the last bits of the last byte stay empty
        (Fault::Malformed, |message| *message.last_mut().unwrap() |= 0x80),
    ] {
        let upload = forge(&plan, client, &values, &[6; 32], |index, message| {
            if index == 3 {
                change(message);
            }
        });
        let envelope = Envelope::parse(&plan, &upload.envelope().to_bytes(&plan)).unwrap();
        assert_eq!(envelope, *upload.envelope());
        for member in &members {
            assert_eq!(member.check(&plan, &envelope).is_err(), member.index() == 3);
        }
        let complaint = members[3].check(&plan, &envelope).unwrap_err();
        let complaint = Complaint::parse(&plan, &complaint.to_bytes(&plan)).unwrap();
        assert_eq!(complaint.judge(&plan, &envelope), Ok(fault));
        assert_eq!(complaint.client, client);

        // with the client in the set the member does not add up, and says why
        let good = mask(&plan, ClientId([8; 32]), &values, &[8; 32]).unwrap();
        let both = [good.clone(), upload.clone()];
        let set = IncludedSet::new(&plan, both.iter().map(|upload| (upload.client(), upload.digest(&plan))))
            .unwrap();
        match members[3].sum(&plan, &set, both.iter().map(Upload::envelope), &mut MemoryPledges::default()) {
            Err(MemberError::Faulty(found)) => assert_eq!(found, [complaint]),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_share_that_does_not_open_is_proved_too() {
    let plan = Plan::new(terms(10, 100, 10)).unwrap();
    let upload = mask(&plan, ClientId([5; 32]), &[7; 10], &[6; 32]).unwrap();
    let mut bytes = upload.envelope().to_bytes(&plan);
    *bytes.last_mut().unwrap() ^= 1;
    let envelope = Envelope::parse(&plan, &bytes).unwrap();
    let member = Member::new(&plan, secrets(8).remove(7)).unwrap();
    let complaint = member.check(&plan, &envelope).unwrap_err();
    assert_eq!(complaint.judge(&plan, &envelope), Ok(Fault::Sealed));
    // the change also made another challenge, so that the others' shares no longer fit the answers
    let other = Member::new(&plan, secrets(8).remove(0)).unwrap();
    assert_eq!(other.check(&plan, &envelope).unwrap_err().judge(&plan, &envelope), Ok(Fault::Inconsistent));
}

#[test]
fn a_complaint_without_cause_or_with_a_false_key_proves_nothing() {
    let plan = Plan::new(terms(10, 100, 10)).unwrap();
    let upload = mask(&plan, ClientId([5; 32]), &[7; 10], &[6; 32]).unwrap();
    let envelope = upload.envelope();
    let [secret, other] = [0, 1].map(|index| secrets(8).remove(index));
    let complaint = Complaint::new(&plan, envelope, 0, &secret);
    assert_eq!(complaint.judge(&plan, envelope), Err(ComplaintError::Unfounded));
    // a key of somebody else opens nothing, and is no proof
    assert_eq!(Complaint::new(&plan, envelope, 0, &other).judge(&plan, envelope), Err(ComplaintError::Proof));
    let bytes = complaint.to_bytes(&plan);
    for place in [60, 150, 200, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let complaint = Complaint::parse(&plan, &changed).unwrap();
        assert!(
            matches!(complaint.judge(&plan, envelope), Err(ComplaintError::Proof | ComplaintError::Upload)),
            "{place}"
        );
    }
    let mut nobody = complaint;
    nobody.member = 8;
    assert_eq!(nobody.judge(&plan, envelope), Err(ComplaintError::Member(8)));
}

/// Two members' shares of the first polynomial, over many clients with the same secret, fill a 16 by 16 table evenly: for whatever secret.
#[test]
fn shares_of_as_many_members_as_are_private_are_uniform_whatever_the_secret() {
    let plan = Plan::with_degree(terms(1, 2, 2), 4).unwrap();
    for secret in [[0i8; 4], [59, -59, 59, -59]] {
        let mut table = [0f64; 256];
        let rounds = 40_000;
        let mut random = expand::stream(&[secret[0] as u8; 32], "test", 0);
        for _ in 0..rounds {
            let (shares, _, _) = share(&plan, &secret, &mut random);
            let bucket = |element: Element| usize::from(element) * 16 / 12_289;
            table[bucket(shares[2][0]) * 16 + bucket(shares[6][0])] += 1.0;
        }
        let expected = f64::from(rounds) / 256.0;
        let statistic: f64 = table.iter().map(|found| (found - expected).powi(2) / expected).sum();
        // 255 degrees of freedom: beyond 360 lies a chance of about 10⁻⁵, and the seed is fixed
        assert!(statistic < 360.0, "{statistic}");
    }
}

#[test]
fn masked_coefficients_are_uniform_whatever_the_values() {
    let plan = Plan::new(terms(60_000, 1 << 16, 1000)).unwrap();
    for value in [0, u32::from(u16::MAX)] {
        let upload = mask(&plan, ClientId([5; 32]), &vec![value; 60_000], &[value as u8; 32]).unwrap();
        for (lane, prime) in ring::PRIMES.into_iter().enumerate() {
            let mut table = [0f64; 64];
            bits::unpack(upload.lane(&plan, lane), ring::WIDTH, 0, plan.coefficients(), |_, residue| {
                table[(u128::from(residue) * 64 / u128::from(prime)) as usize] += 1.0;
            });
            let expected = plan.coefficients() as f64 / 64.0;
            let statistic: f64 = table.iter().map(|found| (found - expected).powi(2) / expected).sum();
            // 63 degrees of freedom: beyond 123 lies a chance of about 10⁻⁵, and the seed is fixed
            assert!(statistic < 123.0, "{statistic}");
        }
    }
}

#[test]
fn shares_open_only_with_the_agreed_key() {
    let plan = Plan::new(terms(10, 100, 10)).unwrap();
    let upload = mask(&plan, ClientId([5; 32]), &[7; 10], &[6; 32]).unwrap();
    let agreed = secrets(8)[0].agree(&upload.envelope().ephemeral());
    assert!(open_share(&plan, upload.envelope(), 0, &agreed).is_ok());
    assert_eq!(open_share(&plan, upload.envelope(), 1, &agreed).unwrap_err(), Fault::Sealed);
    assert_eq!(open_share(&plan, upload.envelope(), 8, &agreed).unwrap_err(), Fault::Sealed);
    let other = Plan::new(Terms { group: 4, ..terms(10, 100, 10) }).unwrap();
    assert_ne!(other.context(), Context([0; 32]));
    assert_eq!(open_share(&other, upload.envelope(), 0, &agreed).unwrap_err(), Fault::Sealed);
    assert_ne!(secrets(8)[0].public(), MemberKey([0; 32]));
}
