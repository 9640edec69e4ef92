//! Payouts to other chains over a bank and an ICS-20 module that keeps packets until the test says what became of them: what arrives is
//! gone from here, what fails or times out is its claimant's again, once, and the router never owes more than it has.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::{Result as AnyResult, bail};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Api, BankMsg, Binary, BlockInfo, Coin, CosmosMsg, CustomMsg, CustomQuery, DepsMut, Empty, Env,
    IbcAckCallbackMsg, IbcAcknowledgement, IbcEndpoint, IbcMsg, IbcPacket, IbcQuery, IbcSourceCallbackMsg,
    IbcTimeout, IbcTimeoutCallbackMsg, Querier, Response, Storage, Timestamp, Uint128, coins,
};
use cw_multi_test::{
    App, AppBuilder, AppResponse, BankKeeper, ContractWrapper, CosmosRouter, DistributionKeeper, Executor,
    FailingModule, Ibc, IntoAddr, MockApiBech32, Module, StakeKeeper, WasmKeeper,
};
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::*;
use iz_revenue_router::{ContractError, contract};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A transfer under way.
#[derive(Clone)]
struct Sent {
    channel: String,
    sequence: u64,
    amount: Coin,
    memo: String,
}

/// Takes transfers into escrow and remembers them.
#[derive(Clone, Default)]
struct Transfers(Rc<RefCell<Vec<Sent>>>);

impl Module for Transfers {
    type ExecT = IbcMsg;
    type QueryT = IbcQuery;
    type SudoT = Empty;

    fn execute<ExecC, QueryC>(
        &self,
        api: &dyn Api,
        storage: &mut dyn Storage,
        router: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        block: &BlockInfo,
        sender: Addr,
        msg: IbcMsg,
    ) -> AnyResult<AppResponse>
    where
        ExecC: CustomMsg + DeserializeOwned + 'static,
        QueryC: CustomQuery + DeserializeOwned + 'static,
    {
        let IbcMsg::Transfer { channel_id, amount, memo, .. } = msg else { bail!("transfers only") };
        let escrow = BankMsg::Send { to_address: escrow().into(), amount: vec![amount.clone()] };
        router.execute(api, storage, block, sender, CosmosMsg::Bank(escrow))?;
        let mut all = self.0.borrow_mut();
        let sequence = all.len() as u64 + 1;
        all.push(Sent { channel: channel_id, sequence, amount, memo: memo.unwrap_or_default() });
        // MsgTransferResponse, field 1
        Ok(AppResponse { events: vec![], data: Some(Binary::from([0x08, u8::try_from(sequence)?])) })
    }

    fn query(
        &self,
        _: &dyn Api,
        _: &dyn Storage,
        _: &dyn Querier,
        _: &BlockInfo,
        _: IbcQuery,
    ) -> AnyResult<Binary> {
        bail!("nothing is asked")
    }

    fn sudo<ExecC, QueryC>(
        &self,
        _: &dyn Api,
        _: &mut dyn Storage,
        _: &dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
        _: &BlockInfo,
        _: Empty,
    ) -> AnyResult<AppResponse> {
        bail!("nothing is ordered")
    }
}

impl Ibc for Transfers {}

fn escrow() -> Addr {
    "escrow".into_addr()
}

/// Both ways in which a chain reports, through the one door that cw-multi-test has for what only the chain may say.
#[cw_serde]
enum Report {
    Source(Box<IbcSourceCallbackMsg>),
    Hooks(SudoMsg),
}

