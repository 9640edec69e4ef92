//! Attacks, each by its name.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use cosmwasm_std::{Addr, CosmosMsg, Decimal, Empty, Uint128, WasmMsg, coin, coins, to_json_binary};
use cw_multi_test::Executor;
use iz_contract_types::stable_token::{BatchResponse, ExecuteMsg, Mode, QueryMsg, RipeningResponse};
use iz_stable_token::error::ContractError;

#[test]
fn attack_first_depositor_inflation() {
    // one unit of shares, then a large gift to make it dear, so that the next depositor's shares round to nothing
    let mut chain = chain();
    chain.deposit("attacker", 1, USDC).unwrap();
    chain.pledge(1_000_000 * ONE, USDC);
    chain.deposit("victim", 500_000 * ONE, USDC).unwrap();
    let victim = chain.junior("victim").value.u128();
    assert!(victim >= 500_000 * ONE - ONE, "the victim has {victim}");
    let attacker = chain.junior("attacker").value.u128();
    assert!(attacker <= 510_000 * ONE, "half of the gift is gone: {attacker}");
}

#[test]
fn attack_donation() {
    // coins sent straight to the contract credit nobody and change no price (S9)
    let mut chain = running(200, 1_000);
    let (price, solvency, junior) = (chain.price(), chain.solvency(), chain.junior("junior"));
    chain.fund("donor", 1_000_000 * ONE, USDC);
    let (donor, token) = (chain.addr("donor"), chain.token.clone());
    chain.app.send_tokens(donor, token, &coins(1_000_000 * ONE, USDC)).unwrap();
    assert_eq!(chain.price(), price);
    assert_eq!(chain.junior("junior"), junior);
    let after = chain.solvency();
    assert_eq!((after.reserve, after.ratio, after.mode), (solvency.reserve, solvency.ratio, solvency.mode));
    assert_eq!(after.holdings[1].bank - after.holdings[1].reserve, Uint128::new(1_000_000 * ONE));
    // and nobody gets them out
    chain.redeem("holder", 500 * ONE).unwrap();
    assert_eq!(
        chain.solvency().holdings[1].bank - chain.solvency().holdings[1].reserve,
        Uint128::new(1_000_000 * ONE)
    );
}

#[test]
fn attack_sandwich_around_a_print() {
    // issue before the index rises, redeem after: at the fastest pace that prints allow, 2.5% a month, this loses for four days
    for days in 0..4u64 {
        let mut chain = running(20_000, 50_000);
        let paid_in = 10_000 * ONE;
        let got = chain.mint("attacker", paid_in, USDC).unwrap();
        chain.advance(days * DAY);
        chain.set_index(&format!("1.{:06}", 25_000 * days / 28));
        let paid_out = chain.redeem("attacker", got).unwrap();
        assert!(paid_out < paid_in, "{days} days: {paid_out}");
    }
    // and whoever stays gets the inflation, less the two fees
    let mut chain = running(20_000, 50_000);
    let got = chain.mint("saver", 10_000 * ONE, USDC).unwrap();
    chain.advance(28 * DAY);
    chain.set_index("1.025");
    let paid_out = chain.redeem("saver", got).unwrap();
    assert!(paid_out.abs_diff(10_000 * ONE * 1_025 / 1_000 * 998 / 1_000) < ONE);
}

#[test]
fn attack_young_units_in_other_hands_stay_young() {
    // splitting over addresses, sending on and mixing with ripe units does not shorten the ripening
    let mut chain = running(20_000, 50_000);
    let got = chain.mint("attacker", 8_000 * ONE, USDC).unwrap();
    let mut paid = 0;
    for i in 0..8 {
        let name = format!("mule{i}");
        chain.transfer("attacker", &name, got / 8).unwrap();
        let ripening: RipeningResponse =
            chain.query(&QueryMsg::Ripening { address: chain.addr(&name).into() });
        assert_eq!(ripening.unripe[0].u128(), got / 8);
        paid += chain.redeem(&name, got / 8).unwrap();
    }
    let whole = {
        let mut chain = running(20_000, 50_000);
        let got = chain.mint("attacker", 8_000 * ONE, USDC).unwrap();
        chain.redeem("attacker", got).unwrap()
    };
    assert!(paid <= whole && whole < 8_000 * ONE * 989 / 1_000);
}

