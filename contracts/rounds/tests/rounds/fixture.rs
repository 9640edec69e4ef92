//! A chain with rounds, nodes, and small stand-ins for merit, the router and artefacts that say what they were asked.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{
    Addr, Api, BLS12_381_G2_GENERATOR, Binary, Coin, Decimal, Deps, DepsMut, Empty, Env, HashFunction,
    HexBinary, MessageInfo, Response, StdResult, Uint128, coin, coins, to_json_binary,
};
use cw_multi_test::{App, AppBuilder, AppResponse, Contract, ContractWrapper, Executor};
use cw_storage_plus::Map;
use ed25519_dalek::{Signer, SigningKey};
use iz_contract_types::asset::Asset;
use iz_contract_types::keys::KeyRegistration;
use iz_contract_types::rounds::*;
use iz_contract_types::{ainft, constitution, merit, nodes, revenue_router};
use iz_rounds::contract;
use iz_rounds::error::ContractError;
use iz_rounds_machine::score::{Metrics, Sheet};
use iz_rounds_machine::{Bitmap, Digest, Durations, Gates, Parameters, Phase, beacon, keys};
use sha2::Digest as _;

pub const DENOM: &str = "uzero";
pub const LONG: u64 = 100;
pub const MARGIN: u64 = 10;
pub const CLIENT_BOND: u128 = 1_000;
pub const CHALLENGE_BOND: u128 = 5_000;
pub const NODE_BOND: u128 = 1_000_000;
pub const CLIENTS: [&str; 6] = ["c0", "c1", "c2", "c3", "c4", "c5"];
pub const NODES: [&str; 6] = ["n0", "n1", "n2", "n3", "n4", "n5"];
/// The secret of the beacon in these tests.
pub const SECRET: usize = 7;

const WEIGHTS: Map<&str, u64> = Map::new("weights");

fn answered(name: &str, rest: &[(&str, String)]) -> Response {
    let mut response = Response::new().add_attribute("stand_in", name);
    for (key, value) in rest {
        response = response.add_attribute(*key, value);
    }
    response
}

fn merit_execute(
    deps: DepsMut<'_>,
    _: Env,
    _: MessageInfo,
    message: merit::ExecuteMsg,
) -> StdResult<Response> {
    let credits = match message {
        merit::ExecuteMsg::Credit { member, amount, .. } => vec![merit::MemberCredit { member, amount }],
        merit::ExecuteMsg::CreditMany { credits, .. } => credits,
        _ => panic!("only credits"),
    };
    let mut said = Vec::new();
    for merit::MemberCredit { member, amount } in credits {
        let before = WEIGHTS.may_load(deps.storage, &member)?.unwrap_or_default();
        WEIGHTS.save(deps.storage, &member, &(before + amount.u128() as u64))?;
        said.push(("credited", format!("{member} {amount}")));
    }
    Ok(answered("merit", &said))
}

fn merit_query(deps: Deps<'_>, _: Env, question: merit::QueryMsg) -> StdResult<Binary> {
    let merit::QueryMsg::Member { addr, .. } = question else { panic!("only members") };
    to_json_binary(&merit::MemberResponse { weight: WEIGHTS.may_load(deps.storage, &addr)? })
}

fn router_execute(
    _: DepsMut<'_>,
    _: Env,
    _: MessageInfo,
    message: revenue_router::ExecuteMsg,
) -> StdResult<Response> {
    let (pool, weights) = match message {
        revenue_router::ExecuteMsg::AddWeight { pool, member, weight } => {
            (pool, vec![revenue_router::MemberWeight { member, weight }])
        }
        revenue_router::ExecuteMsg::AddWeights { pool, weights } => (pool, weights),
        _ => panic!("only weights"),
    };
    let said: Vec<_> = weights
        .iter()
        .map(|entry| ("weighed", format!("{pool} {} {}", entry.member, entry.weight)))
        .collect();
    Ok(answered("router", &said))
}

