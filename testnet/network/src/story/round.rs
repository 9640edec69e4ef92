//! A private round of processes: three devices train on a farm's table each, and send what is masked and noised; somebody fakes a
//! contribution; three nodes open the sum, compute the model, score it; a verifier recomputes it; it is published with its lineage. Nothing
//! is done here but what people do: opening the round, letting time pass, faking.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use iz_contract_types::ainft::{self, ArtefactResponse, LineageResponse, TokensResponse};
use iz_contract_types::nodes::{self, NodeResponse, Status};
use iz_contract_types::rounds::{
    ClientResponse, ExecuteMsg, MemberResponse, QueryMsg, RoundResponse, TaskResponse,
};
use iz_rounds_machine::{Digest, Phase};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{DEVICES, OPERATORS, Story};
use crate::deploy::DOLLAR;
use crate::http;
use crate::trainers::{self, ALLOWANCE, BOND};

const TASK: u64 = 1;
const FAKER: &str = "mallory";
const WATCHER: &str = "watcher";

/// What the round made.
pub struct Model {
    pub round: u64,
    /// The artefact's identifier, and the digest of its manifest.
    pub artefact: String,
    pub manifest: String,
    /// A folder of one who only reads.
    pub reader: PathBuf,
}

pub fn run(story: &mut Story<'_>) -> Result<Model> {
    for name in OPERATORS {
        let question = nodes::QueryMsg::Node { operator: story.address(name)? };
        let node: NodeResponse = story.client.ask("nodes", &question)?;
        story.check(
            node.status == Status::Active && node.bond.u128() == BOND,
            &format!("{name} is a node with a bond of {} dollars", BOND / DOLLAR),
        )?;
    }
    let round = train(story)?;
    let last = open_and_judge(story, round)?;
    let model = publish(story, &last)?;
    card(story, &model)?;
    budgets(story)?;
    Ok(model)
}

/// Up to the masked uploads.
fn train(story: &mut Story<'_>) -> Result<u64> {
    let keys = story.registration(FAKER, "rounds")?;
    story.client.execute(FAKER, "rounds", &ExecuteMsg::RegisterKeys { keys }, 0)?;
    let opened = story.client.execute("bob", "rounds", &ExecuteMsg::Open { task: TASK }, 0)?;
    let round: u64 = opened.attribute("wasm", "round").context("no round")?.parse()?;
    story.client.execute(FAKER, "rounds", &ExecuteMsg::Enrol { round }, DOLLAR)?;
    let ready = story.until("three devices enrol and train, three nodes stand", |story| {
        let now = look(story, round)?;
        let trained = DEVICES.iter().all(|name| !trainers::told(story.folder, name, "trained").is_empty());
        Ok((now.enrolled == 4 && now.candidates == 3 && trained).then_some(now))
    })?;
    story.check(
        true,
        "bob opens a round: three devices train on their farms' tables, three nodes stand for the committee",
    )?;
    story.pass_until(ready.round.deadline)?;
    story.until("the beacon draws the committee", |story| {
        Ok(in_phase(story, round, Phase::Submit)?.map(drop))
    })?;
    fake(story, round)?;
    story.until("the devices submit", |story| {
        let now = look(story, round)?;
        Ok((now.submitted.count() == 4 || now.round.phase > Phase::Submit).then_some(()))
    })?;
    Ok(round)
}

/// Bytes that were never masked, under digests that are right.
fn fake(story: &mut Story<'_>, round: u64) -> Result<()> {
    let bytes = b"a contribution that nobody computed".repeat(20);
    let digest = Digest(Sha256::digest(&bytes).into());
    let put = http::ask("PUT", &story.network.blobs, &format!("/blobs/{digest}"), &bytes)?;
    story.check(
        put.status == 201,
        &format!("{FAKER} trains nothing, and leaves made-up bytes as its upload"),
    )?;
    story.client.execute(
        FAKER,
        "rounds",
        &ExecuteMsg::Submit { round, upload: digest, shares: digest },
        0,
    )?;
    Ok(())
}