#[test]
fn attack_run_on_the_reserve() {
    // at C = 0.95 the first out gets no more than the last; paying par would have left the others 0.875
    let mut chain = running(150, 1_000);
    chain.set_price(USDC, "0.825");
    let ratio = chain.solvency().ratio.unwrap();
    assert!(ratio > decimal("0.949") && ratio < decimal("0.951"));
    let part = chain.balance("holder") * 6 / 10;
    let before = chain.price().redeemable;
    chain.redeem("holder", part).unwrap();
    let after = chain.price().redeemable;
    assert!(after >= before && after - before < decimal("0.0001"));
}

#[test]
fn attack_stale_oracle_mint() {
    let mut chain = running(20_000, 50_000);
    // the index stands still although prices have risen: nothing is issued at the old value
    chain.index.held = true;
    chain.tell(Some(chain.index.clone()));
    assert_eq!(chain.mint("attacker", ONE, USDC).unwrap_err(), ContractError::IndexHeld);
    assert_eq!(chain.price().issue, None);
    // while it catches up, issuing counts with where it is heading, redeeming with where it is
    chain.index.held = false;
    chain.index.target = decimal("1.04");
    chain.tell(Some(chain.index.clone()));
    let got = chain.mint("attacker", 1_040 * ONE, USDC).unwrap();
    assert_eq!(got, 999 * ONE);
    // falling targets are not for sale either
    chain.index.target = decimal("0.9");
    chain.tell(Some(chain.index.clone()));
    assert_eq!(chain.mint("other", 1_000 * ONE, USDC).unwrap(), 999 * ONE);
    // a reserve asset whose price nobody has reported of late is not taken
    chain.advance_silently(DAY + 1);
    assert!(matches!(chain.mint("attacker", ONE, USDC), Err(ContractError::StalePrice { .. })));
    assert!(matches!(chain.deposit("attacker", ONE, USDC), Err(ContractError::StalePrice { .. })));
    chain.redeem("holder", 100 * ONE).unwrap();
}

#[test]
fn attack_bringing_an_asset_that_lost_its_peg() {
    let mut chain = running(20_000, 50_000);
    // one reporter of three is enough to warn those who bring it
    let reporter = chain.reporters[0].clone();
    let warn = ExecuteMsg::ReportReserve { denom: USDC.into(), price: decimal("0.87") };
    chain.send(&reporter, &warn, &[]).unwrap();
    assert_eq!(chain.solvency().holdings[1].price, Decimal::one(), "the reserve counts the median");
    let got = chain.mint("attacker", 1_000 * ONE, USDC).unwrap();
    assert_eq!(got, 870 * ONE * 999 / 1_000);
    // a price above a dollar counts as a dollar
    chain.set_price(USDC, "1.5");
    assert_eq!(chain.mint("other", 1_000 * ONE, USDC).unwrap(), 999 * ONE);
}

#[test]
fn attack_a_price_reported_too_low_gives_nobody_more_than_a_share() {
    // S12: min(P, NAV), and never more than the units' share of each asset, even if the reporters are wrong
    let mut chain = running(150, 1_000);
    for price in ["1", "0.95", "0.9", "0.5", "0.01"] {
        chain.set_price(USDC, price);
        let solvency = chain.solvency();
        let reserve = solvency.holdings[1].reserve;
        let paid = chain.redeem("holder", 50 * ONE).unwrap();
        assert!(Uint128::new(paid) <= reserve.multiply_ratio(50 * ONE, solvency.supply), "{price}");
    }
    chain.set_price(USDC, "0");
    let before = chain.state();
    let nothing = ExecuteMsg::Redeem { amount: ONE.into(), min_price: None, take: None };
    assert!(chain.execute("holder", &nothing).is_err(), "units are not burned for nothing");
    assert_eq!(chain.state(), before);
}

