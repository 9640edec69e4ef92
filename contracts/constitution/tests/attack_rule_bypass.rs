//! Attacks on the table: messages that carry others past it, messages that read differently to different readers, amendments by
//! a lesser vote, caps in pieces, rules changed after the vote.

#![allow(clippy::unwrap_used)] // helpers are part of the test

use cosmwasm_std::{BankMsg, Binary, CosmosMsg, Decimal256, Uint128, WasmMsg, coins, to_json_binary};
use cw_multi_test::{AppResponse, error::AnyResult};
use iz_contract_testing::{Commons, DAY, DENOM, refusal};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::*;
use iz_contract_types::merit;
use serde_json::json;

fn execute(commons: &mut Commons, id: u64, class: Class, messages: Vec<CosmosMsg>) -> AnyResult<AppResponse> {
    let (dao, constitution) = (commons.dao.clone(), commons.constitution.clone());
    commons.send(&dao, &constitution, &ExecuteMsg::Execute { proposal_id: id, class, messages }, &[])
}

fn raw(target: &str, json: &str) -> CosmosMsg {
    WasmMsg::Execute { contract_addr: target.into(), msg: Binary::from(json.as_bytes()), funds: vec![] }
        .into()
}

fn native(denom: &str) -> Asset {
    Asset::Native { denom: denom.into() }
}

fn spend(commons: &Commons, amount: u128) -> CosmosMsg {
    let spend = ExecuteMsg::Spend {
        recipient: commons.name("artist").to_string(),
        asset: native(DENOM),
        amount: Uint128::new(amount),
    };
    commons.message(&commons.constitution, &spend)
}

fn set_rule(commons: &Commons, rule: Rule) -> CosmosMsg {
    commons.message(&commons.constitution, &ExecuteMsg::SetRule { rule })
}

fn rule(target: &str, key: &str, class: Class) -> Rule {
    Rule { target: target.into(), key: key.into(), class, caps: vec![], bounds: vec![] }
}

#[test]
fn messages_that_carry_others_are_never_sent() {
    let mut commons = Commons::new();
    let own = commons.constitution.to_string();
    let inner = to_json_binary(&vec![spend(&commons, 1)]).unwrap();
    // Without the features for them, most of these are not even read; with them, the table refuses their kind.
    let messages = [
        json!({"stargate": {"type_url": "/cosmos.authz.v1beta1.MsgExec", "value": inner}}),
        json!({"any": {"type_url": "/cosmwasm.wasm.v1.MsgExecuteContract", "value": inner}}),
        json!({"any": {"type_url": "/cosmos.bank.v1beta1.MsgSend", "value": inner}}),
        json!({"staking": {"delegate": {"validator": "v", "amount": {"denom": DENOM, "amount": "1"}}}}),
        json!({"distribution": {"set_withdraw_address": {"address": "mallory"}}}),
        json!({"ibc": {"close_channel": {"channel_id": "channel-0"}}}),
        json!({"gov": {"vote": {"proposal_id": 1, "option": "yes"}}}),
        json!({"custom": {}}),
        json!({"bank": {"burn": {"amount": [{"denom": DENOM, "amount": "1"}]}}}),
        json!({"wasm": {"clear_admin": {"contract_addr": commons.merit.to_string()}}}),
        json!({"wasm": {"instantiate":
            {"admin": null, "code_id": 1, "msg": inner, "funds": [], "label": "x"}}}),
    ];
    let (dao, constitution) = (commons.dao.clone(), commons.constitution.clone());
    for (id, message) in (1..).zip(messages) {
        for class in ["grant", "code", "constitution"] {
            let decision = json!({"execute": {"proposal_id": id, "class": class, "messages": [message]}});
            assert!(commons.send(&dao, &constitution, &decision, &[]).is_err(), "{message}");
        }
    }
    let burn: CosmosMsg = BankMsg::Burn { amount: coins(1, DENOM) }.into();
    let clear: CosmosMsg = WasmMsg::ClearAdmin { contract_addr: commons.merit.to_string() }.into();
    for message in [burn, clear] {
        let sent = execute(&mut commons, 40, Class::Constitution, vec![message]);
        assert!(refusal(sent).contains("are never sent"));
    }
    // Wrapped in a message of our own, a decision is one of somebody who is not the governor: there is not even a line for it.
    let nested =
        ExecuteMsg::Execute { proposal_id: 99, class: Class::Grant, messages: vec![spend(&commons, 1)] };
    let nested = commons.message(&commons.constitution, &nested);
    assert!(
        refusal(execute(&mut commons, 50, Class::Grant, vec![nested])).contains("no rule allows execute")
    );
    for key in ["execute", "bind", "pause", "receive", "#send", "#clear_admin"] {
        let message = set_rule(&commons, rule(&own, key, Class::Constitution));
        let sent = execute(&mut commons, 51, Class::Constitution, vec![message]);
        assert!(refusal(sent).contains("no rule may be set"), "{key}");
    }
}

