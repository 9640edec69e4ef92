//! Each message does what it says, and refuses wrong senders, digests, kinds and phases with the values that were wrong.

use cosmwasm_std::{HexBinary, Uint128, coin, coins};
use iz_ainft::ContractError;
use iz_contract_kit::register::RegisterError;
use iz_contract_types::ainft::*;
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::PaymentError;

use crate::fixture::*;

#[test]
fn manifests_hold_digests_and_recipes_a_result() {
    let mut registry = Registry::new();
    let mut refused = |change: fn(&mut Registration)| {
        let mut registration = plain(1);
        change(&mut registration);
        registry.register("ann", registration).unwrap_err()
    };
    assert!(matches!(
        refused(|one| one.manifest.digest = HexBinary::default()),
        ContractError::BadDigest { what: "manifest", length: 0 }
    ));
    assert_eq!(
        refused(|one| one.manifest.croissant = Some(HexBinary::from(&[1u8; 31]))),
        ContractError::BadDigest { what: "Croissant", length: 31 }
    );
    assert_eq!(
        refused(|one| one.manifest.uri = Some("x".repeat(257))),
        ContractError::TooLong { what: "a uri", length: 257, most: 256 }
    );
    assert_eq!(refused(|one| one.kind = Kind::Recipe), ContractError::ResultMisplaced {});
    assert_eq!(refused(|one| one.manifest.result = Some(digest(1))), ContractError::ResultMisplaced {});
    assert!(matches!(
        refused(|one| {
            one.assertions = ["b", "a"].map(|name| Assertion { name: name.into(), value: "1".into() }).into();
        }),
        ContractError::Unsorted { what: "assertions", .. }
    ));
    assert_eq!(
        refused(|one| {
            one.assertions =
                (10..27).map(|number| Assertion { name: number.to_string(), value: String::new() }).collect();
        }),
        ContractError::TooMany { what: "assertions", count: 17, most: 16 }
    );
}

#[test]
fn an_artefact_belongs_to_whom_its_creator_names_but_not_to_the_registry() {
    let mut registry = Registry::new();
    let owner = Some(registry.address("dao").to_string());
    let id = registry.register("rounds", Registration { owner, ..plain(1) }).unwrap();
    let known: ArtefactResponse = registry.ask(QueryMsg::Artefact { id });
    assert_eq!((known.creator, known.owner), (registry.address("rounds"), registry.address("dao")));
    let owner = Some(registry.env.contract.address.to_string());
    let refused = registry.register("rounds", Registration { owner, ..plain(2) });
    assert_eq!(refused, Err(ContractError::ToSelf {}));
}

#[test]
fn a_service_has_versions_by_its_owner() {
    let mut registry = Registry::new();
    let service = registry.register("ann", Registration { kind: Kind::Service, ..plain(1) }).unwrap();
    let model = registry.register("ann", plain(2)).unwrap();
    let version =
        |id: &str, uri: &str| ExecuteMsg::NewVersion { id: id.into(), uri: uri.into(), digest: digest(7) };
    assert!(matches!(
        registry.run("bob", &[], version(&service, "x")),
        Err(ContractError::Unauthorized { .. })
    ));
    assert_eq!(
        registry.run("ann", &[], version(&model, "x")).unwrap_err(),
        ContractError::WrongKind { what: "a version", kind: "service" }
    );
    for uri in ["https://a", "https://b", "https://c"] {
        registry.run("ann", &[], version(&service, uri)).unwrap();
    }
    let versions: Vec<VersionResponse> =
        registry.ask(QueryMsg::Versions { id: service, start_after: Some(1), limit: Some(1) });
    assert_eq!((versions[0].version, versions[0].uri.as_str(), versions.len()), (2, "https://b", 1));
}