#[test]
fn attack_redemption_front_running() {
    // whoever sees a redemption coming and goes first gains nothing, and the other loses nothing
    let paid = |first: &str, second: &str| {
        let mut chain = running(150, 1_000);
        let half = chain.balance("holder") / 2;
        chain.transfer("holder", "attacker", half).unwrap();
        chain.transfer("holder", "victim", half).unwrap();
        chain.set_price(USDC, "0.82");
        for name in [first, second] {
            chain.redeem(name, half).unwrap();
        }
        (chain.bank("attacker", USDC), chain.bank("victim", USDC))
    };
    let (ahead, behind) = (paid("attacker", "victim"), paid("victim", "attacker"));
    assert!(ahead.0.abs_diff(behind.0) <= 2 && ahead.1.abs_diff(behind.1) <= 2, "{ahead:?} {behind:?}");
    // and who does not like the price can say so
    let mut chain = running(150, 1_000);
    chain.set_price(USDC, "0.82");
    let msg = ExecuteMsg::Redeem { amount: ONE.into(), min_price: Some(decimal("0.99")), take: None };
    assert!(matches!(chain.execute("holder", &msg), Err(ContractError::PriceBelowAsked { .. })));
}

#[test]
fn attack_joining_the_queue_when_the_price_is_known() {
    // the epoch is over and nobody has cranked yet: who joins now is not in that settlement
    let mut chain = running(150, 1_000);
    chain.transfer("holder", "late", 100 * ONE).unwrap();
    chain.join("holder", 100 * ONE).unwrap();
    chain.advance(DAY);
    chain.join("late", 100 * ONE).unwrap();
    assert_eq!(chain.order("holder").waiting.u128(), 0);
    assert_eq!(chain.order("late").waiting.u128(), 100 * ONE);
}

#[test]
fn attack_griefing_claims() {
    let mut chain = running(150, 1_000);
    chain.transfer("holder", "griefer", 100).unwrap();
    // nobody claims for somebody else
    chain.join("holder", 500 * ONE).unwrap();
    chain.advance(DAY);
    chain.crank();
    let stranger = chain.claim("griefer").unwrap_err();
    assert_eq!(stranger, ContractError::NoOrder(chain.addr("griefer").into()));
    // a queue full of dust stops nobody, and costs others no more than a rounding
    for i in 0..20 {
        chain.transfer("griefer", &format!("dust{i}"), 1).unwrap();
        chain.join(&format!("dust{i}"), 1).unwrap();
    }
    assert_eq!(chain.order("dust0").waiting.u128(), 1);
    assert!(chain.redeem("holder", 100 * ONE).unwrap() > 0, "dust in the queue blocks only itself");
    chain.advance(DAY);
    chain.crank();
    let batch: BatchResponse = chain.query(&QueryMsg::Batch {});
    assert!(batch.waiting.u128() <= 20);
    // claiming again and again takes nothing from anybody
    let claimed = chain.claim("holder").unwrap();
    assert!(claimed.abs_diff(500 * ONE * 999 / 1_000) <= 2);
    assert_eq!(chain.claim("holder").unwrap_err(), ContractError::NoOrder(chain.addr("holder").into()));
    chain.check();
}