#[test]
fn messages_that_can_be_read_in_two_ways_are_refused() {
    let mut commons = Commons::new();
    let own = commons.constitution.to_string();
    let fine = format!(
        r#"{{"spend":{{"recipient":"{}","asset":{{"native":{{"denom":"uiz"}}}},"amount":"1"}}}}"#,
        commons.name("artist")
    );
    let set = r#""set_rule":{"rule":{"target":"bank","key":"x","class":"grant","caps":[],"bounds":[]}}"#;
    for json in [
        format!(r#"{{{set},{}"#, &fine[1..]),
        format!(r#"{},{set}}}"#, &fine[..fine.len() - 1]),
        fine.replace(r#""amount":"1""#, r#""amount":"1","amount":"99999""#),
        fine.replace(r#""amount":"1""#, r#""amount":"1","\u0061mount":"99999""#),
        format!("{fine}{fine}"),
        format!("[{fine}]"),
        r#""spend""#.to_string(),
        r#"{"#.to_string(),
        "{}".to_string(),
    ] {
        let sent = execute(&mut commons, 1, Class::Grant, vec![raw(&own, &json)]);
        assert!(sent.is_err(), "{json}");
    }
    // An address in capitals would be another line of the table, and the same contract to the chain.
    let capitals = raw(&own.to_uppercase(), &fine);
    assert!(execute(&mut commons, 1, Class::Grant, vec![capitals]).is_err());
    execute(&mut commons, 1, Class::Grant, vec![raw(&own, &fine)]).unwrap();
    assert_eq!(commons.balance(&commons.name("artist"), DENOM), 1);
}

#[test]
fn a_lesser_vote_cannot_amend_and_no_rule_can_make_it_able_to() {
    let mut commons = Commons::new();
    let (own, dao, merit) =
        (commons.constitution.to_string(), commons.dao.to_string(), commons.merit.to_string());
    let amend = set_rule(&commons, rule("bank", "#send", Class::Grant));
    for class in [Class::Parameter, Class::Grant, Class::Code] {
        let sent = execute(&mut commons, 1, class, vec![amend.clone()]);
        assert!(refusal(sent).contains("the table says Constitution"));
    }
    // Not directly, and not by first lowering what lowering takes.
    for (target, key) in [
        (&own, "set_rule"),
        (&own, "remove_rule"),
        (&own, "amend_text"),
        (&own, "update_config"),
        (&own, "#migrate"),
        (&own, "#update_admin"),
        (&dao, "update_config"),
        (&dao, "#migrate"),
        (&merit, "update_minters"),
        (&merit, "credit"),
    ] {
        let message = set_rule(&commons, rule(target, key, Class::Code));
        let sent = execute(&mut commons, 1, Class::Constitution, vec![message]);
        assert!(refusal(sent).contains("can be of class Constitution only"), "{key}");
    }
    let token = commons.name("token").to_string();
    for (key, class) in [("#migrate", Class::Grant), ("#update_admin", Class::Code)] {
        let message = set_rule(&commons, rule(&token, key, class));
        assert!(refusal(execute(&mut commons, 1, Class::Constitution, vec![message])).contains("only, not"));
    }
    let message = set_rule(&commons, rule("bank", "#send", Class::Parameter));
    assert!(refusal(execute(&mut commons, 1, Class::Constitution, vec![message])).contains("Grant only"));
    // Nobody else than the contract itself gets there at all.
    let (mallory, constitution) = (commons.name("mallory"), commons.constitution.clone());
    for sender in [mallory.clone(), commons.dao.clone(), commons.name("founder")] {
        let own = rule("bank", "#send", Class::Grant);
        let sent = commons.send(&sender, &constitution, &ExecuteMsg::SetRule { rule: own }, &[]);
        assert!(refusal(sent).starts_with("only a vote may do this"));
    }
    let decision = ExecuteMsg::Execute { proposal_id: 1, class: Class::Grant, messages: vec![] };
    assert!(refusal(commons.send(&mallory, &constitution, &decision, &[])).contains("may not send this"));
    let bind = ExecuteMsg::Bind { governor: mallory.to_string(), protected: vec![], rules: vec![] };
    for sender in [mallory, commons.name("founder")] {
        assert_eq!(refusal(commons.send(&sender, &constitution, &bind, &[])), "bound already");
    }
}

#[test]
fn what_has_no_line_is_refused_and_what_changed_since_the_vote_too() {
    let mut commons = Commons::new();
    let merit = commons.merit.clone();
    let credit = merit::ExecuteMsg::Tick {};
    let tick = commons.message(&merit, &credit);
    assert!(refusal(execute(&mut commons, 1, Class::Code, vec![tick])).contains("no rule allows tick"));
    assert!(
        refusal(execute(&mut commons, 1, Class::Code, vec![spend(&Commons::new(), 1); 17])).contains("17")
    );
    let message = spend(&commons, 5);
    let remove = ExecuteMsg::RemoveRule { target: commons.constitution.to_string(), key: "spend".into() };
    let remove = commons.message(&commons.constitution, &remove);
    execute(&mut commons, 2, Class::Constitution, vec![remove.clone()]).unwrap();
    assert!(refusal(execute(&mut commons, 3, Class::Grant, vec![message])).contains("no rule allows spend"));
    assert!(refusal(execute(&mut commons, 4, Class::Constitution, vec![remove])).contains("no rule allows"));
    let again = execute(&mut commons, 2, Class::Constitution, vec![]);
    assert_eq!(refusal(again), "proposal 2 was executed already");
    execute(&mut commons, 5, Class::TrainingGoal, vec![]).unwrap();
}

#[test]
fn caps_hold_over_proposals_and_messages_and_assets_without_one_stay() {
    let mut commons = Commons::new();
    commons.give(&commons.constitution.clone(), 1_000, "uusdc");
    let piece = spend(&commons, 25_000);
    execute(&mut commons, 1, Class::Grant, vec![piece.clone(); 3]).unwrap();
    let sent = execute(&mut commons, 2, Class::Grant, vec![piece.clone(); 2]);
    assert!(refusal(sent).contains("may let out 25000 native:uiz more in this epoch, 50000 is asked"));
    execute(&mut commons, 2, Class::Grant, vec![piece.clone()]).unwrap();
    let one = spend(&commons, 1);
    assert!(refusal(execute(&mut commons, 3, Class::Grant, vec![one])).contains("may let out 0"));
    commons.pass(30 * DAY);
    execute(&mut commons, 3, Class::Grant, vec![piece]).unwrap();
    assert_eq!(commons.balance(&commons.name("artist"), DENOM), 125_000);
    let dollars = ExecuteMsg::Spend {
        recipient: commons.name("artist").to_string(),
        asset: native("uusdc"),
        amount: Uint128::one(),
    };
    let dollars = commons.message(&commons.constitution, &dollars);
    assert!(
        refusal(execute(&mut commons, 4, Class::Grant, vec![dollars])).contains("lets no native:uusdc out")
    );
    // Coins attached to a message leave as well.
    let tick = WasmMsg::Execute {
        contract_addr: commons.constitution.to_string(),
        msg: to_json_binary(&ExecuteMsg::ApproveMilestone { grant: 1 }).unwrap(),
        funds: coins(1, DENOM),
    };
    assert!(
        refusal(execute(&mut commons, 4, Class::Grant, vec![tick.into()])).contains("lets no native:uiz")
    );
}

#[test]
fn bounds_hold_on_every_field_they_name() {
    let mut commons = Commons::new();
    let token = commons.name("token").to_string();
    let limit = |min: u128, max: u128| {
        (Some(Decimal256::from_ratio(min, 1u128)), Some(Decimal256::from_ratio(max, 1u128)))
    };
    let bound = |path: &str, (min, max), one_of: &[&str], optional| Bound {
        path: path.into(),
        min,
        max,
        one_of: one_of.iter().map(ToString::to_string).collect(),
        optional,
    };
    let set = Rule {
        bounds: vec![
            bound("fee.bps", limit(1, 50), &[], false),
            bound("pools.kind", (None, None), &["deep", "wide"], true),
        ],
        ..rule(&token, "set", Class::Parameter)
    };
    let message = set_rule(&commons, set);
    execute(&mut commons, 1, Class::Constitution, vec![message]).unwrap();
    let constitution = commons.constitution.clone();
    let check = |json: &str| {
        let messages = vec![raw(&token, json)];
        let query = QueryMsg::Check { messages };
        commons.app.wrap().query_wasm_smart::<CheckResponse>(&constitution, &query)
    };
    for fine in [
        r#"{"set":{"fee":{"bps":"50"}}}"#,
        r#"{"set":{"fee":{"bps":1}}}"#,
        r#"{"set":{"fee":{"bps":"1.5"},"pools":[{"kind":"deep"},{"kind":null},{}]}}"#,
    ] {
        assert_eq!(check(fine).unwrap().class, Class::Parameter, "{fine}");
    }
    for bad in [
        r#"{"set":{"fee":{"bps":"51"}}}"#,
        r#"{"set":{"fee":{"bps":0}}}"#,
        r#"{"set":{"fee":{"bps":-1}}}"#,
        r#"{"set":{"fee":{"bps":"5e1"}}}"#,
        r#"{"set":{"fee":{"bps":null}}}"#,
        r#"{"set":{"fee":[]}}"#,
        r#"{"set":{"fee":{}}}"#,
        r#"{"set":{}}"#,
        r#"{"set":{"fee":{"bps":{"a":1}}}}"#,
        r#"{"set":{"fee":[{"bps":1},{"bps":51}]}}"#,
        r#"{"set":{"fee":{"bps":1},"pools":[{"kind":"deep"},{"kind":"other"}]}}"#,
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_largest_number_fits_a_bound_and_what_lies_beyond_is_refused() {
    let mut commons = Commons::new();
    let token = commons.name("token").to_string();
    let most = Bound {
        path: "amount".into(),
        min: None,
        max: Some(Decimal256::MAX),
        one_of: vec![],
        optional: false,
    };
    let message = set_rule(&commons, Rule { bounds: vec![most], ..rule(&token, "set", Class::Parameter) });
    execute(&mut commons, 1, Class::Constitution, vec![message]).unwrap();
    let check = |amount: &str| {
        let messages = vec![raw(&token, &format!(r#"{{"set":{{"amount":"{amount}"}}}}"#))];
        let constitution = &commons.constitution;
        commons.app.wrap().query_wasm_smart::<CheckResponse>(constitution, &QueryMsg::Check { messages })
    };
    let largest = Decimal256::MAX.to_string();
    check(&largest).unwrap();
    check(&u128::MAX.to_string()).unwrap();
    let (whole, _) = largest.split_once('.').unwrap();
    for beyond in [format!("{whole}0"), format!("{largest}1"), "9".repeat(300), format!("{whole}.9")] {
        assert!(check(&beyond).is_err(), "{beyond}");
    }
}

#[test]
fn malformed_rules_are_refused() {
    let mut commons = Commons::new();
    let token = commons.name("token").to_string();
    let cap = |denom: &str| SpendCap { asset: native(denom), per_epoch: Uint128::one() };
    let empty = Bound { path: "a".into(), min: None, max: None, one_of: vec![], optional: true };
    let base = || rule(&token, "set", Class::Parameter);
    for (id, bad) in (1..).zip([
        rule("nonsense", "set", Class::Parameter),
        rule(&token, "", Class::Parameter),
        rule(&token, &"k".repeat(257), Class::Parameter),
        Rule { caps: vec![cap("a"), cap("a")], ..base() },
        Rule { caps: vec![cap("")], ..base() },
        Rule { caps: (0..17).map(|n| cap(&n.to_string())).collect(), ..base() },
        Rule { bounds: vec![empty], ..base() },
    ]) {
        let message = set_rule(&commons, bad);
        assert!(execute(&mut commons, id, Class::Constitution, vec![message]).is_err(), "{id}");
    }
}