fn ainft_execute(_: DepsMut<'_>, _: Env, _: MessageInfo, message: ainft::ExecuteMsg) -> StdResult<Response> {
    let ainft::ExecuteMsg::Register { manifest, owner, .. } = message else { panic!("only registrations") };
    Ok(answered("ainft", &[("registered", format!("{} {}", manifest.digest, owner.unwrap()))]))
}

/// A constitution that has paused rounds.
fn pause_query(_: Deps<'_>, _: Env, _: constitution::QueryMsg) -> StdResult<Binary> {
    to_json_binary(&constitution::PausedResponse { paused: true, until: None })
}

#[cw_serde]
struct Nothing {}

fn begun(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Nothing) -> StdResult<Response> {
    Ok(Response::new())
}

fn silent(_: Deps<'_>, _: Env, _: Nothing) -> StdResult<Binary> {
    to_json_binary(&Nothing {})
}

fn passive(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Nothing) -> StdResult<Response> {
    Ok(Response::new())
}

fn wrapped() -> Box<dyn Contract<Empty>> {
    Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(contract::migrate)
            .with_reply(contract::reply),
    )
}

pub struct Chain {
    pub app: App,
    pub rounds: Addr,
    pub nodes: Addr,
    pub task: u64,
}

pub fn task() -> Task {
    let long = LONG as u32;
    Task {
        name: "digits".into(),
        active: true,
        parameters: Parameters {
            minimum_clients: 4,
            maximum_clients: 6,
            committee: 4,
            threshold: 3,
            groups: 2,
            minimum_group: 2,
            durations: Durations {
                enrol: long,
                beacon: long,
                submit: long,
                witness: long,
                unmask: long,
                aggregate: long,
                score_commit: long,
                score_reveal: long,
                challenge: long,
                judge: long,
            },
            gates: Gates { accuracy: 500_000, robustness: 100_000, fairness: 100_000 },
        },
        client_bond: coin(CLIENT_BOND, DENOM),
        challenge_bond: coin(CHALLENGE_BOND, DENOM),
        candidate_bond: NODE_BOND.into(),
        rewards: Rewards {
            clients: Uint128::new(60_000),
            evaluators: Uint128::new(4_000),
            uptime: Uint128::new(400),
            node_units: Uint128::new(77),
            pool: Some("contributors".into()),
        },
        artefact: Some(ArtefactTerms {
            parents: vec![],
            royalty: ainft::Royalty::default(),
            owner: "somebody".into(),
        }),
    }
}

pub fn signing_key(owner: &str, use_of: &str) -> SigningKey {
    SigningKey::from_bytes(&sha2::Sha256::digest(format!("{owner}/{use_of}")).into())
}

pub fn beacon_signature(round: u64, secret: usize) -> HexBinary {
    let api = MockApi::default();
    let domain = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
    let point = api.bls12_381_hash_to_g1(HashFunction::Sha256, &beacon::message(round), domain).unwrap();
    api.bls12_381_aggregate_g1(&point.repeat(secret)).unwrap().into()
}

pub fn test_beacon() -> Beacon {
    let key = MockApi::default().bls12_381_aggregate_g2(&BLS12_381_G2_GENERATOR.repeat(SECRET)).unwrap();
    Beacon { public_key: key.into(), genesis: 1_000, period: 3, margin: MARGIN as u32 }
}

pub fn sheet() -> Sheet {
    Sheet {
        scores: vec![200_000, 100_000],
        metrics: Metrics { accuracy: 900_000, robustness: 800_000, fairness: 700_000 },
    }
}

pub fn aggregate() -> Digest {
    Digest::of("model", &[b"right"])
}

impl Chain {
    pub fn new() -> Self {
        Self::with(&task())
    }