#[test]
fn attack_juniors_leaving_before_a_loss() {
    let mut chain = running(200, 1_000);
    let shares = chain.junior("junior").bonded;
    chain.execute("junior", &ExecuteMsg::UnbondJunior { shares }).unwrap();
    let worth = chain.junior("junior").unbonding.unwrap().value;
    let early = chain.execute("junior", &ExecuteMsg::WithdrawJunior {}).unwrap_err();
    assert!(matches!(early, ContractError::StillUnbonding(_)));
    // S11: a loss on the way is theirs before it is any holder's
    chain.set_price(USDC, "0.9");
    assert_eq!(chain.price().redeemable, Decimal::one());
    chain.advance(35 * DAY);
    chain.execute("junior", &ExecuteMsg::WithdrawJunior {}).unwrap();
    let paid = Uint128::new(chain.bank("junior", USDC)) * Uint128::new(9) / Uint128::new(10);
    assert!(paid < worth * Uint128::new(41) / Uint128::new(100), "{paid} of {worth}");
    assert!(chain.solvency().ratio.unwrap() >= Decimal::one());
    chain.check();
}

#[test]
fn attack_standing_ready_to_leave_for_ever() {
    let mut chain = running(200, 1_000);
    let shares = chain.junior("junior").bonded;
    chain.execute("junior", &ExecuteMsg::UnbondJunior { shares }).unwrap();
    // gains on the way are not taken along
    chain.pledge(100 * ONE, USDC);
    let worth = chain.junior("junior").unbonding.unwrap().value;
    assert!(chain.junior("junior").value > worth + Uint128::new(90 * ONE));
    // and after the window the shares are bonded again
    chain.advance(42 * DAY + 1);
    assert_eq!(
        chain.execute("junior", &ExecuteMsg::WithdrawJunior {}).unwrap_err(),
        ContractError::NothingUnbonding
    );
    assert_eq!(chain.junior("junior").bonded, shares);
    // in red there is nothing to leave with
    chain.execute("junior", &ExecuteMsg::UnbondJunior { shares }).unwrap();
    chain.set_price(USDC, "0.5");
    chain.advance(29 * DAY);
    chain.advance(6 * DAY);
    assert_eq!(
        chain.execute("junior", &ExecuteMsg::WithdrawJunior {}).unwrap_err(),
        ContractError::NothingToPay
    );
}

#[test]
fn attack_a_pledge_at_a_bad_moment_does_not_wipe_the_juniors_out() {
    let mut chain = running(150, 1_000);
    // a wobble to just above nothing, and a gift in it
    chain.set_price(USDC, "0.8695");
    assert_eq!(chain.mode(), Mode::Amber);
    chain.pledge(ONE, USDC);
    let backstop = chain.backstop();
    assert!(!backstop.protocol_shares.is_zero());
    chain.set_price(USDC, "1");
    let junior = chain.junior("junior").value.u128();
    assert!(junior > 149 * ONE, "{junior}");
    // pledges while the buffer is not full belong to nobody: juniors cannot leave with them
    chain.set_price(USDC, "0.9");
    chain.pledge(50 * ONE, USDC);
    chain.set_price(USDC, "1");
    let (junior, all) = (chain.junior("junior").value.u128(), chain.backstop().equity.u128());
    assert!(all - junior > 45 * ONE, "{junior} of {all}");
}

#[test]
fn attack_reentrant_receivers() {
    let mut chain = running(20_000, 50_000);
    let (owner, receiver, token) = (chain.addr("holder"), chain.receiver.clone(), chain.token.clone());
    let call = |msg: &ExecuteMsg| {
        CosmosMsg::<Empty>::from(WasmMsg::Execute {
            contract_addr: token.to_string(),
            msg: to_json_binary(msg).unwrap(),
            funds: vec![],
        })
    };
    let send = |amount: u128, calls: Vec<CosmosMsg>| ExecuteMsg::Send {
        contract: receiver.to_string(),
        amount: amount.into(),
        msg: to_json_binary(&calls).unwrap(),
    };
    // redeems what it was just given, sends the rest to itself once more and redeems that: no more than its due
    let redeem =
        |amount: u128| call(&ExecuteMsg::Redeem { amount: amount.into(), min_price: None, take: None });
    let again = send(200 * ONE, vec![redeem(200 * ONE)]);
    chain.send(&owner, &send(300 * ONE, vec![redeem(100 * ONE), call(&again)]), &[]).unwrap();
    let got = chain.app.wrap().query_balance(&receiver, USDC).unwrap().amount.u128();
    assert!(got <= 300 * ONE * 999 / 1_000 && got > 299 * ONE);
    assert_eq!(chain.balance_of(&receiver), 0);
    chain.check();
    // reaches for more than it has, or for the sender's: everything is undone
    let state = chain.state();
    let steal = ExecuteMsg::TransferFrom {
        owner: owner.to_string(),
        recipient: receiver.to_string(),
        amount: ONE.into(),
    };
    for calls in [vec![redeem(301 * ONE)], vec![call(&steal)], vec![redeem(300 * ONE), redeem(1)]] {
        assert!(chain.send(&owner, &send(300 * ONE, calls), &[]).is_err());
        assert_eq!(chain.state(), state);
    }
}

