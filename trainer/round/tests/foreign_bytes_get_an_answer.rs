//! Every parser of remote bytes on mutations of good messages: whatever comes, it is read as something that is in order, or refused with
//! an error. `IZ_MUTATIONS` says how many each gets.

#![allow(clippy::unwrap_used)]

use std::env;

use iz_protect::mask::{
    ClientId, Complaint, Envelope, IncludedSet, Member, MemberSecret, MemoryPledges, Plan, ShareSum, Terms,
    Upload, mask,
};
use iz_round::{
    Layout, Place, Recipe, TensorShape, Weights,
    aggregate::{join_sums, split_sums},
    journal::{FileJournal, Journal},
    publish::{GroupRecord, Head, Manifest},
};
use iz_rounds_machine::Digest;
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

/// Flips, overwrites, cuts, repeats and inserts, a few times over.
fn mutate(seed: &[u8], random: &mut ChaCha20Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.next_u32() % 4 {
        let place = random.next_u32() as usize % bytes.len().max(1);
        let value = random.next_u32() as u8;
        let extreme = [0, 1, 0x7f, 0x80, 0xff][value as usize % 5];
        match random.next_u32() % 7 {
            0 if !bytes.is_empty() => bytes[place] ^= 1 << (value % 8),
            1 if !bytes.is_empty() => bytes[place] = value,
            2 => bytes.truncate(place),
            3 => bytes.insert(place.min(bytes.len()), value),
            4 => bytes.extend_from_within(place.min(bytes.len())..),
            5 => bytes.iter_mut().skip(place).take(8).for_each(|byte| *byte = extreme),
            _ if !bytes.is_empty() => drop(bytes.remove(place)),
            _ => {}
        }
    }
    bytes
}

fn feed(name: &str, seeds: &[Vec<u8>], mut parse: impl FnMut(&[u8]) -> bool) {
    let count: u32 = env::var("IZ_MUTATIONS").map_or(2_000, |text| text.parse().unwrap());
    let random = &mut ChaCha20Rng::seed_from_u64(5);
    for seed in seeds {
        assert!(parse(seed), "{name}: a good message is refused");
    }
    let mut refused = 0;
    for _ in 0..count {
        let seed = &seeds[random.next_u32() as usize % seeds.len()];
        let bytes = mutate(seed, random);
        refused += u32::from(!parse(&bytes));
    }
    assert!(refused > count / 4, "{name}: {refused} of {count} refused");
}

fn layout() -> Layout {
    let shape = |name: &str, shape: &[usize]| TensorShape { name: name.into(), shape: shape.to_vec() };
    Layout::new([shape("a", &[3]), shape("b", &[2, 2]), shape("c", &[])]).unwrap()
}

#[test]
fn weights() {
    let layout = layout();
    let weights = Weights::new(layout.clone(), (0..8).map(|value| value as f32 - 3.5).collect()).unwrap();
    let seeds = [weights.to_safetensors().unwrap()];
    feed("weights", &seeds, |bytes| {
        Weights::from_safetensors(bytes, 4_096).is_ok_and(|read| {
            assert_eq!(read.check(), Ok(()));
            // a name or a shape may have changed into another that is in order
            Weights::from_safetensors_as(bytes, &layout).is_ok_and(|read| read.values.len() == 8)
        })
    });
}

#[test]
fn manifests_and_recipes() {
    let head = Head {
        place: Place { chain: "iz-1".into(), contract: "iz1rounds".into() },
        task: 1,
        round: 2,
        parent: Some(Digest([3; 32])),
        recipe: Digest([1; 32]),
        set: Digest([2; 32]),
        groups: vec![GroupRecord { clients: 3, opened: true }],
    };
    let manifest = Manifest::new(head, &[("a".into(), vec![1]), ("b".into(), vec![2])]);
    feed("manifest", &[manifest.to_bytes().unwrap()], |bytes| {
        Manifest::parse(bytes).is_ok_and(|read| read.to_bytes().unwrap() == bytes)
    });
    let text = format!(
        r#"{{"model":"m","license":"CC0-1.0","initial":"{}","step":{{"epochs":1,"batch":2,"learning_rate":0.5}},
        "protection":{{"clip":"1","scale":"1000","noise":{{"variance":"9/2","honest":2,"chance":"1e-9"}}}},
        "combine":{{"trimmed":{{"part":0.25}}}},"server":{{"adam":{{"rate":0.1,"beta1":0.9,"beta2":0.99,"tau":0.001}}}}}}"#,
        Digest([1; 32])
    );
    feed("recipe", &[text.into_bytes()], |bytes| {
        Recipe::parse(bytes).is_ok_and(|read| Recipe::parse(&read.to_bytes().unwrap()).unwrap() == read)
    });
}