/// Up to the end of the round.
fn open_and_judge(story: &mut Story<'_>, round: u64) -> Result<RoundResponse> {
    let judged = story.until("the committee opens the sum and scores the model", |story| {
        in_phase(story, round, Phase::Challenge)
    })?;
    let clients: Vec<ClientResponse> =
        story.client.ask("rounds", &QueryMsg::Clients { round, start_after: None, limit: None })?;
    let faker = story.address(FAKER)?;
    let taken = |client: &ClientResponse| client.included == (client.client.as_str() != faker);
    story.check(
        clients.len() == 4 && clients.iter().all(taken),
        "the committee refuses the made-up upload: it is not in the set, the three others are",
    )?;
    let committee: Vec<MemberResponse> = story.client.ask("rounds", &QueryMsg::Committee { round })?;
    story.check(
        committee.len() == 3 && committee.iter().all(|member| member.sum.is_some()),
        "each of the committee has posted its share of the sum over exactly that set",
    )?;
    nothing_leaked(story, round)?;
    let sheet = judged.round.agreed.as_ref().context("no figures are agreed")?;
    let task: TaskResponse = story.client.ask("rounds", &QueryMsg::Task { id: TASK })?;
    let gates = task.task.parameters.gates;
    story.check(
        sheet.metrics.accuracy >= gates.accuracy && sheet.metrics.robustness >= gates.robustness,
        &format!(
            "on farms that never trained the model is right in {:.1}% ({:.1}% with disturbed readings): it passes the gates",
            f64::from(sheet.metrics.accuracy) / 1e4,
            f64::from(sheet.metrics.robustness) / 1e4,
        ),
    )?;
    story.until("the verifier recomputes the model", |story| {
        let said = trainers::told(story.folder, WATCHER, "confirmed");
        Ok(said.iter().any(|said| said["round"] == round).then_some(()))
    })?;
    story.check(true, "a verifier outside the committee computes the same model, and challenges nothing")?;
    story.pass_until(judged.round.deadline)?;
    story.until("the round ends", |story| in_phase(story, round, Phase::Final))
}

/// What is kept of a round where everyone can read it holds no row of a table, and no device's update.
fn nothing_leaked(story: &mut Story<'_>, round: u64) -> Result<()> {
    let watcher = home(story, WATCHER)?;
    let blobs = super::files(&watcher.join("blobs"))?;
    let mut secrets: Vec<Vec<u8>> = Vec::new();
    for name in DEVICES {
        let home = home(story, name)?;
        let table = fs::read_to_string(home.join("data.csv"))?;
        secrets.extend(trainers::rows(&table).map(|row| row.as_bytes().to_vec()));
        // its journal: a hash of 32 bytes, then the update as floats
        let update = fs::read(home.join(format!("journal/client/{round}-update")))?;
        secrets.push(update.get(32..64).context("an update of nothing")?.to_vec());
    }
    let holds = |blob: &[u8], secret: &[u8]| blob.windows(secret.len()).any(|part| part == secret);
    let mut uploads = 0;
    for file in &blobs {
        let blob = fs::read(file)?;
        uploads += usize::from(blob.len() > 64);
        if secrets.iter().any(|secret| holds(&blob, secret)) {
            bail!("{} holds what should never leave a device", file.display());
        }
    }
    story.check(
        uploads >= 4,
        &format!(
            "none of the {} blobs that left a machine holds a row of a table or a device's update",
            blobs.len()
        ),
    )
}

fn publish(story: &mut Story<'_>, last: &RoundResponse) -> Result<Model> {
    let owner = story.address("cacao")?;
    let artefact = story.until("the model is published", |story| {
        let question = ainft::QueryMsg::Tokens { owner: owner.clone(), start_after: None, limit: None };
        let tokens: TokensResponse = story.client.ask("ainft", &question)?;
        Ok(tokens.tokens.last().cloned())
    })?;
    let found: ArtefactResponse =
        story.client.ask("ainft", &ainft::QueryMsg::Artefact { id: artefact.clone() })?;
    let manifest = last.round.aggregate.context("a final round without a model")?;
    story.check(
        found.kind == ainft::Kind::Model && found.manifest.digest.as_slice() == manifest.0,
        "the model is an artefact (AINFT) of the app's owner, under the digest that the committee attested",
    )?;
    let lineage: LineageResponse =
        story.client.ask("ainft", &ainft::QueryMsg::Lineage { id: artefact.clone() })?;
    let [parent] = lineage.parents.as_slice() else { bail!("the model has no lineage: {lineage:?}") };
    let data: ArtefactResponse =
        story.client.ask("ainft", &ainft::QueryMsg::Artefact { id: parent.id.clone() })?;
    let described = Sha256::digest(trainers::schema().as_bytes());
    story.check(
        data.kind == ainft::Kind::Data && data.manifest.digest.as_slice() == described.as_slice(),
        "its lineage names what describes the data, and gives that a part of its income",
    )?;
    // one who has nothing to do with the round
    let reader = story.folder.trainers().join("reader");
    let mut init = trainers::command(&story.tools, &reader, &["init"]);
    for setting in trainers::reader(story.network)? {
        init.args(["--set", &setting]);
    }
    trainers::answer(&mut init)?;
    Ok(Model { round: last.id, artefact, manifest: manifest.to_string(), reader })
}