#[test]
fn reproductions_are_attested_once_by_bonded_nodes_that_neither_made_nor_own_it() {
    let mut registry = Registry::new();
    let mut recipe = plain(1);
    recipe.kind = Kind::Recipe;
    recipe.manifest.result = Some(digest(100));
    let id = registry.register("node1", recipe).unwrap();
    registry.transfer("node1", "node2", &id).unwrap();
    let attest = |result: u32, outcome: Outcome| ExecuteMsg::AttestReproduction {
        id: id.clone(),
        result: digest(result),
        outcome,
    };
    for node in ["node1", "node2"] {
        assert_eq!(
            registry.run(node, &[], attest(100, Outcome::Exact)).unwrap_err(),
            ContractError::OwnArtefact { node: registry.address(node) }
        );
    }
    for node in ["stranger", "left"] {
        assert_eq!(
            registry.run(node, &[], attest(100, Outcome::Exact)).unwrap_err(),
            ContractError::NotBonded { node: registry.address(node) }
        );
    }
    for (result, outcome) in [(101, Outcome::Exact), (100, Outcome::Failed), (100, Outcome::WithinTolerance)]
    {
        assert_eq!(
            registry.run("node3", &[], attest(result, outcome)).unwrap_err(),
            ContractError::OutcomeContradicts {}
        );
    }
    registry.run("node3", &[], attest(100, Outcome::Exact)).unwrap();
    registry.run("node4", &[], attest(100, Outcome::Exact)).unwrap();
    registry.run("node5", &[], attest(101, Outcome::WithinTolerance)).unwrap();
    registry.run("node6", &[], attest(102, Outcome::Failed)).unwrap();
    assert_eq!(
        registry.run("node3", &[], attest(101, Outcome::Failed)).unwrap_err(),
        ContractError::AttestedAlready { node: registry.address("node3") }
    );
    let question = QueryMsg::Reproductions { id: id.clone(), start_after: None, limit: Some(3) };
    let known: ReproductionsResponse = registry.ask(question);
    assert_eq!((known.exact, known.within_tolerance, known.failed), (2, 1, 1));
    assert_eq!(known.attestations.len(), 3);

    let model = registry.register("ann", plain(2)).unwrap();
    let wrong = ExecuteMsg::AttestReproduction { id: model, result: digest(1), outcome: Outcome::Failed };
    assert_eq!(
        registry.run("node3", &[], wrong).unwrap_err(),
        ContractError::WrongKind { what: "a reproduction", kind: "recipe" }
    );
    registry.run("admin", &[], ExecuteMsg::SetNodes { nodes: None }).unwrap();
    assert!(matches!(
        registry.run("node7", &[], attest(100, Outcome::Exact)),
        Err(ContractError::NotBonded { .. })
    ));
}

#[test]
fn income_comes_in_one_listed_asset_for_a_known_artefact() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    let fund = |id: &str| ExecuteMsg::Fund { id: id.into() };
    assert_eq!(registry.run("p", &[], fund(&id)).unwrap_err(), PaymentError::Nothing.into());
    let two = [coin(1, "uatom"), coin(1, "uusdc")];
    assert_eq!(registry.run("p", &two, fund(&id)).unwrap_err(), PaymentError::Several { count: 2 }.into());
    assert_eq!(
        registry.run("p", &coins(1, "uosmo"), fund(&id)).unwrap_err(),
        RegisterError::Unknown { asset: "native:uosmo".into() }.into()
    );
    assert_eq!(
        registry.run("p", &coins(1, "uusdc"), fund("x")).unwrap_err(),
        ContractError::UnknownArtefact { id: "x".into() }
    );
    registry.fund(&id, u128::MAX);
    let too_much = registry.run("p", &coins(1, "uusdc"), fund(&id)).unwrap_err();
    assert!(matches!(too_much, ContractError::Register(RegisterError::Overflow(_))));
    let settle = ExecuteMsg::Settle { id, asset: usdc() };
    assert_eq!(registry.run("p", &coins(1, "uusdc"), settle).unwrap_err(), PaymentError::Unwanted.into());
}

