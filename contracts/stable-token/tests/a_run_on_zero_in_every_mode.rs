//! A run on the money while it is Green, Amber, Red and winding down: everybody is paid the same, the first and the last.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use cosmwasm_std::{Decimal, Uint128};
use iz_contract_types::stable_token::{BatchResponse, ExecuteMsg, Mode, QueryMsg};
use iz_stable_token::error::ContractError;

const HOLDERS: usize = 10;

/// Ten holders of the same amount, ripe; junior capital of 15%.
fn crowd() -> Chain {
    let mut chain = chain();
    chain.deposit("junior", 150_000 * ONE, USDC).unwrap();
    for i in 0..HOLDERS {
        chain.mint(&holder(i), 100_000 * ONE, USDC).unwrap();
    }
    // flows of a size that such a run exceeds
    let mut slow = parameters();
    slow.issue_limit.amount = Uint128::zero();
    slow.redeem_limit.amount = Uint128::new(1_000 * ONE);
    chain.advance(5 * DAY);
    chain.as_admin(&ExecuteMsg::SetParameters(slow)).unwrap();
    chain.crank();
    chain
}

fn holder(i: usize) -> String {
    format!("holder{i}")
}

/// Everybody redeems everything, and the queue is cranked and claimed until nothing is left. What each was paid.
fn run(chain: &mut Chain) -> Vec<u128> {
    let mut ratio = chain.solvency().ratio;
    for i in 0..HOLDERS {
        let amount = chain.balance(&holder(i));
        chain.redeem(&holder(i), amount).unwrap();
        let now = chain.solvency();
        // S4, up to a rounding in the last digits
        assert!(
            now.supply.is_zero() || now.ratio.unwrap() + Decimal::raw(1_000_000_000_000) >= ratio.unwrap()
        );
        ratio = now.ratio.or(ratio);
        chain.check();
    }
    for _ in 0..100 {
        if chain.supply() == 0 {
            break;
        }
        chain.advance(DAY);
        chain.crank();
        chain.check();
    }
    assert_eq!(chain.supply(), 0, "the queue empties");
    (0..HOLDERS)
        .map(|i| {
            let _ = chain.claim(&holder(i));
            chain.check();
            chain.bank(&holder(i), USDC)
        })
        .collect()
}

fn assert_equal(paid: &[u128], each: u128) {
    let (most, least) = (paid.iter().max().unwrap(), paid.iter().min().unwrap());
    assert!(most - least <= 60, "{paid:?}");
    assert!(most.abs_diff(each) <= 60, "{most} instead of {each}");
}

#[test]
fn green_pays_the_index_to_everybody() {
    let mut chain = crowd();
    assert_eq!(chain.mode(), Mode::Green);
    chain.set_index("1.02");
    assert_eq!(chain.mode(), Mode::Green);
    let paid = run(&mut chain);
    // less 0.1% on the way in and out
    assert_equal(&paid, 99_900 * ONE * 102 / 100 * 999 / 1_000);
    assert!(chain.junior("junior").value.u128() > 130_000 * ONE, "the rest is the juniors'");
}

#[test]
fn amber_issues_nothing_and_pays_the_index_to_everybody() {
    let mut chain = crowd();
    chain.set_index("1.10");
    assert_eq!(chain.mode(), Mode::Amber);
    let refused = chain.mint("newcomer", 100 * ONE, USDC).unwrap_err();
    assert_eq!(refused, ContractError::WrongMode(Mode::Amber));
    let paid = run(&mut chain);
    assert_equal(&paid, 99_900 * ONE * 110 / 100 * 999 / 1_000);
}

#[test]
fn amber_becomes_green_with_junior_capital() {
    let mut chain = crowd();
    chain.set_index("1.10");
    chain.deposit("rescuer", 100_000 * ONE, USDC).unwrap();
    assert_eq!(chain.mode(), Mode::Green);
    let mut faster = parameters();
    faster.issue_limit.amount = Uint128::new(1_000 * ONE);
    chain.as_admin(&ExecuteMsg::SetParameters(faster)).unwrap();
    chain.advance(HOUR);
    chain.mint("newcomer", 100 * ONE, USDC).unwrap();
}

#[test]
fn red_pays_the_same_net_asset_value_to_everybody_without_a_fee() {
    let mut chain = crowd();
    chain.set_price(USDC, "0.82");
    assert_eq!(chain.mode(), Mode::Red);
    assert_eq!(chain.junior("junior").value.u128(), 0, "juniors have lost everything first");
    let price = chain.price();
    assert_eq!((price.target, price.issue), (Decimal::one(), None));
    let solvency = chain.solvency();
    let nav = Decimal::from_ratio(solvency.reserve, solvency.supply);
    assert_eq!(price.redeemable, nav);
    assert!(nav < Decimal::one() && nav > decimal("0.94"));
    for refused in
        [chain.mint("newcomer", ONE, USDC).unwrap_err(), chain.deposit("j", ONE, USDC).unwrap_err()]
    {
        assert_eq!(refused, ContractError::WrongMode(Mode::Red));
    }
    let reserve = solvency.holdings.iter().find(|holding| holding.denom == USDC).unwrap().reserve.u128();
    let paid = run(&mut chain);
    // S5: a tenth of the reserve each; S6: nobody got more than that
    assert_equal(&paid, reserve / 10);
    assert!(paid.iter().sum::<u128>() <= reserve);
}

