//! The client against izd and CometBFT: coins, contracts, blocks, a restart in between. `IZD` and `COMETBFT` name the binaries; izd is
//! otherwise the one that was built beside this test.

#![allow(clippy::unwrap_used, reason = "tests fail this way")]

mod support;

use std::time::Duration;

use iz_chain_client::{Account, Blocks, ChainError, Event, coin};
use serde_json::{Value, json};
use support::Localnet;

#[test]
fn coins_contracts_and_blocks_over_a_restart() {
    let Some(mut net) = Localnet::start() else { return };
    let (chain, wallet) = (net.chain(), net.wallet());
    let mut blocks = Blocks::from_now(&chain).unwrap();

    let other = Account::from_mnemonic(&Account::new_mnemonic().unwrap(), "iz").unwrap();
    assert_eq!(chain.account(other.address()), Err(ChainError::NoAccount(other.address().into())));
    let sent = wallet.send(other.address(), &[coin(5_000_000, "uiz")]).unwrap();
    assert!(sent.gas_used > 0 && sent.gas_used < sent.gas_wanted);
    assert_eq!(chain.balance(other.address(), "uiz"), Ok(5_000_000));
    assert_eq!(chain.transaction(&sent.hash).unwrap(), Some(sent.clone()));

    // several at once from one account
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| wallet.send(other.address(), &[coin(1, "uiz")]).unwrap());
        }
    });
    assert_eq!(chain.balance(other.address(), "uiz"), Ok(5_000_004));
    // what cannot be paid is refused before a fee is taken
    let poor = net.wallet_of(other.clone()).send(wallet.address(), &[coin(6_000_000, "uiz")]);
    assert!(matches!(poor, Err(ChainError::Query { .. } | ChainError::Refused { .. })), "{poor:?}");
    assert_eq!(chain.balance(other.address(), "uiz"), Ok(5_000_004));

    // while a subscriber is away the chain stops and goes on
    net.pause();
    assert!(matches!(chain.height(), Err(ChainError::Unavailable(_))));
    net.resume();
    wallet.send(other.address(), &[coin(1, "uiz")]).unwrap();
    let top = chain.height().unwrap();
    let received =
        |event: &Event| event.kind == "coin_received" && event.get("receiver") == Some(other.address());
    let (mut expected, mut transfers) = (blocks.next_height(), 0);
    while blocks.next_height() <= top {
        let block = blocks.next(Duration::from_secs(60)).unwrap().unwrap();
        assert_eq!(block.height, expected);
        expected += 1;
        transfers += block.transactions.iter().filter(|outcome| outcome.events.iter().any(received)).count();
    }
    assert!(transfers >= 6, "{transfers}");

    // contracts, where one has been built
    let Some(wasm) = std::env::var("IZ_CONTRACTS")
        .ok()
        .and_then(|folder| std::fs::read(format!("{folder}/nodes.wasm")).ok())
    else {
        eprintln!("no IZ_CONTRACTS with nodes.wasm: contracts are not tried");
        return;
    };
    let code = wallet.store_code(&wasm).unwrap();
    let me = wallet.address();
    let terms = json!({ "minimum_bond": "100", "units_per_bond": "1", "pool_share": 3000, "insurance_share": 500, "bonus": 1000,
        "cover": "1000", "acceptance_seconds": 3600, "merit_per_unit": "1", "observations": 1, "claim_epochs": 8 });
    let start = json!({ "admin": me, "asset": { "native": { "denom": "uiz" } }, "merit": null, "treasury": me,
        "epoch_seconds": 86400, "terms": terms });
    let contract = wallet.instantiate(code, "nodes", Some(me), &start, &[]).unwrap();
    let config: Value = chain.smart(&contract, &json!({ "config": {} })).unwrap();
    assert_eq!(config["admin"], json!(me));
    let done = wallet.execute(&contract, &json!({ "fund": {} }), &[coin(1000, "uiz")]).unwrap();
    assert!(done.events.iter().any(|event| event.get("_contract_address") == Some(&contract)));
    let ledger: Value = chain.smart(&contract, &json!({ "ledger": {} })).unwrap();
    assert_eq!(ledger["rewards"], json!("1000"));
    let wrong = wallet.execute(&contract, &json!({ "nonsense": {} }), &[]);
    assert!(matches!(&wrong, Err(ChainError::Query { log, .. }) if log.contains("nonsense")), "{wrong:?}");
    wallet.migrate(&contract, code, &json!({})).unwrap();
}
