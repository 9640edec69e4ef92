//! The chain: blocks, contracts, sending and asking.

use cosmwasm_std::{Addr, Coin, CosmosMsg, Decimal, HexBinary, Uint128, WasmMsg, coin, to_json_binary};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor, error::AnyResult};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, AssetAmount, Class, Council, Rule, Shares, SpendCap, Text};
use iz_contract_types::{merit, quadratic_dao};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub const DAY: u64 = 86_400;
pub const DENOM: &str = "uiz";
pub const BOND: u128 = 1_000;

/// What a test may want otherwise.
pub struct Setup {
    pub merit: merit::Parameters,
    pub config: quadratic_dao::Config,
}

impl Default for Setup {
    fn default() -> Self {
        use Class::*;
        let classes = [Parameter, Grant, Model, Architecture, TrainingGoal, Code, Constitution];
        let rules = |class| quadratic_dao::ClassRules {
            class,
            delay_seconds: 2 * DAY,
            period_seconds: 3 * DAY,
            timelock_seconds: 3 * DAY,
            quorum_bps: if class == Constitution { 2_000 } else { 1_000 },
            threshold_bps: if class == Constitution { 6_667 } else { 5_000 },
            slots: if class == Grant { 3 } else { 1 },
            reveal_seconds: (class == Model).then_some(2 * DAY),
        };
        Self {
            merit: merit::Parameters {
                epoch_seconds: 7 * DAY,
                decay: Decimal::zero(),
                reputation_floor_bps: 10_000,
                vouching_stake: Uint128::new(160),
                probation_epochs: 3,
            },
            config: quadratic_dao::Config {
                epoch_seconds: 7 * DAY,
                bond: coin(BOND, DENOM),
                bond_step: 8,
                max_proposals: 24,
                max_options: 6,
                refund_bps: 1_000,
                swing_seconds: DAY,
                extension_seconds: 2 * DAY,
                grace_seconds: 14 * DAY,
                classes: classes.map(rules).to_vec(),
            },
        }
    }
}

pub struct Commons {
    pub app: App,
    pub constitution: Addr,
    pub merit: Addr,
    pub dao: Addr,
}

impl Commons {
    pub fn new() -> Self {
        Self::with(Setup::default())
    }

    /// Founded, with a table that lets votes pay, grant, amend and change parameters; the treasury has a million.
    pub fn with(setup: Setup) -> Self {
        let mut app = App::default();
        let founder = app.api().addr_make("founder");
        let name = |app: &App, name: &str| app.api().addr_make(name).to_string();
        let limit = |amount| SpendCap {
            asset: Asset::Native { denom: DENOM.into() },
            per_epoch: Uint128::new(amount),
        };
        let codes = [
            app.store_code(Box::new(
                ContractWrapper::new(
                    iz_constitution::contract::execute,
                    iz_constitution::contract::instantiate,
                    iz_constitution::contract::query,
                )
                .with_migrate(iz_constitution::contract::migrate),
            )),
            app.store_code(Box::new(
                ContractWrapper::new(
                    iz_merit::contract::execute,
                    iz_merit::contract::instantiate,
                    iz_merit::contract::query,
                )
                .with_migrate(iz_merit::contract::migrate),
            )),
            app.store_code(Box::new(
                ContractWrapper::new(
                    iz_quadratic_dao::contract::execute,
                    iz_quadratic_dao::contract::instantiate,
                    iz_quadratic_dao::contract::query,
                )
                .with_migrate(iz_quadratic_dao::contract::migrate),
            )),
        ];
        let config = constitution::Config {
            guardian: name(&app, "guardian"),
            council: Council {
                members: ["karl", "lena", "mona"].map(|member| name(&app, member)).to_vec(),
                threshold: 2,
                allowances: vec![limit(500)],
                joint_above: vec![AssetAmount {
                    asset: Asset::Native { denom: DENOM.into() },
                    amount: Uint128::new(50_000),
                }],
            },
            shares: Shares { foundation: name(&app, "foundation"), foundation_bps: 500, research_bps: 1_000 },
            spending_epoch_seconds: 30 * DAY,
            payment_expiry_seconds: 30 * DAY,
        };
        let text = Text { digest: HexBinary::from([7; 32]), uri: "ipfs://constitution".into() };
        let constitution = app
            .instantiate_contract(
                codes[0],
                founder.clone(),
                &constitution::InstantiateMsg { text, config },
                &[],
                "constitution",
                None,
            )
            .unwrap();
        let admin = Some(constitution.to_string());
        let message = merit::InstantiateMsg {
            admin: constitution.to_string(),
            minters: vec![name(&app, "rounds")],
            parameters: setup.merit,
        };
        let merit = app
            .instantiate_contract(codes[1], founder.clone(), &message, &[], "merit", admin.clone())
            .unwrap();
        let message = quadratic_dao::InstantiateMsg {
            admin: constitution.to_string(),
            merit: merit.to_string(),
            config: setup.config,
        };
        let dao = app.instantiate_contract(codes[2], founder.clone(), &message, &[], "dao", admin).unwrap();
        let mut commons = Self { app, constitution, merit, dao };
        let rules = commons.first_rules();
        let bind = constitution::ExecuteMsg::Bind {
            governor: commons.dao.to_string(),
            protected: vec![commons.merit.to_string()],
            rules,
        };
        let target = commons.constitution.clone();
        commons.app.execute_contract(founder, target, &bind, &[]).unwrap();
        commons.give(&commons.constitution.clone(), 1_000_000, DENOM);
        commons
    }

