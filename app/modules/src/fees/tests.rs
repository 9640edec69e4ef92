//! A chain with fixed supply under random fees: nothing is lost, and the supply never grows.

use iz_core::{Address, Coin, Coins, Context, Dec, Execute as _, Genesis as _, Int};
use iz_proto::infinitezero::fees::v1::MsgUpdateParams;
use proptest::prelude::*;

use super::{
    block,
    genesis::Fees,
    keeper,
    split::split,
    types::{AcceptedDenom, FIXED_SUPPLY, Params},
};
use crate::{
    bank, mint,
    module_accounts::{self, FEE_COLLECTOR, MINT, PROTOCOL_POOL},
    testing,
};

/// The native coin, two accepted ones, and one that is not.
const DENOMS: [&str; 4] = ["uiz", "uusd", "uzero", "other"];

/// A whole number of millionths.
fn millionths(number: u32) -> Dec {
    Dec::with_places(i64::from(number), 6)
}

fn coins(amounts: [u64; 4]) -> Coins {
    let coins = DENOMS.iter().zip(amounts).map(|(denom, amount)| Coin::new(*denom, amount));
    Coins::sanitized(coins.collect()).unwrap()
}

fn settings(burn: u32, community: u32, rates: [u32; 2]) -> Params {
    let accepted = ["uusd", "uzero"].iter().zip(rates);
    let accepted =
        accepted.map(|(denom, rate)| AcceptedDenom { denom: (*denom).to_owned(), rate: millionths(rate) });
    Params {
        native_denom: "uiz".into(),
        accepted: accepted.collect(),
        burn_share: millionths(burn),
        community_pool_share: millionths(community),
    }
}

prop_compose! {
    fn any_settings()(burn in 0..=1_000_000_u32)(
        burn in Just(burn),
        community in 0..=1_000_000 - burn,
        rates in [1..u32::MAX, 1..u32::MAX],
    ) -> Params {
        settings(burn, community, rates)
    }
}

fn mint_to(context: &mut Context, who: &Address, coins: &Coins) {
    bank::keeper::mint_coins(context, MINT, coins).unwrap();
    bank::keeper::send_coins(context, &Address::module(MINT), who, coins).unwrap();
}

/// A payer holds all there is of the native coin, and plenty of the others.
fn chain(params: &Params) -> Context {
    let mut context = testing::context_at(2, iz_core::Timestamp::EPOCH);
    let plenty = u64::MAX / 2;
    mint_to(&mut context, &payer(), &coins([FIXED_SUPPLY, plenty, plenty, plenty]));
    pin_inflation(&mut context);
    let state = iz_proto::infinitezero::fees::v1::GenesisState {
        params: Some(params.to_wire()),
        ..Fees::default_state(&context.chain.clone())
    };
    Fees::init(&mut context, state).unwrap();
    context
}

fn payer() -> Address {
    testing::account(1)
}

fn minter() -> mint::types::Params {
    let mut params = mint::types::Params::standard("uiz");
    (params.inflation_max, params.inflation_min) = (Dec::ZERO, Dec::ZERO);
    params
}

fn pin_inflation(context: &mut Context) {
    mint::keeper::set_params(context, &minter()).unwrap();
}

fn pay(context: &mut Context, fee: &Coins) {
    bank::keeper::send_coins_from_account_to_module(context, &payer(), FEE_COLLECTOR, fee).unwrap();
}

fn supplies(context: &mut Context) -> [Int; 4] {
    DENOMS.map(|denom| bank::keeper::supply(context, denom).unwrap())
}

fn balances(context: &mut Context) -> [Int; 4] {
    let everyone = bank::keeper::accounts_balances(context).unwrap();
    DENOMS.map(|denom| {
        everyone.iter().fold(Int::ZERO, |sum, (_, coins)| sum.add(coins.amount_of(denom)).unwrap())
    })
}

proptest! {
    #[test]
    fn every_coin_of_a_fee_is_accounted_for(params in any_settings(), amounts in any::<[u64; 4]>()) {
        let fee = coins(amounts);
        let parts = split(&params, &fee).unwrap();
        let mut sum = Coins::empty();
        for part in [&parts.burned, &parts.exchanged, &parts.community_pool, &parts.validators] {
            prop_assert!(part.is_valid() || part.is_empty());
            sum = sum.add(part).unwrap();
        }
        prop_assert_eq!(&sum, &fee);
        prop_assert!(parts.burned.iter().all(|coin| coin.denom == "uiz"));
        prop_assert!(parts.exchanged.iter().all(|coin| coin.denom == "uusd" || coin.denom == "uzero"));
        prop_assert!(!parts.owed.is_negative());
        prop_assert!(parts.exchanged.is_empty() == parts.owed.is_zero());
    }

    #[test]
    fn the_supply_never_grows_and_balances_add_up(
        params in any_settings(),
        blocks in prop::collection::vec((any::<[u32; 4]>(), 0..3_u8), 1..12),
    ) {
        let mut context = chain(&params);
        let mut last = supplies(&mut context);
        for (amounts, what_else) in blocks {
            pay(&mut context, &coins(amounts.map(u64::from)));
            match what_else {
                // the community pool gets native coins, with which it can pay what it owes
                0 => {
                    let gift = Coins::one(Coin::new("uiz", 1_000_000));
                    bank::keeper::send_coins_from_account_to_module(&mut context, &payer(), PROTOCOL_POOL, &gift)
                        .unwrap();
                }
                // the validators take their part
                1 => {
                    let rest = bank::keeper::all_balances(&mut context, &Address::module(FEE_COLLECTOR)).unwrap();
                    let to = testing::account(2);
                    bank::keeper::send_coins_from_module_to_account(&mut context, FEE_COLLECTOR, &to, &rest)
                        .unwrap();
                }
                _ => {}
            }
            let owed_before = keeper::record(&mut context).unwrap().owed;
            block::begin(&mut context).unwrap();

            let now = supplies(&mut context);
            prop_assert!(now[0] <= last[0], "the native supply grew");
            prop_assert_eq!(&now[1..], &last[1..], "other coins are not burned");
            prop_assert_eq!(balances(&mut context), now);
            let record = keeper::record(&mut context).unwrap();
            prop_assert_eq!(now[0].add(record.burned).unwrap(), Int::from(FIXED_SUPPLY));
            prop_assert!(!record.owed.is_negative());
            if record.owed > Dec::one() {
                let pool = Address::module(PROTOCOL_POOL);
                prop_assert!(bank::keeper::balance(&mut context, &pool, "uiz").unwrap().is_zero(),
                    "owed {} before {} although the pool could pay", record.owed, owed_before);
            }
            last = now;
        }
    }
}