#[test]
fn messages_of_masks() {
    let secret = |byte: u8| MemberSecret::from_bytes([byte; 32]);
    let plan = Plan::new(Terms {
        seed: [1; 32],
        group: 0,
        values: 10,
        levels: 1_000,
        minimum: 2,
        maximum: 4,
        committee: [1, 2, 3].map(|byte| secret(byte).public()).into(),
        private: 1,
        packed: 2,
    })
    .unwrap();
    let uploads: Vec<Upload> = (0..2)
        .map(|client| mask(&plan, ClientId([client; 32]), &[7; 10], &[client + 9; 32]).unwrap())
        .collect();
    let set = IncludedSet::new(&plan, uploads.iter().map(|upload| (upload.client(), upload.digest(&plan))));
    let member = Member::new(&plan, secret(2)).unwrap();
    let envelopes = uploads.iter().map(Upload::envelope);
    let sum = member.sum(&plan, &set.unwrap(), envelopes, &mut MemoryPledges::default()).unwrap();

    let seeds: Vec<Vec<u8>> = uploads.iter().map(|upload| upload.to_bytes(&plan)).collect();
    feed("upload", &seeds, |bytes| {
        Upload::parse(&plan, bytes).is_ok_and(|read| {
            // what parses may still be a lie: then the member has a proof
            if let Err(complaint) = member.check(&plan, read.envelope()) {
                assert!(complaint.judge(&plan, read.envelope()).is_ok());
            }
            read.to_bytes(&plan) == bytes && uploads.contains(&read)
        })
    });
    let seeds: Vec<Vec<u8>> = uploads.iter().map(|upload| upload.envelope().to_bytes(&plan)).collect();
    feed("envelope", &seeds, |bytes| {
        Envelope::parse(&plan, bytes)
            .is_ok_and(|read| read.to_bytes(&plan) == bytes && member.check(&plan, &read).is_ok())
    });
    let sum = sum.to_bytes(&plan);
    feed("sums", &[join_sums(&[sum.clone(), sum.clone()])], |bytes| {
        split_sums(bytes, 2).is_some_and(|parts| {
            assert_eq!(join_sums(&parts.iter().map(|part| part.to_vec()).collect::<Vec<_>>()), bytes);
            parts.iter().all(|part| ShareSum::parse(&plan, part).is_ok_and(|_| **part == *sum))
        })
    });
    // a client whose share does not open gives the seed of a complaint
    let mut broken = uploads[0].to_bytes(&plan);
    for place in 200..broken.len() {
        broken[place] ^= 1;
        let complaint = Upload::parse(&plan, &broken).ok().and_then(|upload| {
            member.check(&plan, upload.envelope()).err().map(|complaint| (upload, complaint))
        });
        broken[place] ^= 1;
        if let Some((upload, complaint)) = complaint {
            feed("complaint", &[complaint.to_bytes(&plan)], |bytes| {
                Complaint::parse(&plan, bytes).is_ok_and(|read| read.judge(&plan, upload.envelope()).is_ok())
            });
            return;
        }
    }
    panic!("no share could be broken");
}

#[test]
fn entries_of_a_journal() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = FileJournal::open(folder.path()).unwrap();
    journal.write("entry", b"something that was kept").unwrap();
    let path = folder.path().join("entry");
    let seed = std::fs::read(&path).unwrap();
    feed("journal", &[seed], |bytes| {
        std::fs::write(&path, bytes).unwrap();
        journal.read("entry").is_ok_and(|read| {
            assert_eq!(read.as_deref(), Some(b"something that was kept".as_slice()));
            true
        })
    });
}