    pub fn with(task: &Task) -> Self {
        let people: Vec<&str> =
            ["admin", "treasury", "stranger", "whale"].into_iter().chain(CLIENTS).chain(NODES).collect();
        let mut app = AppBuilder::new().build(|router, api, storage| {
            for person in &people {
                let address = api.addr_make(person);
                router.bank.init_balance(storage, &address, coins(100_000_000, DENOM)).unwrap();
            }
        });
        let admin = app.api().addr_make("admin");
        let treasury = app.api().addr_make("treasury").to_string();
        let stand_ins: [Box<dyn Contract<Empty>>; 3] = [
            Box::new(ContractWrapper::new(merit_execute, begun, merit_query)),
            Box::new(ContractWrapper::new(router_execute, begun, silent)),
            Box::new(ContractWrapper::new(ainft_execute, begun, silent)),
        ];
        let [merit, router, ainft] = stand_ins.map(|code| {
            let code = app.store_code(code);
            app.instantiate_contract(code, admin.clone(), &Nothing {}, &[], "stand-in", None).unwrap()
        });
        let code = app.store_code(Box::new(ContractWrapper::new(
            iz_nodes::contract::execute,
            iz_nodes::contract::instantiate,
            iz_nodes::contract::query,
        )));
        let message = nodes::InstantiateMsg {
            admin: admin.to_string(),
            asset: Asset::native(DENOM),
            merit: None,
            treasury: treasury.clone(),
            epoch_seconds: 86_400,
            terms: nodes::Terms {
                minimum_bond: NODE_BOND.into(),
                units_per_bond: Decimal::one(),
                pool_share: 2_000,
                insurance_share: 100,
                bonus: 0,
                cover: Uint128::zero(),
                acceptance_seconds: 1,
                merit_per_unit: Decimal::one(),
                observations: 1,
                claim_epochs: 30,
            },
        };
        let nodes = app.instantiate_contract(code, admin.clone(), &message, &[], "nodes", None).unwrap();
        let code = app.store_code(wrapped());
        let message = InstantiateMsg {
            admin: admin.to_string(),
            contracts: Contracts {
                nodes: nodes.to_string(),
                merit: merit.to_string(),
                router: Some(router.to_string()),
                ainft: Some(ainft.to_string()),
            },
            beacon: test_beacon(),
            treasury,
        };
        let rounds = app
            .instantiate_contract(code, admin.clone(), &message, &[], "rounds", Some(admin.into()))
            .unwrap();
        let mut chain = Self { app, rounds, nodes, task: 1 };
        for role in [nodes::Role::Slasher, nodes::Role::Reporter] {
            let member = chain.rounds.to_string();
            chain.send_to_nodes("admin", &nodes::ExecuteMsg::SetRole { role, member, granted: true }, &[]);
        }
        for node in NODES {
            let keys = chain.keys_for(node, &chain.nodes.clone());
            chain.send_to_nodes(node, &nodes::ExecuteMsg::Register { keys }, &coins(NODE_BOND, DENOM));
        }
        for client in CLIENTS {
            let keys = chain.keys_for(client, &chain.rounds.clone());
            chain.ok(client, ExecuteMsg::RegisterKeys { keys });
        }
        chain.ok("admin", ExecuteMsg::CreateTask { task: task.clone() });
        chain
    }

    /// Addresses as a batch wants them.
    pub fn sorted(&self, names: &[&str]) -> Vec<String> {
        let mut members: Vec<String> = names.iter().map(|name| self.who(name).to_string()).collect();
        members.sort();
        members
    }