#[test]
fn attack_fake_cw20_tokens_and_foreign_coins() {
    // the token takes no hook: no cw20 of anybody's making can pose as a settlement asset
    let mut chain = running(200, 1_000);
    let state = chain.state();
    let hook = r#"{"receive":{"sender":"x","amount":"1000000","msg":"e30="}}"#;
    let message = WasmMsg::Execute {
        contract_addr: chain.token.to_string(),
        msg: hook.as_bytes().into(),
        funds: vec![],
    };
    let fake = chain.addr("fake");
    assert!(chain.app.execute(fake.clone(), message.into()).is_err());
    // nor does cw20's own mint exist
    let mint = r#"{"mint":{"recipient":"x","amount":"1000000"}}"#;
    let message = WasmMsg::Execute {
        contract_addr: chain.token.to_string(),
        msg: mint.as_bytes().into(),
        funds: vec![],
    };
    assert!(chain.app.execute(fake.clone(), message.into()).is_err());
    assert_eq!(chain.mint("fake", 5, "ufake").unwrap_err(), ContractError::UnknownAsset("ufake".into()));
    assert_eq!(chain.deposit("fake", 5, "ufake").unwrap_err(), ContractError::UnknownAsset("ufake".into()));
    let pledge = chain.pay("fake", &ExecuteMsg::Pledge {}, 5, "ufake");
    assert_eq!(pledge.unwrap_err(), ContractError::UnknownAsset("ufake".into()));
    chain.fund("fake", 5, USDC);
    let two = [coin(5, "ufake"), coin(5, USDC)];
    let msg = ExecuteMsg::Mint { recipient: None, min_out: None };
    assert_eq!(chain.send(&fake, &msg, &two).unwrap_err(), ContractError::NotOneCoin(2));
    assert_eq!(chain.send(&fake, &msg, &[]).unwrap_err(), ContractError::NotOneCoin(0));
    assert_eq!(chain.state(), state);
}

#[test]
fn attack_strangers_touch_no_settings() {
    let mut chain = running(200, 1_000);
    let state = chain.state();
    let stranger: Addr = chain.reporters[0].clone();
    for msg in [
        ExecuteMsg::SetAsset(usdc()),
        ExecuteMsg::RemoveAsset { denom: DAI.into() },
        ExecuteMsg::SetParameters(parameters()),
        ExecuteMsg::SetPriceReporters { reporters: vec![stranger.to_string()], threshold: 1 },
        ExecuteMsg::SetOracle { oracle: stranger.to_string() },
    ] {
        assert_eq!(chain.send(&stranger, &msg, &[]).unwrap_err(), ContractError::NotAdmin);
    }
    let report = ExecuteMsg::ReportReserve { denom: USDC.into(), price: Decimal::zero() };
    let holder = chain.addr("holder");
    assert_eq!(
        chain.send(&holder, &report, &[]).unwrap_err(),
        ContractError::NotReporter(holder.to_string())
    );
    assert_eq!(chain.state(), state);
}