/// What anyone can download: weights, card, recipe, manifest.
fn card(story: &mut Story<'_>, model: &Model) -> Result<()> {
    let target = story.folder.trainers().join("model");
    let shown = target.to_str().context("the folder's name is no UTF-8")?;
    trainers::answer(&mut trainers::command(
        &story.tools,
        &model.reader,
        &["export", shown, "--manifest", &model.manifest],
    ))?;
    let manifest = fs::read(target.join("manifest.json"))?;
    let listed: Value = serde_json::from_slice(&manifest)?;
    let right = |file: &Value| -> Result<bool> {
        let name = file["name"].as_str().context("a file without a name")?;
        Ok(file["sha256"] == hex::encode(Sha256::digest(fs::read(target.join(name))?)).as_str())
    };
    let files = listed["files"].as_array().context("no files")?;
    let all = files.iter().map(right).collect::<Result<Vec<_>>>()?;
    let has = |name: &str| files.iter().any(|file| file["name"] == name);
    let named = ["model.safetensors", "README.md", "recipe.json"].into_iter().all(has);
    story.check(
        hex::encode(Sha256::digest(&manifest)) == model.manifest && named && all.iter().all(|right| *right),
        "anyone downloads it: weights, card and recipe are what the manifest says, and the manifest what the chain says",
    )?;
    let card = fs::read_to_string(target.join("README.md"))?;
    let says =
        ["license:", "- differential-privacy", "Clients in the sum: 3", "masked", "discrete Gaussian noise"];
    story.check(
        says.iter().all(|part| card.contains(part)),
        "its card says who was in the sum, that updates were masked, and how much noise was added",
    )
}

fn budgets(story: &mut Story<'_>) -> Result<()> {
    let allowed: f64 = ALLOWANCE.parse()?;
    for name in DEVICES {
        // its ledger is the device's alone while that runs, so a copy is read
        let (home, copy) = (home(story, name)?, story.folder.trainers().join(format!("{name}.ledger")));
        fs::create_dir_all(&copy)?;
        for file in ["config.toml", "budget"] {
            fs::copy(home.join(file), copy.join(file))?;
        }
        let budget = trainers::answer(&mut trainers::command(&story.tools, &copy, &["budget"]))?;
        let spent = budget["epsilon_spent"].as_f64().context("no ε")?;
        story.check(
            spent > 0.0 && spent <= allowed,
            &format!("{name} has spent ε = {spent:.2} of the {ALLOWANCE} it allows in its lifetime"),
        )?;
    }
    Ok(())
}

fn look(story: &Story<'_>, round: u64) -> Result<RoundResponse> {
    story.client.ask("rounds", &QueryMsg::Round { id: round })
}

/// The round, once it is in a phase; an error when it has ended otherwise.
fn in_phase(story: &Story<'_>, round: u64, phase: Phase) -> Result<Option<RoundResponse>> {
    let now = look(story, round)?;
    if now.round.phase.is_over() && now.round.phase != phase {
        bail!("the round has ended: {:?}, {:?}", now.round.phase, now.round.reason);
    }
    Ok((now.round.phase == phase).then_some(now))
}

fn home(story: &Story<'_>, name: &str) -> Result<PathBuf> {
    let found = story.network.trainers.iter().find(|trainer| trainer.name == name);
    Ok(found.with_context(|| format!("the network has no trainer {name}"))?.home.clone())
}
