//! Somebody without money asks the published model: the app's free plan pays, the app's gateway asks the chain whether the key may, asks the
//! server of predictions, and reports one unit with a receipt. The key is known by its hash, and of the question nothing is kept.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use cosmwasm_std::{Binary, HexBinary, Uint128};
use iz_contract_types::access::{AccessResponse, ExecuteMsg, Plan, QueryMsg, Tier, UsageResponse};
use iz_contract_types::asset::Asset;
use iz_rounds_machine::Digest;
use rand::Rng as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Story;
use super::fees::APP;
use super::round::Model;
use crate::deploy::{DAY, DOLLAR};
use crate::http;
use crate::processes::{Process, Processes};
use crate::trainers::{self, CLASSES};

const PLAN: &str = "cacao-free";
/// Questions a day.
const QUOTA: u64 = 2;
const PRICE: u128 = 1_000;
const SERVER: &str = "predictions";
/// A plot: rain, humidity, temperature, shade, weeks since pruning. Numbers that are found again wherever they are kept.
const PLOT: [f64; 5] = [317.25, 88.125, 23.375, 0.6875, 21.5];

pub fn run(story: &mut Story<'_>, model: &Model) -> Result<()> {
    let asset = Asset::native(&story.network.settlement);
    plan(story, &asset)?;
    let secret = hex::encode(rand::rng().random::<[u8; 16]>());
    let hash = HexBinary::from(Sha256::digest(&secret).as_slice());
    let create = ExecuteMsg::CreateKey { hash: hash.clone(), plan: PLAN.into(), limit: QUOTA, expires: None };
    let unbonded = story.client.execute("alice", "access", &create, 0);
    story.refused(unbonded, "", "a free key without its bond is refused: many of them would cost nothing")?;
    story.client.execute("alice", "access", &create, DOLLAR)?;
    serve(story, model)?;

    // a quota is of a day, and these questions are to be of one
    let now = story.client.block_time()?;
    if DAY - now % DAY < 300 {
        story.pass_until(now - now % DAY + DAY)?;
    }
    let pool = QueryMsg::FreePool { app: APP.into(), asset: asset.clone() };
    let before: Uint128 = story.client.ask("access", &pool)?;
    let stranger = ask(story, model, "a key that nobody made");
    story.refused(stranger, "", "the gateway turns away whose key the chain does not know")?;
    let mut heights = Vec::new();
    for left in (0..QUOTA).rev() {
        let (answer, height) = ask(story, model, &secret)?;
        heights.push(height);
        let class = answer["data"][0]["class"].as_str().context("no class")?.to_owned();
        let parts = answer["data"][0]["probabilities"].as_array().context("no probabilities")?;
        let sum: f64 = parts.iter().filter_map(Value::as_f64).sum();
        let access: AccessResponse = story.client.ask("access", &QueryMsg::Access { hash: hash.clone() })?;
        story.check(
            CLASSES.contains(&class.as_str()) && (sum - 1.0).abs() < 1e-3 && access.remaining == left,
            &format!("black pod on this plot: {class}; {left} question(s) are left today"),
        )?;
    }
    let more = ask(story, model, &secret);
    story.refused(more, "nothing remains", "a question beyond the quota is refused")?;
    let after: Uint128 = story.client.ask("access", &pool)?;
    story.check(
        before - after == Uint128::new(PRICE * u128::from(QUOTA)),
        "the free pool has paid for them: alice has not",
    )?;
    let day = story.client.block_time()? / DAY;
    let usage: UsageResponse = story.client.ask("access", &QueryMsg::Usage { app: APP.into(), day })?;
    story.check(usage.units == QUOTA, "the chain keeps counts of a day's use, and nothing else")?;
    nothing_kept(story, model, &secret, &heights)?;
    let flush = ExecuteMsg::Flush { app: APP.into(), asset: asset.clone() };
    story.client.execute("bob", "access", &flush, 0)?;
    let earned: Uint128 = story.client.ask("access", &QueryMsg::Earned { app: APP.into(), asset })?;
    story.check(earned.is_zero(), "what it earned goes to the router as a fee of the app")
}

