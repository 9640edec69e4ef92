//! The contracts of a trial, wired, and its task.

use std::fs;
use std::path::PathBuf;

use cosmwasm_crypto::bls12_381_aggregate_g2;
use cosmwasm_std::{BLS12_381_G2_GENERATOR, Decimal, Uint128};
use iz_chain_client::Wallet;
use iz_contract_types::asset::Asset;
use iz_contract_types::{ainft, merit, nodes, revenue_router as router, rounds};
use iz_rounds_machine::{Durations, Gates, Parameters, quorum};

use super::{DENOM, POOL, SECRET};

pub struct Contracts {
    pub rounds: String,
    pub nodes: String,
    pub router: String,
    pub ainft: String,
}

pub fn seconds() -> u32 {
    std::env::var("IZ_TRIAL_SECONDS").map_or(45, |text| text.parse().unwrap())
}

pub fn deploy(wallet: &Wallet, clients: usize, members: usize) -> Contracts {
    let folder = PathBuf::from(std::env::var_os("IZ_CONTRACTS").expect("IZ_CONTRACTS"));
    let me = wallet.address().to_owned();
    let code =
        |name: &str| wallet.store_code(&fs::read(folder.join(format!("{name}.wasm"))).unwrap()).unwrap();
    let place = |name: &str, message: &dyn Instantiable| message.instantiate(wallet, code(name), name);
    let asset = Asset::native(DENOM);
    let merit = place(
        "merit",
        &merit::InstantiateMsg {
            admin: me.clone(),
            minters: vec![],
            parameters: merit::Parameters {
                epoch_seconds: 86_400,
                decay: Decimal::permille(1),
                reputation_floor_bps: 5_000,
                vouching_stake: Uint128::new(100),
                probation_epochs: 4,
            },
        },
    );
    let nodes = place(
        "nodes",
        &nodes::InstantiateMsg {
            admin: me.clone(),
            asset: asset.clone(),
            merit: None,
            treasury: me.clone(),
            epoch_seconds: 86_400,
            terms: nodes::Terms {
                minimum_bond: Uint128::new(1_000_000),
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
        },
    );
    let ainft = place(
        "ainft",
        &ainft::InstantiateMsg {
            admin: me.clone(),
            name: "artefacts".into(),
            symbol: "AINFT".into(),
            nodes: Some(nodes.clone()),
            assets: vec![asset.clone()],
        },
    );
    let account = || router::Sink::Account { address: me.clone() };
    let router = place(
        "revenue-router",
        &router::InstantiateMsg {
            admin: me.clone(),
            policy: router::Policy { minimum: router::Shares::default(), most_for_app: 7_000 },
            sinks: router::Sinks {
                nodes: account(),
                insurance: account(),
                pledge: account(),
                research: account(),
                treasury: account(),
                ainft: ainft.clone(),
            },
            assets: vec![asset],
        },
    );
    let status = wallet.chain().status().unwrap();
    let rounds = place(
        "rounds",
        &rounds::InstantiateMsg {
            admin: me.clone(),
            contracts: rounds::Contracts {
                nodes: nodes.clone(),
                merit: merit.clone(),
                router: Some(router.clone()),
                ainft: Some(ainft.clone()),
            },
            beacon: rounds::Beacon {
                public_key: bls12_381_aggregate_g2(&BLS12_381_G2_GENERATOR.repeat(SECRET)).unwrap().into(),
                genesis: u64::try_from(status.time).unwrap(),
                period: 1,
                margin: 2,
            },
            treasury: me.clone(),
        },
    );
    for role in [nodes::Role::Slasher, nodes::Role::Reporter] {
        let message = nodes::ExecuteMsg::SetRole { role, member: rounds.clone(), granted: true };
        wallet.execute(&nodes, &message, &[]).unwrap();
    }
    let message = merit::ExecuteMsg::UpdateMinters { add: vec![rounds.clone()], remove: vec![] };
    wallet.execute(&merit, &message, &[]).unwrap();
    let message = router::ExecuteMsg::CreatePool {
        pool: POOL.into(),
        controller: rounds.clone(),
        payout: router::PoolPayout::Pull,
    };
    wallet.execute(&router, &message, &[]).unwrap();
    let task = task(&me, clients, members);
    wallet.execute(&rounds, &rounds::ExecuteMsg::CreateTask { task }, &[]).unwrap();
    Contracts { rounds, nodes, router, ainft }
}

/// Messages of several types, to be instantiated from.
trait Instantiable {
    fn instantiate(&self, wallet: &Wallet, code: u64, label: &str) -> String;
}

impl<M: serde::Serialize> Instantiable for M {
    fn instantiate(&self, wallet: &Wallet, code: u64, label: &str) -> String {
        wallet.instantiate(code, label, Some(wallet.address()), self, &[]).unwrap()
    }
}

pub fn task(owner: &str, clients: usize, members: usize) -> rounds::Task {
    let (clients, members, long) = (clients as u16, members as u8, seconds());
    let staying = clients - clients * 3 / 10;
    rounds::Task {
        name: "trial".into(),
        active: true,
        parameters: Parameters {
            minimum_clients: staying.min(4),
            maximum_clients: clients,
            committee: members,
            threshold: quorum::needed(members),
            groups: (clients / 4).max(1) as u8,
            minimum_group: 2,
            durations: Durations {
                enrol: long + 2 * u32::from(clients),
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
            gates: Gates { accuracy: 600_000, robustness: 500_000, fairness: 0 },
        },
        client_bond: cosmwasm_std::coin(1_000, DENOM),
        challenge_bond: cosmwasm_std::coin(5_000, DENOM),
        candidate_bond: Uint128::new(1_000_000),
        rewards: rounds::Rewards {
            clients: Uint128::new(600_000),
            evaluators: Uint128::new(80_000),
            uptime: Uint128::new(8_000),
            node_units: Uint128::new(100),
            pool: Some(POOL.into()),
        },
        artefact: Some(rounds::ArtefactTerms {
            parents: vec![],
            royalty: ainft::Royalty::default(),
            owner: owner.into(),
        }),
    }
}
