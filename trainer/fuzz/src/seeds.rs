//! Where mutation begins: good messages of each kind, the kind before the message.

use iz_hook::messages::{
    EvaluateResponse, FitResponse, ParametersResponse, PrivateSteps, PropertiesResponse, Subgroup,
};
use iz_round::{
    Place,
    publish::{GroupRecord, Head, Manifest},
};
use iz_rounds_machine::Digest;
use prost::Message;

use crate::{Ready, Target, answers::global};

/// Inputs that are accepted; those of masks also hold a lie.
#[must_use]
pub fn seeds(ready: &Ready, target: Target) -> Vec<Vec<u8>> {
    match target {
        Target::Masks => ready.messages(),
        Target::Models => models(),
        Target::Learner => learner(),
        Target::Chain => chain(),
        Target::Question => vec![of(0, br#"{"model":"m","inputs":[[1,2.5],[-3e2,0],[7,8]]}"#)],
    }
}

fn of(kind: u8, message: &[u8]) -> Vec<u8> {
    [&[kind], message].concat()
}

fn weights() -> Vec<u8> {
    global().and_then(|weights| weights.to_safetensors().ok()).unwrap_or_default()
}

fn models() -> Vec<Vec<u8>> {
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
    let recipe = format!(
        r#"{{"model":"m","license":"CC0-1.0","initial":"{}","step":{{"epochs":1,"batch":2,"learning_rate":0.5,
        "sample_clip":{{"clip":1.0,"noise_multiplier":1.5}}}},
        "protection":{{"clip":"1","scale":"1000","noise":{{"variance":"9/2","honest":2,"chance":"1e-9"}}}},
        "combine":{{"trimmed":{{"part":0.25}}}},"server":{{"adam":{{"rate":0.1,"beta1":0.9,"beta2":0.99,"tau":0.001}}}}}}"#,
        Digest([1; 32])
    );
    vec![of(0, &weights()), of(1, &manifest.to_bytes().unwrap_or_default()), of(2, recipe.as_bytes())]
}

fn learner() -> Vec<Vec<u8>> {
    let steps = Some(PrivateSteps { count: 90, drawn: 16, examples: 1437, noise_multiplier: 1.5 });
    let properties =
        PropertiesResponse { model: "MLP".into(), framework: "mine".into(), examples: 1437, steps };
    let fit = FitResponse { update: weights(), examples: 9, loss: 0.5 };
    let subgroups = vec![Subgroup { name: "north".into(), accuracy: 0.5 }];
    let evaluation = EvaluateResponse { examples: 9, loss: 0.5, accuracy: Some(0.75), subgroups };
    vec![
        of(0, &properties.encode_to_vec()),
        of(1, &ParametersResponse { weights: weights() }.encode_to_vec()),
        of(2, &fit.encode_to_vec()),
        of(3, &evaluation.encode_to_vec()),
    ]
}

fn chain() -> Vec<Vec<u8>> {
    let results = [
        r#"{"node_info":{"network":"local-1"},"sync_info":{"latest_block_height":"7","latest_block_time":"2026-11-21T10:00:00.123456789Z","catching_up":false,"earliest_block_height":"1"}}"#,
        r#"{"response":{"code":0,"log":"","value":"AQID","codespace":""}}"#,
        r#"{"code":32,"codespace":"sdk","log":"account sequence mismatch","hash":"AB"}"#,
        r#"{"hash":"AB","height":"9","tx_result":{"code":0,"data":"AQ==","gas_wanted":"10","gas_used":"5","events":[{"type":"wasm","attributes":[{"key":"a","value":"b","index":true}]}]}}"#,
        r#"{"height":"9","txs_results":null,"finalize_block_events":[{"type":"mint","attributes":[]}]}"#,
    ];
    let envelope = |(kind, result): (u8, &&str)| {
        of(kind, format!(r#"{{"jsonrpc":"2.0","id":1,"result":{result}}}"#).as_bytes())
    };
    (0..).zip(&results).map(envelope).collect()
}
