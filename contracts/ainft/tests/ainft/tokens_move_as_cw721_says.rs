//! The conventions of cw721: shapes of messages and answers, who may move what, approvals, operators, lists.

use cosmwasm_std::{CosmosMsg, WasmMsg, from_json, to_json_vec};
use cw20::Expiration;
use iz_ainft::ContractError;
use iz_contract_types::ainft::*;

use crate::fixture::*;

#[test]
fn messages_have_the_shapes_of_cw721() {
    for text in [
        r#"{"transfer_nft":{"recipient":"a","token_id":"1"}}"#,
        r#"{"send_nft":{"contract":"a","token_id":"1","msg":"e30="}}"#,
        r#"{"approve":{"spender":"a","token_id":"1","expires":{"at_height":5}}}"#,
        r#"{"revoke":{"spender":"a","token_id":"1"}}"#,
        r#"{"approve_all":{"operator":"a","expires":{"never":{}}}}"#,
        r#"{"revoke_all":{"operator":"a"}}"#,
    ] {
        let message: ExecuteMsg = from_json(text).unwrap();
        assert_eq!(String::from_utf8(to_json_vec(&message).unwrap()).unwrap(), text);
    }
    for text in [
        r#"{"owner_of":{"token_id":"1"}}"#,
        r#"{"approval":{"token_id":"1","spender":"a"}}"#,
        r#"{"approvals":{"token_id":"1"}}"#,
        r#"{"operator":{"owner":"a","operator":"b"}}"#,
        r#"{"all_operators":{"owner":"a"}}"#,
        r#"{"num_tokens":{}}"#,
        r#"{"contract_info":{}}"#,
        r#"{"nft_info":{"token_id":"1"}}"#,
        r#"{"all_nft_info":{"token_id":"1"}}"#,
        r#"{"tokens":{"owner":"a"}}"#,
        r#"{"all_tokens":{"limit":3}}"#,
        r#"{"minter":{}}"#,
        r#"{"extension":{"msg":{"royalty_info":{"token_id":"1","sale_price":"5"}}}}"#,
        r#"{"extension":{"msg":{"check_royalties":{}}}}"#,
    ] {
        from_json::<QueryMsg>(text).unwrap();
    }
}

#[test]
fn a_receiver_is_called_as_cw721_calls_it() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    let vault = registry.address("vault").to_string();
    let send = ExecuteMsg::SendNft { contract: vault.clone(), token_id: id.clone(), msg: b"{}".into() };
    let response = registry.run("ann", &[], send).unwrap();
    let CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, funds }) = &response.messages[0].msg else {
        panic!("a call")
    };
    assert_eq!((contract_addr, funds.len()), (&vault, 0));
    let ann = registry.address("ann");
    let text = format!(r#"{{"receive_nft":{{"sender":"{ann}","token_id":"{id}","msg":"e30="}}}}"#);
    assert_eq!(String::from_utf8(msg.to_vec()).unwrap(), text);
}

#[test]
fn owners_approved_and_operators_move_and_nobody_else() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    let refused = registry.transfer("eve", "eve", &id).unwrap_err();
    assert!(matches!(refused, ContractError::Unauthorized { .. }));

    let height = registry.env.block.height;
    let (bob, op) = (registry.address("bob").to_string(), registry.address("op").to_string());
    let approve = |expires: Option<Expiration>| ExecuteMsg::Approve {
        spender: bob.clone(),
        token_id: id.clone(),
        expires,
    };
    assert!(matches!(registry.run("eve", &[], approve(None)), Err(ContractError::Unauthorized { .. })));
    let past = Some(Expiration::AtHeight(height));
    assert_eq!(registry.run("ann", &[], approve(past)).unwrap_err(), ContractError::Expired {});
    registry.run("ann", &[], approve(Some(Expiration::AtHeight(height + 1)))).unwrap();
    let owner: OwnerOfResponse =
        registry.ask(QueryMsg::OwnerOf { token_id: id.clone(), include_expired: None });
    assert_eq!(owner.approvals[0].spender, bob);
    registry.env.block.height += 1;
    assert!(registry.transfer("bob", "bob", &id).is_err(), "the approval has expired");
    let owner: OwnerOfResponse =
        registry.ask(QueryMsg::OwnerOf { token_id: id.clone(), include_expired: Some(true) });
    assert_eq!(owner.approvals.len(), 1);

    registry.run("ann", &[], approve(None)).unwrap();
    registry.transfer("bob", "cy", &id).unwrap();
    assert!(registry.transfer("bob", "bob", &id).is_err(), "approvals end with a transfer");

    let all = ExecuteMsg::ApproveAll { operator: op.clone(), expires: None };
    registry.run("cy", &[], all).unwrap();
    let approve_by_operator =
        ExecuteMsg::Approve { spender: bob.clone(), token_id: id.clone(), expires: None };
    registry.run("op", &[], approve_by_operator).unwrap();
    let revoke = ExecuteMsg::Revoke { spender: bob.clone(), token_id: id.clone() };
    registry.run("op", &[], revoke).unwrap();
    let gone = QueryMsg::Approval { token_id: id.clone(), spender: bob, include_expired: None };
    assert!(matches!(registry.ask_badly(gone), ContractError::NoApproval { .. }));
    registry.transfer("op", "dee", &id).unwrap();
    assert!(registry.transfer("op", "op", &id).is_err(), "an operator of cy, not of dee");
    registry.run("cy", &[], ExecuteMsg::RevokeAll { operator: op.clone() }).unwrap();
    let owner = registry.address("cy").to_string();
    let gone = QueryMsg::Operator { owner, operator: op, include_expired: None };
    assert!(matches!(registry.ask_badly(gone), ContractError::NoApproval { .. }));
}

#[test]
fn approvals_are_bounded() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    for number in 0..17 {
        let spender = registry.address(&format!("spender{number}")).into();
        let approve = ExecuteMsg::Approve { spender, token_id: id.clone(), expires: None };
        let result = registry.run("ann", &[], approve);
        assert_eq!(result.is_ok(), number < 16, "{number}");
    }
}

#[test]
fn lists_follow_owners() {
    let mut registry = Registry::new();
    let mut ids: Vec<String> =
        (0..5).map(|_| registry.model("ann", &[], Royalty::default()).unwrap()).collect();
    ids.sort();
    let moved = ids.remove(2);
    registry.transfer("ann", "bob", &moved).unwrap();
    let owned = |name: &str, registry: &Registry| -> Vec<String> {
        let owner = registry.address(name).into();
        registry.ask::<TokensResponse>(QueryMsg::Tokens { owner, start_after: None, limit: None }).tokens
    };
    assert_eq!(owned("ann", &registry), ids);
    assert_eq!(owned("bob", &registry), std::slice::from_ref(&moved));
    let all: TokensResponse =
        registry.ask(QueryMsg::AllTokens { start_after: Some(ids[0].clone()), limit: Some(2) });
    assert_eq!(all.tokens, [ids[1].clone(), moved]);
    assert_eq!(registry.ask::<NumTokensResponse>(QueryMsg::NumTokens {}).count, 5);
    assert_eq!(registry.ask::<MinterResponse>(QueryMsg::Minter {}).minter, None);
}

#[test]
fn the_registry_owns_nothing_it_registers() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    let recipient = registry.env.contract.address.to_string();
    let transfer = ExecuteMsg::TransferNft { recipient, token_id: id };
    assert_eq!(registry.run("ann", &[], transfer).unwrap_err(), ContractError::ToSelf {});
}
