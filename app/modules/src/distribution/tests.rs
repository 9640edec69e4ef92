//! A validator with two delegators, followed over several blocks.

use iz_core::{Address, Coin, Coins, Context, Dec, Genesis as _, Int, Vote};
use iz_proto::cosmos::staking::v1beta1::Description;

use super::{NAME, block, genesis::Distribution, hooks, keeper, store};
use crate::{
    bank,
    module_accounts::{FEE_COLLECTOR, MINT, PROTOCOL_POOL_ESCROW},
    staking::{
        self,
        types::{ConsensusKey, Delegation, Validator},
    },
    testing,
};

struct Scene {
    context: Context,
    operator: Address,
    consensus: Address,
}

/// Who delegates how much.
const STAKES: [(u8, i64); 2] = [(1, 75), (2, 25)];

impl Scene {
    /// Takes 10% commission; what the operator holds is only its commission.
    fn new() -> Self {
        let mut context = testing::context();
        let state = Distribution::default_state(&context.chain.clone());
        Distribution::init(&mut context, state).unwrap();
        let key = ConsensusKey::Ed25519(vec![9; 32]);
        let operator = testing::account(9);
        let text = context.addresses().validator(&operator);
        let mut validator = Validator::new(text, &key, Description::default());
        validator.commission.rates.rate = Dec::with_places(1, 1);
        let mut scene = Self { context, operator, consensus: key.address().unwrap() };
        scene.store(&validator);
        staking::keeper::set_validator_by_cons_addr(&mut scene.context, &validator).unwrap();
        hooks::after_validator_created(&mut scene.context, &scene.operator).unwrap();
        for (delegator, stake) in STAKES {
            scene.delegate(&testing::account(delegator), stake);
        }
        scene
    }

    fn validator(&mut self) -> Validator {
        staking::keeper::get_validator(&mut self.context, &self.operator).unwrap()
    }

    fn store(&mut self, validator: &Validator) {
        staking::keeper::set_validator(&mut self.context, validator).unwrap();
    }

    fn delegate(&mut self, delegator: &Address, stake: i64) {
        hooks::before_delegation_created(&mut self.context, &self.operator).unwrap();
        let mut validator = self.validator();
        let shares = validator.add_tokens(Int::from(stake)).unwrap();
        self.store(&validator);
        let delegation = Delegation {
            delegator_address: self.context.addresses().account(delegator),
            validator_address: validator.operator_address,
            shares,
        };
        staking::keeper::set_delegation(&mut self.context, &delegation).unwrap();
        hooks::after_delegation_modified(&mut self.context, delegator, &self.operator).unwrap();
    }

    /// A block in which the validator has voted and `fees` were collected before.
    fn block(&mut self, fees: i64) {
        let coins = Coins::one(Coin::new("stake", fees));
        bank::keeper::mint_coins(&mut self.context, MINT, &coins).unwrap();
        bank::keeper::send_coins_from_module_to_module(&mut self.context, MINT, FEE_COLLECTOR, &coins)
            .unwrap();
        let mut block = (*self.context.block).clone();
        block.height += 1;
        block.votes = vec![Vote { validator: self.consensus.clone(), power: 1, flag: 2 }];
        self.context.block = block.into();
        block::begin(&mut self.context).unwrap();
    }

    fn slash(&mut self, percent: i64) {
        let fraction = Dec::with_places(percent, 2);
        hooks::before_validator_slashed(&mut self.context, &self.operator, fraction).unwrap();
        let mut validator = self.validator();
        let lost = fraction.mul_int(validator.tokens).unwrap().truncate_int().unwrap();
        validator.remove_tokens(lost).unwrap();
        self.store(&validator);
    }

    fn withdraw(&mut self, delegator: u8) -> String {
        let delegator = testing::account(delegator);
        let paid = keeper::withdraw_delegation_rewards(&mut self.context, &delegator, &self.operator);
        paid.unwrap().to_string()
    }

    fn balance(&mut self, name: &str) -> String {
        bank::keeper::all_balances(&mut self.context, &Address::module(name)).unwrap().to_string()
    }

    /// What the records promise must be what the account holds.
    fn assert_covered(&mut self) {
        let outstanding = store::outstanding(&mut self.context, &self.operator).unwrap();
        let promised = outstanding.add(&store::fee_pool(&mut self.context).unwrap()).unwrap();
        let (whole, rest) = promised.truncate().unwrap();
        assert!(rest.is_zero(), "{rest}");
        assert_eq!(whole.to_string(), self.balance(NAME));
    }
}