#[test]
fn the_exit_of_most_leaves_the_rest_no_worse() {
    let mut chain = crowd();
    chain.set_price(USDC, "0.82");
    let before = chain.price().redeemable;
    for i in 0..6 {
        let amount = chain.balance(&holder(i));
        chain.redeem(&holder(i), amount).unwrap();
    }
    for _ in 0..12 {
        chain.advance(DAY);
        chain.crank();
    }
    let batch: BatchResponse = chain.query(&QueryMsg::Batch {});
    assert!(batch.waiting.is_zero());
    assert!(chain.price().redeemable >= before);
    assert!(chain.price().redeemable - before < decimal("0.000001"));
}

#[test]
fn thirty_days_below_nine_tenths_wind_the_money_down_for_good() {
    let mut chain = crowd();
    chain.set_price(USDC, "0.7");
    chain.crank();
    let since = chain.solvency().below_since.unwrap();
    assert_eq!(since.seconds(), chain.now());
    chain.advance(29 * DAY);
    chain.crank();
    assert_eq!(chain.mode(), Mode::Red);
    chain.advance(DAY);
    chain.crank();
    assert_eq!(chain.mode(), Mode::WindDown);
    // for good, whatever happens now
    chain.set_price(USDC, "1");
    chain.set_index("1.5");
    chain.crank();
    let solvency = chain.solvency();
    assert_eq!((solvency.mode, solvency.price), (Mode::WindDown, Decimal::one()));
    assert_eq!(chain.mint("newcomer", ONE, USDC).unwrap_err(), ContractError::WrongMode(Mode::WindDown));
    assert_eq!(chain.deposit("j", ONE, USDC).unwrap_err(), ContractError::WrongMode(Mode::WindDown));
    let paid = run(&mut chain);
    assert_equal(&paid, 99_900 * ONE);
}

#[test]
fn winding_down_below_par_pays_every_unit_its_share_at_once() {
    let mut chain = crowd();
    chain.set_price(USDC, "0.7");
    chain.crank();
    chain.advance(30 * DAY);
    chain.crank();
    assert_eq!(chain.mode(), Mode::WindDown);
    let reserve =
        chain.solvency().holdings.iter().find(|holding| holding.denom == USDC).unwrap().reserve.u128();
    let mut paid = Vec::new();
    for i in 0..HOLDERS {
        let amount = chain.balance(&holder(i));
        paid.push(chain.redeem(&holder(i), amount).unwrap());
        assert_eq!(chain.balance(&holder(i)), 0, "no limit, no queue");
        chain.check();
    }
    assert_equal(&paid, reserve / 10);
    assert!(reserve - paid.iter().sum::<u128>() <= 10, "nothing is left");
}

#[test]
fn a_month_that_was_not_all_below_does_not_wind_down() {
    let mut chain = crowd();
    chain.set_price(USDC, "0.7");
    chain.crank();
    chain.advance(20 * DAY);
    chain.set_price(USDC, "1");
    chain.crank();
    assert_eq!(chain.solvency().below_since, None);
    chain.set_price(USDC, "0.7");
    chain.crank();
    chain.advance(29 * DAY);
    chain.crank();
    assert_eq!(chain.mode(), Mode::Red);
}

#[test]
fn a_stale_or_silent_oracle_winds_down_and_never_closes_redemption() {
    for silent in [false, true] {
        let mut chain = crowd();
        chain.set_index("1.01");
        chain.crank();
        if silent {
            chain.tell(None);
        } else {
            chain.index.held = true;
            chain.tell(Some(chain.index.clone()));
        }
        assert!(chain.price().held);
        assert_eq!(chain.mint("newcomer", ONE, USDC).unwrap_err(), ContractError::IndexHeld);
        chain.redeem(&holder(0), 100 * ONE).unwrap();
        chain.advance(75 * DAY);
        chain.redeem(&holder(0), 100 * ONE).unwrap();
        assert_eq!(chain.mode(), Mode::Green);
        chain.advance(1);
        chain.index.stale = true;
        if !silent {
            chain.tell(Some(chain.index.clone()));
        }
        chain.crank();
        let solvency = chain.solvency();
        assert_eq!((solvency.mode, solvency.price), (Mode::WindDown, decimal("1.01")), "silent: {silent}");
        let amount = chain.balance(&holder(1));
        let paid = chain.redeem(&holder(1), amount).unwrap();
        assert_eq!(paid, amount * 101 / 100);
    }
}

