//! Looks at a chain and sends on it: `cargo run -p iz-chain-client --example chain -- RPC CHAIN-ID status|watch|query|send|store …`.

use std::time::Duration;

use iz_chain_client::{Account, Blocks, Chain, ChainError, Settings, Wallet, WalletSettings, coin};
use serde_json::Value;

const USAGE: &str = "usage: chain RPC[,RPC…] CHAIN-ID COMMAND
  status                           height and time of the last block
  watch                            blocks as they are made, with their events
  query CONTRACT JSON              a smart query
  new PREFIX                       a fresh mnemonic and its address
  send PREFIX TO AMOUNT PRICE      such as: send iz iz1… 1000uiz 0.025uiz; the mnemonic is in MNEMONIC
  store PREFIX FILE PRICE          stores a contract's code";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [rpc, id, rest @ ..] = words.as_slice() else { return Err(USAGE.into()) };
    let chain = Chain::new(Settings::new(id, &rpc.split(',').collect::<Vec<_>>()))?;
    match rest {
        ["status"] => println!("{:#?}", chain.status()?),
        ["watch"] => {
            let mut blocks = Blocks::from_now(&chain)?;
            loop {
                let Some(block) = blocks.next(Duration::from_secs(60))? else { continue };
                println!("{}: {} transactions", block.height, block.transactions.len());
                for event in block.all_events() {
                    println!("  {} {:?}", event.kind, event.attributes);
                }
            }
        }
        ["query", contract, json] => {
            let answer: Value = chain.smart(contract, &serde_json::from_str::<Value>(json)?)?;
            println!("{answer:#}");
        }
        ["new", prefix] => {
            let words = Account::new_mnemonic()?;
            println!("{}\n{}", *words, Account::from_mnemonic(&words, prefix)?.address());
        }
        ["send", prefix, to, amount, price] => {
            let digits = amount.find(|c: char| !c.is_ascii_digit()).ok_or(USAGE)?;
            let (number, denom) = amount.split_at(digits);
            let outcome = wallet(&chain, prefix, price)?.send(to, &[coin(number.parse()?, denom)])?;
            println!("{} at height {}, {} gas", outcome.hash, outcome.height, outcome.gas_used);
        }
        ["store", prefix, file, price] => {
            println!("code {}", wallet(&chain, prefix, price)?.store_code(&std::fs::read(file)?)?);
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}

fn wallet(chain: &Chain, prefix: &str, price: &str) -> Result<Wallet, ChainError> {
    let words = std::env::var("MNEMONIC").map_err(|_| ChainError::Mnemonic)?;
    Ok(Wallet::new(chain, Account::from_mnemonic(&words, prefix)?, WalletSettings::new(price.parse()?)))
}