#[test]
fn rewards_are_shared_by_stake_after_tax_and_commission() {
    let mut scene = Scene::new();
    scene.block(1_000);
    assert_eq!(scene.balance(PROTOCOL_POOL_ESCROW), "20stake");
    scene.assert_covered();
    // 1000 - 2% tax = 980, of it 98 commission and 882 for stakes of 75 and 25
    assert_eq!(scene.withdraw(1), "661stake");
    assert_eq!(scene.withdraw(2), "220stake");
    scene.assert_covered();
    let operator = scene.operator.clone();
    let paid = keeper::withdraw_validator_commission(&mut scene.context, &operator).unwrap();
    assert_eq!(paid.to_string(), "98stake");
    let again = keeper::withdraw_validator_commission(&mut scene.context, &operator).unwrap_err();
    assert_eq!((again.codespace(), again.code()), ("distribution", 7));
    assert_eq!(scene.withdraw(1), "0stake", "nothing earned in the block of the withdrawal");
    // two halves were left behind the point: they make a coin for the community
    scene.block(0);
    assert_eq!(scene.balance(PROTOCOL_POOL_ESCROW), "21stake");
    assert_eq!(scene.balance(NAME), "");
}

#[test]
fn a_slash_lowers_what_is_earned_afterwards() {
    let mut scene = Scene::new();
    scene.block(1_000);
    scene.slash(50);
    scene.block(1_000);
    // 75 * 8.82 before, 37.5 * 17.64 after
    assert_eq!(scene.withdraw(1), "1323stake");
    assert_eq!(scene.withdraw(2), "441stake");
    scene.assert_covered();
}

#[test]
fn who_comes_later_earns_only_from_then_on() {
    let mut scene = Scene::new();
    scene.block(1_000);
    scene.delegate(&testing::account(3), 100);
    scene.block(1_000);
    assert_eq!(scene.withdraw(1), "992stake");
    assert_eq!(scene.withdraw(3), "441stake");
    scene.assert_covered();
}

#[test]
fn rewards_go_where_the_delegator_says() {
    let mut scene = Scene::new();
    let (delegator, receiver) = (testing::account(1), testing::account(7));
    keeper::set_withdraw_address(&mut scene.context, &delegator, &receiver).unwrap();
    let blocked = Address::module(FEE_COLLECTOR);
    let refused = keeper::set_withdraw_address(&mut scene.context, &delegator, &blocked).unwrap_err();
    assert_eq!((refused.codespace(), refused.code()), ("sdk", 4));
    scene.block(1_000);
    scene.withdraw(1);
    let held = bank::keeper::balance(&mut scene.context, &receiver, "stake").unwrap();
    assert_eq!(held, Int::from(661));
}

#[test]
fn a_removed_validator_leaves_no_record() {
    let mut scene = Scene::new();
    scene.block(1_000);
    scene.slash(10);
    scene.withdraw(1);
    scene.withdraw(2);
    let operator = scene.operator.clone();
    hooks::after_validator_removed(&mut scene.context, &operator).unwrap();
    assert!(store::outstanding(&mut scene.context, &operator).unwrap().is_empty());
    let state = Distribution::export(&mut scene.context);
    // no block was proposed by anyone with an address, and yet the record is there
    let state = state.unwrap();
    assert!(state.validator_historical_rewards.is_empty() && state.validator_slash_events.is_empty());
    assert!(state.validator_current_rewards.is_empty() && state.outstanding_rewards.is_empty());
    let held = bank::keeper::balance(&mut scene.context, &operator, "stake").unwrap();
    assert_eq!(held, Int::from(98));
}

#[test]
fn the_state_survives_export_and_import() {
    let mut scene = Scene::new();
    scene.block(1_000);
    scene.slash(10);
    let first = Distribution::export(&mut scene.context).unwrap();
    let mut other = testing::context();
    let coins = Coins::one(Coin::new("stake", 980));
    bank::keeper::mint_coins(&mut other, MINT, &coins).unwrap();
    bank::keeper::send_coins_from_module_to_module(&mut other, MINT, NAME, &coins).unwrap();
    Distribution::init(&mut other, first.clone()).unwrap();
    assert_eq!(Distribution::export(&mut other).unwrap(), first);
    let mut poor = testing::context();
    assert!(Distribution::init(&mut poor, first).unwrap_err().is_panic(), "the account holds too little");
}
