//! A1: identifiers follow from content and never change; lineage has no cycles, 8 parents and a depth of 16 at most.

use iz_ainft::ContractError;
use iz_contract_types::ainft::*;

use crate::fixture::*;

#[test]
fn an_identifier_follows_from_content_parents_and_creator() {
    let mut registry = Registry::new();
    let root = registry.register("ann", plain(1)).unwrap();
    let said: String = registry.ask(QueryMsg::Identifier {
        kind: Kind::Model,
        digest: digest(1),
        parents: vec![],
        creator: registry.address("ann").into(),
    });
    assert_eq!(root, said);
    assert_eq!(registry.register("ann", plain(1)), Err(ContractError::Taken { id: root.clone() }));
    // another creator, kind or lineage is another artefact
    let other = registry.register("bob", plain(1)).unwrap();
    let data = registry.register("ann", Registration { kind: Kind::Data, ..plain(1) }).unwrap();
    let child =
        registry.register("ann", Registration { parents: vec![parent(&root, 0)], ..plain(1) }).unwrap();
    let mut ids = vec![root, other, data, child];
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[test]
fn parents_exist_are_sorted_and_at_most_eight() {
    let mut registry = Registry::new();
    let mut ids: Vec<String> =
        (0..9).map(|number| registry.register("ann", plain(number)).unwrap()).collect();
    ids.sort();
    let with =
        |ids: &[String]| Registration { parents: ids.iter().map(|id| parent(id, 0)).collect(), ..plain(99) };
    let unknown = "0".repeat(64);
    assert_eq!(
        registry.register("ann", with(std::slice::from_ref(&unknown))),
        Err(ContractError::UnknownArtefact { id: unknown })
    );
    assert_eq!(
        registry.register("ann", with(&["x".to_string()])),
        Err(ContractError::BadIdentifier { id: "x".into() })
    );
    for wrong in [[ids[1].clone(), ids[0].clone()], [ids[0].clone(), ids[0].clone()]] {
        assert!(matches!(registry.register("ann", with(&wrong)), Err(ContractError::Unsorted { .. })));
    }
    assert_eq!(
        registry.register("ann", with(&ids)),
        Err(ContractError::TooMany { what: "parents", count: 9, most: 8 })
    );
    registry.register("ann", with(&ids[..8])).unwrap();
}

#[test]
fn the_seventeenth_generation_is_refused() {
    let mut registry = Registry::new();
    let mut last = registry.model("ann", &[], Royalty::default()).unwrap();
    for depth in 1..=16 {
        last = registry.model("ann", &[(&last, 100)], Royalty::default()).unwrap();
        assert_eq!(registry.lineage(&last).depth, depth);
    }
    assert_eq!(
        registry.model("ann", &[(&last, 100)], Royalty::default()),
        Err(ContractError::TooDeep { depth: 17, most: 16 })
    );
}

#[test]
fn royalties_are_bounded() {
    let mut registry = Registry::new();
    let mut refused = |royalty: Royalty| registry.model("ann", &[], royalty).unwrap_err();
    for (what, royalty, most) in [
        ("a relative share", Royalty { share: 3_001, ..Royalty::default() }, 3_000),
        ("a floor", Royalty { floor: 3_001, hops: 1, ..Royalty::default() }, 3_000),
        ("a share of sales", Royalty { sale: 3_001, ..Royalty::default() }, 1_000),
    ] {
        assert_eq!(refused(royalty), ContractError::ShareTooLarge { what, share: 3_001, most });
    }
    for (floor, hops) in [(1, 0), (0, 1), (1, 4)] {
        let royalty = Royalty { floor, hops, ..Royalty::default() };
        assert_eq!(refused(royalty), ContractError::BadFloor { floor, hops, most: 3 });
    }
}

#[test]
fn a_child_grants_what_its_parents_ask_and_no_more_than_three_tenths() {
    let mut registry = Registry::new();
    let greedy = Royalty { share: 2_000, ..Royalty::default() };
    let one = registry.model("ann", &[], greedy.clone()).unwrap();
    let two = registry.model("ann", &[], greedy).unwrap();
    assert_eq!(
        registry.model("bob", &[(&one, 1_999)], Royalty::default()),
        Err(ContractError::ShareTooSmall { parent: one.clone(), share: 1_999, minimum: 2_000 })
    );
    assert_eq!(
        registry.model("bob", &[(&one, 2_000), (&two, 2_000)], Royalty::default()),
        Err(ContractError::ShareTooLarge { what: "everything upstream", share: 4_000, most: 3_000 })
    );
    assert_eq!(
        registry.model("bob", &[(&one, u16::MAX), (&two, u16::MAX)], Royalty::default()),
        Err(ContractError::ShareTooLarge { what: "everything upstream", share: 131_070, most: 3_000 })
    );
}

#[test]
fn floors_are_inherited_merged_by_the_larger_and_end_after_their_generations() {
    let mut registry = Registry::new();
    let floor = |floor, hops| Royalty { floor, hops, ..Royalty::default() };
    let root = registry.model("ann", &[], floor(500, 2)).unwrap();
    let left = registry.model("bob", &[(&root, 0)], Royalty::default()).unwrap();
    let right = registry.model("cy", &[(&root, 800)], Royalty::default()).unwrap();
    // a direct parent by both layers gets the larger share, once
    assert_eq!(registry.lineage(&left).upstream, [parent(&root, 500)]);
    assert_eq!(registry.lineage(&right).upstream, [parent(&root, 800)]);
    let child = registry.model("dee", &[(&left, 100), (&right, 100)], Royalty::default()).unwrap();
    let floors: Vec<Floor> = registry.ask(QueryMsg::Floors { id: child.clone() });
    assert_eq!(floors, [Floor { ancestor: root.clone(), share: 500, hops: 1 }]);
    let shares: u16 = registry.lineage(&child).upstream.iter().map(|entry| entry.share).sum();
    assert_eq!(shares, 700);
    let grandchild = registry.model("eve", &[(&child, 0)], Royalty::default()).unwrap();
    let floors: Vec<Floor> = registry.ask(QueryMsg::Floors { id: grandchild });
    assert_eq!(floors, []);
}

#[test]
fn a_ninth_floor_is_refused() {
    let mut registry = Registry::new();
    let floor = Royalty { floor: 10, hops: 3, ..Royalty::default() };
    let roots: Vec<String> = (0..9).map(|_| registry.model("ann", &[], floor.clone()).unwrap()).collect();
    let parents: Vec<(&str, u16)> = roots[..8].iter().map(|id| (id.as_str(), 0)).collect();
    let eight = registry.model("bob", &parents, Royalty::default()).unwrap();
    assert_eq!(
        registry.model("cy", &[(&eight, 0), (&roots[8], 0)], Royalty::default()),
        Err(ContractError::TooMany { what: "floors", count: 9, most: 8 })
    );
}
