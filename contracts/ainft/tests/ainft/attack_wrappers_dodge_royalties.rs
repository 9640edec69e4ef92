//! Attack (A4): somebody puts artefacts of its own between a paid artefact and its use, to keep what the ancestor is owed.

use iz_contract_types::ainft::*;

use crate::fixture::*;

/// What the root gets of 1,000,000 that come in at the last of `wrappers` artefacts that grant as little as they may.
fn income_behind(wrappers: usize, royalty: Royalty) -> u128 {
    let mut registry = Registry::new();
    let root = registry.model("maker", &[], royalty.clone()).unwrap();
    let mut chain = vec![root];
    for number in 0..=wrappers {
        let last = chain.last().unwrap().clone();
        // the first one has to grant what the root asks; after that the attacker asks itself for nothing
        let share = if number == 0 { royalty.share } else { 0 };
        chain.push(registry.model("attacker", &[(&last, share)], Royalty::default()).unwrap());
    }
    registry.fund(chain.last().unwrap(), 1_000_000);
    for id in chain.iter().rev() {
        if registry.pending(id) > 0 {
            registry.settle(id).unwrap();
        }
    }
    assert_eq!(registry.owed("maker") + registry.owed("attacker"), 1_000_000);
    registry.owed("maker")
}

#[test]
fn a_relative_share_alone_is_dodged_by_one_wrapper() {
    let relative = Royalty { share: 500, ..Royalty::default() };
    assert_eq!(income_behind(0, relative.clone()), 50_000);
    assert_eq!(income_behind(1, relative), 0);
}

#[test]
fn a_floor_is_paid_through_as_many_wrappers_as_it_reaches() {
    let floor = Royalty { share: 500, floor: 500, hops: 3, ..Royalty::default() };
    for wrappers in 0..=2 {
        assert_eq!(income_behind(wrappers, floor.clone()), 50_000, "{wrappers} wrappers");
    }
    // the known limit of three generations: said in the README
    assert_eq!(income_behind(3, floor), 0);
}

#[test]
fn a_wrapper_that_asks_for_much_does_not_lower_a_floor() {
    let mut registry = Registry::new();
    let root = registry.model("maker", &[], Royalty { floor: 500, hops: 3, ..Royalty::default() }).unwrap();
    let dear = Royalty { share: 2_400, floor: 2_400, hops: 3, ..Royalty::default() };
    let wrapper = registry.model("attacker", &[(&root, 0)], dear).unwrap();
    let used = registry.model("user", &[(&wrapper, 2_400)], Royalty::default()).unwrap();
    let mut upstream = registry.lineage(&used).upstream;
    upstream.sort_by_key(|entry| entry.share);
    assert_eq!(upstream, [parent(&root, 500), parent(&wrapper, 2_400)]);
}

#[test]
fn a_floor_of_a_far_ancestor_that_does_not_fit_refuses_the_child_instead_of_shrinking() {
    let mut registry = Registry::new();
    let root = registry.model("maker", &[], Royalty { floor: 2_000, hops: 3, ..Royalty::default() }).unwrap();
    let wrapper = registry.model("attacker", &[(&root, 2_000)], Royalty::default()).unwrap();
    assert!(registry.model("attacker", &[(&wrapper, 1_001)], Royalty::default()).is_err());
    let child = registry.model("attacker", &[(&wrapper, 1_000)], Royalty::default()).unwrap();
    assert!(registry.lineage(&child).upstream.contains(&parent(&root, 2_000)));
}
