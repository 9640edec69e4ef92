//! Random votes against a model that adds up all ballots anew: what is accepted (D1) and what is counted (D6). `IZ_STEPS` sets how
//! many (everyday: 100,000).

#![allow(clippy::unwrap_used)] // the model is part of the test

use std::collections::BTreeMap;
use std::marker::PhantomData;

use cosmwasm_std::testing::{MockApi, MockQuerier, mock_env};
use cosmwasm_std::{
    ContractResult, Env, MessageInfo, OwnedDeps, Response, SystemResult, Uint256, WasmQuery, from_json,
    to_json_binary,
};
use iz_contract_testing::{Commons, Journal, steps};
use iz_contract_types::constitution::Class;
use iz_contract_types::merit::{self, VotingPowerAtHeightResponse};
use iz_contract_types::quadratic_dao::{BudgetResponse, ExecuteMsg, OptionVote, QueryMsg, TallyResponse};
use iz_quadratic_dao::contract;
use iz_quadratic_dao::error::ContractError;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const NAMES: [&str; 5] = ["anna", "bert", "cleo", "dora", "emil"];
/// Options of each ballot.
const OPTIONS: [&[u64]; 3] = [&[1, 2, 3], &[4], &[5, 6]];

#[derive(Clone, Default, PartialEq)]
struct Votes {
    votes: Vec<(u64, u128, u128)>,
    none: u128,
    presence: u128,
}

impl Votes {
    fn square(&self) -> u128 {
        self.votes.iter().map(|(_, yes, no)| yes * yes + no * no).sum::<u128>() + self.none * self.none
    }
}

/// The DAO as it stands on a simulated chain, called directly from here on, with merit's answers noted down.
struct Dao {
    deps: OwnedDeps<Journal, MockApi, MockQuerier>,
    env: Env,
}

impl Dao {
    fn of(commons: &Commons) -> Self {
        let epoch = commons.epoch();
        let powers: BTreeMap<String, VotingPowerAtHeightResponse> = NAMES
            .iter()
            .map(|name| {
                let (address, height) = (commons.name(name).to_string(), Some(epoch.snapshot_height));
                let question = merit::QueryMsg::VotingPowerAtHeight { address: address.clone(), height };
                (address, commons.ask(&commons.merit, &question))
            })
            .collect();
        let mut querier: MockQuerier = MockQuerier::default();
        querier.update_wasm(move |query| {
            let WasmQuery::Smart { msg, .. } = query else { panic!("{query:?}") };
            let merit::QueryMsg::VotingPowerAtHeight { address, height } = from_json(msg).unwrap() else {
                panic!("{msg}")
            };
            assert_eq!(height, Some(epoch.snapshot_height));
            SystemResult::Ok(ContractResult::Ok(to_json_binary(&powers[&address]).unwrap()))
        });
        let mut env = mock_env();
        env.block = commons.app.block_info();
        env.contract.address = commons.dao.clone();
        let storage = Journal::of(commons.app.dump_wasm_raw(&commons.dao));
        let deps = OwnedDeps { storage, api: MockApi::default(), querier, custom_query_type: PhantomData };
        Self { deps, env }
    }

    fn send(&mut self, sender: &str, message: ExecuteMsg) -> Result<Response, ContractError> {
        let info = MessageInfo { sender: self.deps.api.addr_make(sender), funds: vec![] };
        let result = contract::execute(self.deps.as_mut(), self.env.clone(), info, message);
        self.deps.storage.end(&result);
        result
    }

    fn ask<T: serde::de::DeserializeOwned>(&self, question: QueryMsg) -> T {
        from_json(contract::query(self.deps.as_ref(), self.env.clone(), question).unwrap()).unwrap()
    }
}

#[test]
fn budgets_and_tallies_are_those_of_the_model() {
    let steps = steps() as usize;
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let merit = [3_000u128, 700, 50, 1, 12_345];
    let mut commons = Commons::new();
    commons.credit(&NAMES.into_iter().zip(merit).collect::<Vec<_>>());
    for (class, options) in [Class::Code, Class::Parameter, Class::Grant].into_iter().zip(OPTIONS) {
        for _ in options {
            commons.propose("anna", class, vec![]);
        }
    }
    commons.pass_until_open(1);
    let mut dao = Dao::of(&commons);
    let mut cast: BTreeMap<(usize, usize), Votes> = BTreeMap::new();
    let mut refused = 0;
    for _ in 0..steps {
        let (voter, ballot) = (random.random_range(0..NAMES.len()), random.random_range(0..OPTIONS.len()));
        let radius = merit[voter];
        let mut new = Votes::default();
        for option in OPTIONS[ballot] {
            let (yes, no) = (random.random_range(0..=radius), random.random_range(0..=radius / 2));
            match random.random_range(0..6) {
                0..2 => new.votes.push((*option, yes + 1, 0)),
                2 => new.votes.push((*option, 0, no + 1)),
                3 => new.votes.push((*option, yes / 2 + 1, no)),
                _ => {}
            }
        }
        if random.random_range(0..4) == 0 {
            new.none = random.random_range(0..=radius);
        }
        let square = new.square();
        let named = (random.random_range(0..3) == 0).then(|| random.random_range(0..=radius + radius / 10));
        new.presence = named.unwrap_or(if square == 0 { 0 } else { radius });
        let others: u128 = (0..OPTIONS.len())
            .filter(|other| *other != ballot)
            .filter_map(|other| cast.get(&(voter, other)))
            .map(Votes::square)
            .sum();
        let fine = others + square <= radius * radius
            && new.presence <= radius
            && new.presence * new.presence >= square;
        let votes = new
            .votes
            .iter()
            .map(|(proposal, yes, no)| OptionVote {
                proposal: *proposal,
                yes: (*yes).into(),
                no: (*no).into(),
            })
            .collect();
        let (id, none) = (ballot as u64 + 1, new.none.into());
        let vote = ExecuteMsg::Vote { ballot: id, votes, none, presence: named.map(Into::into) };
        let sent = dao.send(NAMES[voter], vote);
        assert_eq!(sent.is_ok(), fine, "{sent:?}");
        if fine {
            cast.insert((voter, ballot), new);
        }
        refused += usize::from(!fine);

        let tally: TallyResponse = dao.ask(QueryMsg::Tally { ballot: id });
        let of_ballot = || cast.iter().filter(|((_, other), _)| *other == ballot).map(|(_, votes)| votes);
        assert_eq!(tally.presence.u128(), of_ballot().map(|votes| votes.presence).sum::<u128>());
        assert_eq!(tally.none.u128(), of_ballot().map(|votes| votes.none).sum::<u128>());
        for option in &tally.options {
            let on_it =
                || of_ballot().flat_map(|votes| &votes.votes).filter(|(id, ..)| *id == option.proposal);
            assert_eq!(option.yes.u128(), on_it().map(|(_, yes, _)| yes).sum::<u128>());
            assert_eq!(option.no.u128(), on_it().map(|(.., no)| no).sum::<u128>());
        }
        let voter = dao.deps.api.addr_make(NAMES[voter]).to_string();
        let budget: BudgetResponse = dao.ask(QueryMsg::Budget { epoch: 1, voter });
        assert!(budget.spent <= Uint256::from(radius * radius));
    }
    assert!(refused > steps / 10 && refused < steps / 10 * 9, "{refused} of {steps} refused");
}