    fn first_rules(&self) -> Vec<Rule> {
        let rule = |target: &Addr, key: &str, class, cap: u128| Rule {
            target: target.to_string(),
            key: key.to_string(),
            class,
            caps: if cap == 0 {
                Vec::new()
            } else {
                let asset = Asset::Native { denom: DENOM.into() };
                vec![SpendCap { asset, per_epoch: Uint128::new(cap) }]
            },
            bounds: Vec::new(),
        };
        vec![
            rule(&self.constitution, "spend", Class::Grant, 100_000),
            rule(&self.constitution, "create_grant", Class::Grant, 100_000),
            rule(&self.constitution, "approve_milestone", Class::Grant, 0),
            rule(&self.constitution, "clawback", Class::Grant, 0),
            rule(&self.constitution, "set_rule", Class::Constitution, 0),
            rule(&self.constitution, "remove_rule", Class::Constitution, 0),
            rule(&self.constitution, "amend_text", Class::Constitution, 0),
            rule(&self.constitution, "update_config", Class::Constitution, 0),
            rule(&self.merit, "update_parameters", Class::Constitution, 0),
            rule(&self.merit, "update_minters", Class::Constitution, 0),
            rule(&self.dao, "update_config", Class::Constitution, 0),
            rule(&self.merit, "#migrate", Class::Constitution, 0),
        ]
    }

    pub fn name(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    /// New coins out of nowhere.
    pub fn give(&mut self, to: &Addr, amount: u128, denom: &str) {
        let mint =
            cw_multi_test::BankSudo::Mint { to_address: to.to_string(), amount: vec![coin(amount, denom)] };
        self.app.sudo(mint.into()).unwrap();
    }

    pub fn balance(&self, of: &Addr, denom: &str) -> u128 {
        self.app.wrap().query_balance(of, denom).unwrap().amount.u128()
    }

    /// The next block, so many seconds later.
    pub fn pass(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(seconds);
        });
    }

    pub fn send<M: Serialize + std::fmt::Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        message: &M,
        funds: &[Coin],
    ) -> AnyResult<AppResponse> {
        self.app.execute_contract(sender.clone(), contract.clone(), message, funds)
    }

    pub fn ask<M: Serialize, T: DeserializeOwned>(&self, contract: &Addr, message: &M) -> T {
        self.app.wrap().query_wasm_smart(contract, message).unwrap()
    }

    /// Credits members, and waits until it counts.
    pub fn credit(&mut self, members: &[(&str, u128)]) {
        let rounds = self.name("rounds");
        let merit = self.merit.clone();
        for (member, amount) in members {
            let credit = merit::ExecuteMsg::Credit {
                member: self.name(member).to_string(),
                amount: Uint128::new(*amount),
                reason: "round 1".into(),
            };
            self.send(&rounds, &merit, &credit, &[]).unwrap();
        }
        self.pass(14 * DAY);
        self.send(&rounds, &merit, &merit::ExecuteMsg::Tick {}, &[]).unwrap();
        self.pass(6);
    }

    /// A message from one contract to another, as a proposal carries it.
    pub fn message<M: Serialize>(&self, target: &Addr, message: &M) -> CosmosMsg {
        WasmMsg::Execute {
            contract_addr: target.to_string(),
            msg: to_json_binary(message).unwrap(),
            funds: Vec::new(),
        }
        .into()
    }
}

impl Default for Commons {
    fn default() -> Self {
        Self::new()
    }
}