#[test]
fn an_asset_that_is_taken_no_more_is_still_settled_and_withdrawn() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    registry.fund(&id, 300);
    registry.run("admin", &[], ExecuteMsg::SetAsset { asset: usdc(), active: false }).unwrap();
    let fund = ExecuteMsg::Fund { id: id.clone() };
    assert_eq!(
        registry.run("p", &coins(1, "uusdc"), fund).unwrap_err(),
        RegisterError::Inactive { asset: "native:uusdc".into() }.into()
    );
    registry.settle(&id).unwrap();
    registry.run("ann", &[], ExecuteMsg::Withdraw { asset: usdc() }).unwrap();
    assert_eq!(registry.held(), 0);
}

#[test]
fn the_admin_alone_sets_things() {
    let mut registry = Registry::new();
    let other = registry.address("x").to_string();
    for message in [
        ExecuteMsg::SetAsset { asset: Asset::native("x"), active: true },
        ExecuteMsg::SetNodes { nodes: None },
        ExecuteMsg::UpdateAdmin { admin: other.clone() },
    ] {
        assert!(matches!(registry.run("x", &[], message), Err(ContractError::Unauthorized { .. })));
    }
    for number in 0..5 {
        let asset = Asset::native(format!("denom{number}"));
        registry.run("admin", &[], ExecuteMsg::SetAsset { asset, active: true }).unwrap();
    }
    let ninth = ExecuteMsg::SetAsset { asset: Asset::native("more"), active: true };
    assert_eq!(registry.run("admin", &[], ninth).unwrap_err(), RegisterError::TooMany { most: 8 }.into());
    registry.run("admin", &[], ExecuteMsg::UpdateAdmin { admin: other }).unwrap();
    let config: ConfigResponse = registry.ask(QueryMsg::Config {});
    assert_eq!(config.admin, registry.address("x"));
}

#[test]
fn royalties_of_sales_are_shown_as_cw2981_does() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty { sale: 250, ..Royalty::default() }).unwrap();
    let question = QueryMsg::RoyaltyInfo { token_id: id.clone(), sale_price: Uint128::new(1_001) };
    let info: RoyaltiesInfoResponse = registry.ask(question);
    assert_eq!((info.address, info.royalty_amount.u128()), (registry.address("ann").to_string(), 25));
    let largest = Cw2981QueryMsg::RoyaltyInfo { token_id: id.clone(), sale_price: Uint128::MAX };
    let info: RoyaltiesInfoResponse = registry.ask(QueryMsg::Extension { msg: largest });
    assert_eq!(info.royalty_amount.u128(), u128::MAX / 40);
    let check: CheckRoyaltiesResponse = registry.ask(QueryMsg::CheckRoyalties {});
    assert!(check.royalty_payments);
    let info: NftInfoResponse = registry.ask(QueryMsg::NftInfo { token_id: id });
    assert_eq!(info.extension.royalty_percentage, Some(2));
}

#[test]
fn it_migrates_from_older_versions_of_itself_alone() {
    use cosmwasm_std::testing::mock_env;
    use iz_ainft::contract::{NAME, VERSION, migrate};
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    cw2::set_contract_version(&mut registry.deps.storage, NAME, "0.0.1").unwrap();
    migrate(registry.deps.as_mut(), mock_env(), MigrateMsg {}).unwrap();
    assert_eq!(cw2::get_contract_version(&registry.deps.storage).unwrap().version, VERSION);
    assert_eq!(registry.owner(&id), registry.address("ann"));
    for (name, version) in [(NAME, "99.0.0"), ("other", "0.0.1")] {
        cw2::set_contract_version(&mut registry.deps.storage, name, version).unwrap();
        assert!(migrate(registry.deps.as_mut(), mock_env(), MigrateMsg {}).is_err());
    }
}
