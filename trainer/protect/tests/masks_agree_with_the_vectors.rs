//! Masks beside `trainer/vectors/mask.json`. `tests/oracle/mask.py` recomputes the same file from its seeds, independently.
//!
//! With IZ_WRITE_VECTORS=1 the file is written anew instead of compared with.

#![allow(clippy::unwrap_used)]

use iz_protect::mask::{
    Aggregator, ClientId, Envelope, IncludedSet, Member, MemberSecret, MemoryPledges, Plan, ShareSum, Terms,
    Upload, mask,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/mask.json");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn short(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A round of three clients and four members, in short: values, seeds and hashes of what is sent, and the bad messages made from it.
fn vectors() -> Value {
    let secrets: Vec<[u8; 32]> = (1..=4).map(|index| [index; 32]).collect();
    let committee = secrets.iter().map(|secret| MemberSecret::from_bytes(*secret).public()).collect();
    let terms = Terms {
        seed: [0xa5; 32],
        group: 7,
        values: 14_000,
        levels: 65_536,
        minimum: 2,
        maximum: 1000,
        committee,
        private: 1,
        packed: 2,
    };
    let plan = Plan::new(terms.clone()).unwrap();
    let values = |client: u64| -> Vec<u32> {
        (0..14_000u64).map(|place| ((place * 40_503 + client * 9_973) % 65_536) as u32).collect()
    };
    let uploads: Vec<Upload> = (1..=3u8)
        .map(|client| {
            mask(&plan, ClientId([client; 32]), &values(u64::from(client)), &[client | 0x40; 32]).unwrap()
        })
        .collect();
    let set = IncludedSet::new(&plan, uploads.iter().map(|upload| (upload.client(), upload.digest(&plan))))
        .unwrap();
    let sums: Vec<ShareSum> = secrets
        .iter()
        .map(|secret| {
            let member = Member::new(&plan, MemberSecret::from_bytes(*secret)).unwrap();
            member
                .sum(&plan, &set, uploads.iter().map(Upload::envelope), &mut MemoryPledges::default())
                .unwrap()
        })
        .collect();
    let mut aggregator = Aggregator::new(&plan, &set).unwrap();
    aggregator.add(&uploads).unwrap();
    let opening = aggregator.open(&sums[1..]).unwrap();
    let plain: Vec<u64> =
        (0..14_000).map(|place| (1..=3).map(|client| u64::from(values(client)[place])).sum()).collect();
    assert_eq!(opening.sums, plain);

    let good = uploads[0].to_bytes(&plan);
    let bad = |place: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        changed[place..place + bytes.len()].copy_from_slice(bytes);
        let error = Upload::parse(&plan, &changed).unwrap_err();
        json!({"place": place, "bytes": hex(bytes), "error": format!("{error:?}")})
    };
    // 45 bits for every three values, in whole bytes
    let lane = (terms.values as usize).div_ceil(3) * 45 / 8 + 1;
    let (first, second) = (good.len() - 2 * lane, good.len() - lane);
    json!({
        "version": "iz-mask/1",
        "terms": {
            "seed": hex(&terms.seed), "group": terms.group, "values": terms.values, "levels": terms.levels, "minimum": terms.minimum,
            "maximum": terms.maximum, "private": terms.private, "packed": terms.packed,
            "member_secrets": secrets.iter().map(|secret| hex(secret)).collect::<Vec<_>>(),
        },
        "value_rule": "(place * 40503 + client * 9973) % 65536, client from 1, id = client * 32, seed = (client | 0x40) * 32",
        "context": hex(&plan.context().0),
        "uploads": uploads.iter().map(|upload| {
            let (bytes, envelope) = (upload.to_bytes(&plan), upload.envelope().to_bytes(&plan));
            assert!(Envelope::parse(&plan, &envelope).is_ok());
            json!({
                "client": hex(&upload.client().0), "length": bytes.len(), "sha256": short(&bytes), "digest": hex(&upload.digest(&plan).0),
                "head": hex(&bytes[..160]), "tail": hex(&bytes[bytes.len() - 64..]),
            })
        }).collect::<Vec<_>>(),
        "set": hex(&set.hash().0),
        "sums": sums.iter().map(|sum| json!({"sha256": short(&sum.to_bytes(&plan)), "head": hex(&sum.to_bytes(&plan)[..120])})).collect::<Vec<_>>(),
        "opened_sha256_of_le64": short(&opening.sums.iter().flat_map(|sum| sum.to_le_bytes()).collect::<Vec<u8>>()),
        "bad_changes_of_the_first_upload": [
            bad(0, b"x"), bad(10, &[0]), bad(74, &[0; 32]), bad(74, &[0xff; 32]), bad(106, &[0xff, 0xff]),
            bad(first, &[0xff; 6]), bad(second, &[0xff; 6]), bad(good.len() - 1, &[0xff]),
        ],
    })
}

#[test]
fn masks_are_those_of_the_vectors() {
    let found = vectors();
    if std::env::var_os("IZ_WRITE_VECTORS").is_some() {
        std::fs::write(PATH, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
    }
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(PATH).unwrap()).unwrap();
    assert_eq!(found, expected);
}