fn report(deps: DepsMut<'_>, env: Env, msg: Report) -> Result<Response, ContractError> {
    match msg {
        Report::Source(msg) => {
            let response = contract::ibc_source_callback(deps, env, *msg)?;
            Ok(Response::new().add_attributes(response.attributes))
        }
        Report::Hooks(msg) => contract::sudo(deps, env, msg),
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Arrives,
    IsRefused,
    TimesOut,
}

type Chain = App<
    BankKeeper,
    MockApiBech32,
    cosmwasm_std::testing::MockStorage,
    FailingModule<Empty, Empty, Empty>,
    WasmKeeper<Empty, Empty>,
    StakeKeeper,
    DistributionKeeper,
    Transfers,
>;

struct Trial {
    app: Chain,
    router: Addr,
    transfers: Transfers,
}

fn usdc() -> Asset {
    Asset::native("uusdc")
}

impl Trial {
    /// An app that keeps half of its fees, and a pool of one that gets a fifth.
    fn new() -> Self {
        let transfers = Transfers::default();
        let mut app = AppBuilder::new()
            .with_api(MockApiBech32::new("cosmwasm"))
            .with_ibc(transfers.clone())
            .build(|router, _, storage| {
                router.bank.init_balance(storage, &"payer".into_addr(), coins(1_000_000, "uusdc")).unwrap();
            });
        let code = app.store_code(Box::new(
            ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
                .with_reply(contract::reply)
                .with_sudo(report),
        ));
        let account = |name: &str| Sink::Account { address: name.into_addr().into() };
        let message = InstantiateMsg {
            admin: "constitution".into_addr().into(),
            policy: Policy { minimum: Shares::default(), most_for_app: 8_000 },
            sinks: Sinks {
                nodes: account("nodes"),
                insurance: account("insurance"),
                pledge: account("pledge"),
                research: account("research"),
                treasury: account("treasury"),
                ainft: "ainft".into_addr().into(),
            },
            assets: vec![usdc()],
        };
        let admin = "constitution".into_addr();
        let router = app.instantiate_contract(code, admin, &message, &[], "router", None).unwrap();
        let mut trial = Self { app, router, transfers };
        let controller = "rounds".into_addr().to_string();
        let pool = "makers".to_string();
        let create = ExecuteMsg::CreatePool { pool: pool.clone(), controller, payout: PoolPayout::Pull };
        trial.run("constitution", &create, 0);
        let member = "ann".into_addr().to_string();
        trial.run("rounds", &ExecuteMsg::AddWeight { pool: pool.clone(), member, weight: Uint128::one() }, 0);
        for (name, channel, callbacks) in
            [("hub", "channel-0", Callbacks::Source), ("osmosis", "channel-1", Callbacks::Hooks)]
        {
            let route = Route { channel: channel.into(), callbacks, timeout_seconds: 600, hops: vec![] };
            trial.run("constitution", &ExecuteMsg::SetRoute { name: name.into(), route: Some(route) }, 0);
        }
        let shares = Shares { app: 5_000, contributors: 2_000, treasury: 3_000, ..Shares::default() };
        let terms = Terms { shares, pool: Some(pool), artefact: None };
        trial.run("owner", &ExecuteMsg::RegisterApp { app: "acme".into(), terms, operators: vec![] }, 0);
        trial.run("payer", &ExecuteMsg::PayFee { app: "acme".into(), job: None }, 100_000);
        trial
    }

    fn run(&mut self, sender: &str, message: &impl Serialize, paid: u128) {
        let message: serde_json::Value = serde_json::to_value(message).unwrap();
        let funds = if paid > 0 { coins(paid, "uusdc") } else { vec![] };
        self.app.execute_contract(sender.into_addr(), self.router.clone(), &message, &funds).unwrap();
    }

    fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.router, question).unwrap()
    }

    fn has(&self, who: &Addr) -> u128 {
        self.app.wrap().query_balance(who, "uusdc").unwrap().amount.u128()
    }

    /// What the router says that it holds, which is what the bank says.
    fn held(&self) -> u128 {
        let assets: Vec<AssetResponse> = self.ask(&QueryMsg::Assets {});
        assert_eq!(assets[0].held.u128(), self.has(&self.router));
        assets[0].held.u128()
    }

    fn owed(&self, source: &Source) -> u128 {
        let owed: Uint128 = match source {
            Source::App { app } => self.ask(&QueryMsg::AppBalance { app: app.clone(), asset: usdc() }),
            Source::Pool { pool } => {
                let member = "ann".into_addr().into();
                self.ask(&QueryMsg::Claimable { pool: pool.clone(), member, asset: usdc() })
            }
        };
        owed.u128()
    }

    fn under_way(&self) -> usize {
        self.ask::<Vec<PacketResponse>>(&QueryMsg::Packets { start_after: None, limit: None }).len()
    }

    /// The chain learns what became of a packet: ICS-20 gives back what did not arrive, and then the contract is told.
    fn ends(&mut self, sent: &Sent, fate: Fate) -> String {
        if fate != Fate::Arrives {
            self.app.send_tokens(escrow(), self.router.clone(), std::slice::from_ref(&sent.amount)).unwrap();
        }
        self.told(sent, fate)
    }

    fn told(&mut self, sent: &Sent, fate: Fate) -> String {
        let message = if sent.memo.contains("src_callback") { source(sent, fate) } else { hooks(sent, fate) };
        let response = self.app.wasm_sudo(self.router.clone(), &message).unwrap();
        let mut attributes = response.events.iter().flat_map(|event| &event.attributes);
        attributes.find(|attribute| attribute.key == "outcome").unwrap().value.clone()
    }
}