#[test]
fn a_fee_in_another_coin_burns_the_community_pools_native_coins() {
    let params = settings(100_000, 200_000, [2_500_000, 1]);
    let mut context = chain(&params);
    pay(&mut context, &coins([1_000, 400, 0, 0]));
    block::begin(&mut context).unwrap();
    // of the 1000uiz: 100 burned, 200 to the pool; of the 400uusd: 40 exchanged for the burn of 100uiz, 80 to the pool
    let event = context.take_events().into_iter().rfind(|event| event.kind == "fee_split").unwrap();
    assert_eq!(event.attribute("burned"), Some("100uiz"));
    assert_eq!(event.attribute("exchanged"), Some("40uusd"));
    assert_eq!(event.attribute("community_pool"), Some("200uiz,80uusd"));
    assert_eq!(event.attribute("validators"), Some("700uiz,280uusd"));
    let pool = bank::keeper::all_balances(&mut context, &Address::module(PROTOCOL_POOL)).unwrap();
    assert_eq!(pool.to_string(), "100uiz,120uusd", "it paid the 100uiz it owed");
    let record = keeper::record(&mut context).unwrap();
    assert_eq!((record.burned, record.owed), (Int::from(200), Dec::ZERO));
}

#[test]
fn a_fee_must_be_in_a_coin_that_is_accepted() {
    let mut context = chain(&settings(0, 0, [2_500_000, 1]));
    let worth = keeper::accept(&mut context, &coins([10, 3, 0, 0])).unwrap();
    assert_eq!(worth, Some(Coin::new("uiz", 17)));
    let refused = keeper::accept(&mut context, &coins([10, 0, 0, 1])).unwrap_err();
    assert_eq!((refused.codespace(), refused.code()), ("fees", 3));
}

#[test]
fn a_chain_without_the_module_is_left_alone() {
    let mut context = testing::context();
    mint_to(&mut context, &Address::module(FEE_COLLECTOR), &coins([10, 0, 0, 5]));
    let before = context.gas().consumed();
    block::begin(&mut context).unwrap();
    assert_eq!(keeper::accept(&mut context, &coins([0, 0, 0, 1])).unwrap(), None);
    let minter = mint::types::Params::standard("uiz");
    keeper::require_pinned_inflation(&mut context, &minter).unwrap();
    let split = super::split_fee(&mut context, &coins([1, 0, 0, 1])).unwrap();
    assert_eq!(split.validators, coins([1, 0, 0, 1]));
    assert_eq!(context.gas().consumed(), before);
    let message = MsgUpdateParams { authority: module_accounts::authority(&context), params: None };
    assert_eq!(message.execute(&mut context).unwrap_err().code(), 6);
}

#[test]
fn genesis_requires_the_fixed_supply_and_no_inflation() {
    let state = |context: &Context| Fees::default_state(&context.chain.clone());
    let mut context = testing::context();
    mint_to(&mut context, &payer(), &coins([FIXED_SUPPLY - 1, 0, 0, 0]));
    pin_inflation(&mut context);
    let genesis = state(&context);
    assert_eq!(Fees::init(&mut context, genesis.clone()).unwrap_err().code(), 4);
    mint_to(&mut context, &payer(), &coins([1, 0, 0, 0]));
    mint::keeper::set_params(&mut context, &mint::types::Params::standard("uiz")).unwrap();
    assert_eq!(Fees::init(&mut context, genesis.clone()).unwrap_err().code(), 5);
    pin_inflation(&mut context);
    Fees::init(&mut context, genesis.clone()).unwrap();
    assert_eq!(Fees::export(&mut context).unwrap(), genesis);
    let loose = mint::types::Params::standard("uiz");
    assert_eq!(keeper::require_pinned_inflation(&mut context, &loose).unwrap_err().code(), 5);
    keeper::require_pinned_inflation(&mut context, &minter()).unwrap();
}

#[test]
fn governance_changes_ratios_but_neither_to_wrong_ones_nor_the_native_coin() {
    let mut context = chain(&Params::standard());
    let authority = module_accounts::authority(&context);
    let update =
        |params: &Params| MsgUpdateParams { authority: authority.clone(), params: Some(params.to_wire()) };
    let mut params = settings(300_000, 300_000, [7, 8]);
    update(&params).execute(&mut context).unwrap();
    assert_eq!(keeper::params(&mut context).unwrap(), params);
    let stranger = MsgUpdateParams { authority: "somebody".into(), params: Some(params.to_wire()) };
    assert_eq!(stranger.execute(&mut context).unwrap_err().codespace(), "gov");
    params.burn_share = Dec::one();
    assert_eq!(update(&params).execute(&mut context).unwrap_err().code(), 2);
    params.burn_share = Dec::ZERO;
    params.native_denom = "other".into();
    assert_eq!(update(&params).execute(&mut context).unwrap_err().code(), 2);
}