#[test]
fn s10_redemption_is_open_in_every_pause() {
    let mut chain = crowd();
    for paused in [Some(true), None] {
        chain.set_paused(paused);
        let refused = chain.mint("newcomer", ONE, USDC).unwrap_err();
        let expected =
            if paused.is_some() { ContractError::Paused } else { ContractError::ConstitutionSilent };
        assert_eq!(refused, expected);
        assert!(chain.redeem(&holder(0), 1_000 * ONE).unwrap() > 0);
        chain.join(&holder(0), 1_000 * ONE).unwrap();
        chain.advance(DAY);
        chain.crank();
        assert!(chain.claim(&holder(0)).unwrap() > 0);
        let shares = Uint128::new(1_000_000);
        chain.execute("junior", &ExecuteMsg::UnbondJunior { shares }).unwrap();
        chain.advance(35 * DAY);
        chain.execute("junior", &ExecuteMsg::WithdrawJunior {}).unwrap();
    }
}

#[test]
fn the_queue_fills_everybody_alike_and_serves_nobody_before_it() {
    let mut chain = crowd();
    // the bucket has an eighth of the supply, the first two holders more than that
    let (a, b) = (chain.balance(&holder(0)), chain.balance(&holder(1)));
    chain.join(&holder(0), a).unwrap();
    chain.join(&holder(1), b / 2).unwrap();
    // nobody overtakes: what is redeemed now waits, too
    assert_eq!(chain.redeem(&holder(2), 50_000 * ONE).unwrap(), 0);
    assert_eq!(chain.order(&holder(2)).waiting.u128(), 50_000 * ONE);
    chain.crank();
    assert_eq!(chain.order(&holder(0)).waiting.u128(), a, "not before the epoch is over");
    chain.advance(DAY);
    chain.crank();
    let orders: Vec<_> = (0..3).map(|i| chain.order(&holder(i))).collect();
    let joined = [a, b / 2, 50_000 * ONE];
    for (order, joined) in orders.iter().zip(joined) {
        let filled = joined - order.waiting.u128();
        let expected = Uint128::new(joined).multiply_ratio(orders[0].claimable[0].amount, a).u128();
        assert!(order.claimable[0].amount.u128().abs_diff(expected) <= 1);
        assert!(filled > joined / 2 && filled < joined);
    }
    // a second settlement, and somebody who joins between
    chain.join(&holder(3), 10_000 * ONE).unwrap();
    chain.advance(DAY);
    chain.crank();
    for i in 0..4 {
        assert_eq!(chain.order(&holder(i)).waiting.u128(), 0);
        chain.claim(&holder(i)).unwrap();
        assert_eq!(
            chain.claim(&holder(i)).unwrap_err(),
            ContractError::NoOrder(chain.addr(&holder(i)).into())
        );
    }
    assert!(chain.bank(&holder(0), USDC).abs_diff(a * 999 / 1_000) <= 2);
    assert!(chain.bank(&holder(3), USDC).abs_diff(10_000 * ONE * 999 / 1_000) <= 2);
    chain.check();
}

#[test]
fn an_asset_being_drained_is_not_taken_and_given_at_par_to_whoever_wants_it() {
    let mut chain = crowd();
    chain.deposit("other", 50_000_000_000_000_000_000_000, DAI).unwrap();
    let mut drained = dai();
    let take = |amount: u128| ExecuteMsg::Redeem {
        amount: (amount * ONE).into(),
        min_price: None,
        take: Some(DAI.into()),
    };
    let refused = chain.execute(&holder(0), &take(1_000)).unwrap_err();
    assert_eq!(refused, ContractError::NotDraining(DAI.into()));
    drained.draining = true;
    chain.as_admin(&ExecuteMsg::SetAsset(drained)).unwrap();
    assert_eq!(chain.deposit("x", 1_000, DAI).unwrap_err(), ContractError::Draining(DAI.into()));
    chain.set_price(DAI, "0.5");
    let before = chain.solvency().ratio;
    chain.execute(&holder(0), &take(1_000)).unwrap();
    assert_eq!(chain.bank(&holder(0), DAI), 999_000_000_000_000_000_000, "a dollar each, whatever the price");
    assert!(chain.solvency().ratio > before);
    let all = chain.execute(&holder(0), &take(60_000)).unwrap_err();
    assert!(matches!(all, ContractError::InsufficientReserve { .. }));
    let held = chain.as_admin(&ExecuteMsg::RemoveAsset { denom: DAI.into() }).unwrap_err();
    assert!(matches!(held, ContractError::StillHeld { .. }));
    chain.execute(&holder(0), &take(49_048)).unwrap();
    chain.check();
    // everybody else is paid of what there is
    chain.redeem(&holder(1), 1_000 * ONE).unwrap();
    assert!(chain.bank(&holder(1), DAI) > 0);
}