    pub fn who(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn send_to_nodes(&mut self, sender: &str, message: &nodes::ExecuteMsg, funds: &[Coin]) {
        let sender = self.who(sender);
        self.app.execute_contract(sender, self.nodes.clone(), message, funds).unwrap();
    }

    pub fn send(
        &mut self,
        sender: &str,
        message: ExecuteMsg,
        funds: &[Coin],
    ) -> Result<AppResponse, ContractError> {
        let sender = self.who(sender);
        self.app
            .execute_contract(sender, self.rounds.clone(), &message, funds)
            .map_err(|error| error.downcast().expect("an error of the contract"))
    }

    pub fn ok(&mut self, sender: &str, message: ExecuteMsg) -> AppResponse {
        self.send(sender, message, &[]).unwrap()
    }

    pub fn fails(&mut self, sender: &str, message: ExecuteMsg) -> ContractError {
        self.send(sender, message, &[]).unwrap_err()
    }

    pub fn ask<T: serde::de::DeserializeOwned>(&self, question: &QueryMsg) -> StdResult<T> {
        self.app.wrap().query_wasm_smart(&self.rounds, question)
    }

    pub fn round(&self, id: u64) -> RoundResponse {
        self.ask(&QueryMsg::Round { id }).unwrap()
    }

    pub fn phase(&self, id: u64) -> Phase {
        self.round(id).round.phase
    }

    pub fn earned(&self, round: u64, name: &str) -> u128 {
        let member = self.who(name).to_string();
        self.ask::<EarnedResponse>(&QueryMsg::Earned { round, member }).unwrap().merit.u128()
    }

    pub fn node_bond(&self, name: &str) -> u128 {
        let question = nodes::QueryMsg::Node { operator: self.who(name).to_string() };
        let node: nodes::NodeResponse = self.app.wrap().query_wasm_smart(&self.nodes, &question).unwrap();
        node.bond.u128()
    }

    pub fn balance(&self, name: &str) -> u128 {
        self.app.wrap().query_balance(self.who(name), DENOM).unwrap().amount.u128()
    }

    pub fn held(&self) -> u128 {
        self.app.wrap().query_balance(&self.rounds, DENOM).unwrap().amount.u128()
    }

    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(seconds);
        });
    }

    pub fn keys_for(&self, owner: &str, contract: &Addr) -> KeyRegistration {
        let (signature, sealing) = (signing_key(owner, "signature"), signing_key(owner, "sealing"));
        let sealing_key = sealing.verifying_key().to_montgomery().to_bytes();
        let signature_key = signature.verifying_key().to_bytes();
        let chain = self.app.block_info().chain_id;
        let address = self.who(owner);
        let statement =
            keys::statement(&chain, contract.as_str(), address.as_str(), &signature_key, &sealing_key);
        KeyRegistration {
            signature_key: signature_key.into(),
            sealing_key: sealing_key.into(),
            sealing_twin: sealing.verifying_key().to_bytes().into(),
            signature_proof: signature.sign(&statement.0).to_bytes().into(),
            sealing_proof: sealing.sign(&statement.0).to_bytes().into(),
        }
    }

    /// Names of the committee, by seat.
    pub fn committee(&self, round: u64) -> Vec<&'static str> {
        let members: Vec<MemberResponse> = self.ask(&QueryMsg::Committee { round }).unwrap();
        members
            .iter()
            .map(|member| NODES.into_iter().find(|name| self.who(name) == member.operator).unwrap())
            .collect()
    }

    pub fn signed_sum(&self, signer: &str, round: u64, set: &Digest, sum: &Digest) -> HexBinary {
        let chain = self.app.block_info().chain_id;
        let statement = keys::sum_statement(&chain, self.rounds.as_str(), round, set, sum);
        signing_key(signer, "signature").sign(&statement.0).to_bytes().into()
    }

    pub fn sum(&self, signer: &str, round: u64, set: Digest) -> ExecuteMsg {
        let sum = Digest::of("sum of", &[signer.as_bytes()]);
        let signature = self.signed_sum(signer, round, &set, &sum);
        ExecuteMsg::PostSum { round, set, sum, signature }
    }

    pub fn salt(name: &str) -> Digest {
        Digest::of("salt", &[name.as_bytes()])
    }

    pub fn commitment(&self, name: &str, round: u64, sheet: &Sheet) -> ExecuteMsg {
        let evaluator = self.who(name);
        let commitment = sheet.commitment(self.rounds.as_str(), round, evaluator.as_str(), &Self::salt(name));
        ExecuteMsg::CommitScores { round, commitment }
    }

    pub fn reveal(name: &str, round: u64, sheet: &Sheet) -> ExecuteMsg {
        let Sheet { scores, metrics } = sheet.clone();
        ExecuteMsg::RevealScores { round, scores, metrics, salt: Self::salt(name) }
    }

    pub fn beacon(&self, round: u64) -> ExecuteMsg {
        let due = self.round(round).round.beacon.unwrap();
        ExecuteMsg::Beacon { round, signature: beacon_signature(due, SECRET) }
    }

    pub fn open(&mut self) -> u64 {
        let response = self.ok("stranger", ExecuteMsg::Open { task: self.task });
        attribute(&response, "round")[0].parse().unwrap()
    }

    pub fn enrol(&mut self, client: &str, round: u64) -> Result<AppResponse, ContractError> {
        self.send(client, ExecuteMsg::Enrol { round }, &coins(CLIENT_BOND, DENOM))
    }

    pub fn advance(&mut self, round: u64) {
        self.ok("stranger", ExecuteMsg::Advance { round });
    }

    /// Everyone does what is asked of them in this phase, and a stranger advances.
    pub fn honestly(&mut self, round: u64) {
        let committee = self.committee(round);
        match self.phase(round) {
            Phase::Enrol => {
                for client in CLIENTS {
                    self.enrol(client, round).unwrap();
                }
                for node in NODES {
                    self.ok(node, ExecuteMsg::Stand { round });
                }
                self.wait(LONG);
                self.advance(round);
            }
            Phase::Draw | Phase::Group => {
                self.wait(MARGIN);
                let message = self.beacon(round);
                self.ok("stranger", message);
            }
            Phase::Submit => {
                for client in CLIENTS {
                    let upload = Digest::of("upload", &[client.as_bytes()]);
                    self.ok(client, ExecuteMsg::Submit { round, upload, shares: upload });
                }
                self.advance(round);
            }
            Phase::Witness => {
                let clients: Bitmap = (0..6).collect();
                for name in committee {
                    self.ok(name, ExecuteMsg::Witness { round, clients });
                }
                self.advance(round);
            }
            Phase::Unmask => {
                let set = self.round(round).round.set.unwrap();
                for name in committee {
                    let message = self.sum(name, round, set);
                    self.ok(name, message);
                }
                self.advance(round);
            }
            Phase::Aggregate => {
                for name in committee {
                    self.ok(name, ExecuteMsg::Attest { round, aggregate: aggregate() });
                }
                self.advance(round);
            }
            Phase::ScoreCommit => {
                for name in committee {
                    let message = self.commitment(name, round, &sheet());
                    self.ok(name, message);
                }
                self.advance(round);
            }
            Phase::ScoreReveal => {
                for name in committee {
                    self.ok(name, Self::reveal(name, round, &sheet()));
                }
                self.advance(round);
            }
            Phase::Challenge => {
                self.wait(LONG);
                self.advance(round);
            }
            Phase::Judge | Phase::Final | Phase::Void => panic!("nothing is asked of anyone"),
        }
    }

    /// A round brought to a phase by everyone being honest.
    pub fn at(&mut self, phase: Phase) -> u64 {
        let round = self.open();
        while self.phase(round) != phase {
            self.honestly(round);
        }
        round
    }

    pub fn pausing_admin(&mut self) -> Addr {
        let code = self.app.store_code(Box::new(ContractWrapper::new(passive, begun, pause_query)));
        let admin = self.who("admin");
        self.app.instantiate_contract(code, admin, &Nothing {}, &[], "constitution", None).unwrap()
    }

    pub fn migrate(&mut self) -> Result<(), ContractError> {
        let admin = self.who("admin");
        let code = self.app.store_code(wrapped());
        self.app
            .migrate_contract(admin, self.rounds.clone(), &MigrateMsg {}, code)
            .map(|_| ())
            .map_err(|error| error.downcast().expect("an error of the contract"))
    }
}

pub fn attribute(response: &AppResponse, name: &str) -> Vec<String> {
    response
        .events
        .iter()
        .flat_map(|event| &event.attributes)
        .filter(|attribute| attribute.key == name)
        .map(|attribute| attribute.value.clone())
        .collect()
}