fn plan(story: &mut Story<'_>, asset: &Asset) -> Result<()> {
    let meter = Some(story.address("cacao")?);
    story.client.execute("cacao", "access", &ExecuteMsg::SetMeter { app: APP.into(), meter }, 0)?;
    let terms = Plan {
        app: APP.into(),
        tier: Tier::Free,
        asset: asset.clone(),
        price: Uint128::new(PRICE),
        period_seconds: DAY,
        quota: QUOTA,
    };
    story.client.execute("cacao", "access", &ExecuteMsg::SetPlan { plan: PLAN.into(), terms }, 0)?;
    story.client.execute("foundation", "access", &ExecuteMsg::Donate { app: APP.into() }, 10 * DOLLAR)?;
    story.check(true, "the app offers a free plan, which a donation of 10 dollars pays for")
}

/// Starts the server of predictions; it belongs to the network, and ends with it.
fn serve(story: &mut Story<'_>, model: &Model) -> Result<()> {
    let command = trainers::command(&story.tools, &model.reader, &["serve"]);
    let process = Process::start(SERVER, command, &trainers::log(story.folder, SERVER))?;
    let file = story.folder.processes();
    let mut processes = Processes::read(&file)?;
    processes.processes.push(process.clone());
    processes.write(&file)?;
    trainers::listens(story.folder, &process, &story.network.predictions)?;
    let listed = http::ask("GET", &story.network.predictions, "/v1/models", b"")?;
    story.check(
        listed.text().contains(&model.manifest),
        "a server that had no part in the round serves the model under its manifest's digest",
    )
}

/// What the app's gateway does with a question: the chain's leave, the answer, the report. Answers with the height of the report too.
fn ask(story: &mut Story<'_>, model: &Model, secret: &str) -> Result<(Value, u64)> {
    let hash = HexBinary::from(Sha256::digest(secret).as_slice());
    let access: AccessResponse = story.client.ask("access", &QueryMsg::Access { hash: hash.clone() })?;
    if !access.allowed || access.app != APP {
        bail!("not allowed: {}", access.reason.unwrap_or_default());
    }
    let question = json!({ "model": model.manifest, "inputs": [PLOT] }).to_string();
    let answer = http::ask("POST", &story.network.predictions, "/v1/predictions", question.as_bytes())?;
    if answer.status != 200 {
        bail!("the server of predictions answers with {}", answer.status);
    }
    let sequence = access.sequence + 1;
    // which key, which use, which model, how much: nothing of what was asked
    let parts = [hash.as_slice(), &sequence.to_be_bytes(), model.manifest.as_bytes(), &1u64.to_be_bytes()];
    let receipt = Digest::of("use", &parts).0.into();
    let report = ExecuteMsg::Consume { hash, sequence, units: 1, receipt };
    let done = story.client.execute("cacao", "access", &report, 0)?;
    Ok((serde_json::from_slice(&answer.body)?, done.height))
}

/// Neither the reports on chain nor what the server wrote has anything of the question, or the key's secret.
fn nothing_kept(story: &mut Story<'_>, model: &Model, secret: &str, heights: &[u64]) -> Result<()> {
    let mut kept: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for height in heights {
        let block = story.client.chain.call("block", &json!({ "height": height.to_string() }))?;
        let all = block["block"]["data"]["txs"].as_array().context("a block without transactions")?;
        for (place, one) in all.iter().enumerate() {
            let bytes = Binary::from_base64(one.as_str().unwrap_or_default())?;
            kept.insert(format!("transaction {place} of block {height}"), bytes.into());
        }
    }
    story.check(kept.len() >= heights.len(), "the reports are in blocks")?;
    let log = trainers::log(story.folder, SERVER);
    for file in super::files(&model.reader)?.into_iter().chain([log]) {
        kept.insert(file.display().to_string(), fs::read(&file)?);
    }
    let secrets: Vec<String> = PLOT.iter().take(3).map(f64::to_string).chain([secret.to_owned()]).collect();
    for (name, bytes) in &kept {
        let holds = |secret: &String| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        if secrets.iter().any(holds) {
            bail!("{name} holds a part of the question, or the key's secret");
        }
    }
    story.check(
        true,
        &format!(
            "the reports on chain and all {} files of the server hold nothing of the questions or the key",
            kept.len()
        ),
    )
}