fn source(sent: &Sent, fate: Fate) -> Report {
    let end = |channel: &str| IbcEndpoint { port_id: "transfer".into(), channel_id: channel.into() };
    let timeout = IbcTimeout::with_timestamp(Timestamp::from_seconds(1));
    let packet = IbcPacket::new(b"{}", end(&sent.channel), end("channel-9"), sent.sequence, timeout);
    let relayer = "relayer".into_addr();
    let acknowledged = |text: &[u8]| {
        let acknowledgement = IbcAcknowledgement::new(Binary::from(text));
        IbcAckCallbackMsg::new(acknowledgement, packet.clone(), relayer.clone())
    };
    Report::Source(Box::new(match fate {
        Fate::Arrives => IbcSourceCallbackMsg::Acknowledgement(acknowledged(br#"{"result":"AQ=="}"#)),
        Fate::IsRefused => {
            IbcSourceCallbackMsg::Acknowledgement(acknowledged(br#"{"error":"ABCI code: 1"}"#))
        }
        Fate::TimesOut => IbcSourceCallbackMsg::Timeout(IbcTimeoutCallbackMsg::new(packet, relayer)),
    }))
}

fn hooks(sent: &Sent, fate: Fate) -> Report {
    let (channel, sequence) = (sent.channel.clone(), sent.sequence);
    Report::Hooks(SudoMsg::IbcLifecycleComplete(match fate {
        Fate::TimesOut => LifecycleComplete::IbcTimeout { channel, sequence },
        _ => LifecycleComplete::IbcAck {
            channel,
            sequence,
            ack: String::new(),
            success: fate == Fate::Arrives,
        },
    }))
}

#[test]
fn a_payout_arrives_or_is_its_claimants_again_once() {
    for route in ["hub", "osmosis"] {
        for (claimant, source) in
            [("owner", Source::App { app: "acme".into() }), ("ann", Source::Pool { pool: "makers".into() })]
        {
            for fate in [Fate::Arrives, Fate::IsRefused, Fate::TimesOut] {
                let case = format!("{claimant} by {route}: {fate:?}");
                let mut trial = Trial::new();
                let (owed, held) = (trial.owed(&source), trial.held());
                let to = Some(Payout::Remote { route: route.into(), receiver: "cosmos1receiver".into() });
                let claim = ExecuteMsg::Claim { source: source.clone(), asset: usdc(), to };
                trial.run(claimant, &claim, 0);
                let sent = trial.transfers.0.borrow()[0].clone();
                assert_eq!((sent.amount.amount.u128(), trial.has(&escrow())), (owed, owed), "{case}");
                assert_eq!(
                    (trial.owed(&source), trial.held(), trial.under_way()),
                    (0, held - owed, 1),
                    "{case}"
                );

                let outcome = trial.ends(&sent, fate);
                let back = if fate == Fate::Arrives { 0 } else { owed };
                assert_eq!(outcome == "arrived", fate == Fate::Arrives, "{case}");
                assert_eq!(
                    (trial.owed(&source), trial.held(), trial.under_way()),
                    (back, held - owed + back, 0),
                    "{case}"
                );
                // told again, whatever it says: nothing is left to credit
                for again in [Fate::Arrives, Fate::IsRefused, Fate::TimesOut] {
                    assert_eq!(trial.told(&sent, again), "unknown", "{case}");
                }
                assert_eq!((trial.owed(&source), trial.held()), (back, held - owed + back), "{case}");
                if back > 0 {
                    trial.run(
                        claimant,
                        &ExecuteMsg::Claim { source: source.clone(), asset: usdc(), to: None },
                        0,
                    );
                    assert_eq!(trial.has(&claimant.into_addr()), owed, "{case}");
                }
            }
        }
    }
}

#[test]
fn payouts_under_way_end_each_for_itself() {
    let mut trial = Trial::new();
    let claim = |app: bool| {
        let source =
            if app { Source::App { app: "acme".into() } } else { Source::Pool { pool: "makers".into() } };
        let to = Some(Payout::Remote { route: "hub".into(), receiver: "cosmos1receiver".into() });
        ExecuteMsg::Claim { source, asset: usdc(), to }
    };
    trial.run("owner", &claim(true), 0);
    trial.run("ann", &claim(false), 0);
    trial.run("payer", &ExecuteMsg::PayFee { app: "acme".into(), job: None }, 10_000);
    trial.run("owner", &claim(true), 0);
    let sent = trial.transfers.0.borrow().clone();
    assert_eq!((sent.len(), trial.under_way()), (3, 3));
    // the last first, and the second lost
    assert_eq!(trial.ends(&sent[2], Fate::Arrives), "arrived");
    assert_eq!(trial.ends(&sent[1], Fate::TimesOut), "credited_again");
    assert_eq!(trial.ends(&sent[0], Fate::IsRefused), "credited_again");
    assert_eq!(trial.owed(&Source::App { app: "acme".into() }), 50_000);
    assert_eq!(trial.owed(&Source::Pool { pool: "makers".into() }), 20_000 + 2_000);
    assert_eq!(trial.under_way(), 0);
    trial.held();
}
