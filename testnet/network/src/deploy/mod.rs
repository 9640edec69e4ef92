//! The ten contracts of the commons on a chain: stored one by one, then instantiated, wired and handed to the constitution in one
//! transaction, so that there are all or none; then the money they begin with.

mod founding;
mod furnish;
mod table;
mod terms;
mod writer;

pub use furnish::report_prices;
pub use terms::{CONTRIBUTORS, DAY, DOLLAR, IZ, SERIES};

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cosmwasm_std::HexBinary;
use iz_chain_client::ChainError;
use iz_contract_types::constitution::{GovernorResponse, QueryMsg};
use iz_proto::cosmwasm::wasm::v1::{QueryBuildAddressRequest, QueryBuildAddressResponse};
use sha2::{Digest as _, Sha256};

use crate::beacon;
use crate::client::Client;
use crate::files::{Code, Folder, Network};

/// Every contract, by the name of its folder under `contracts/`.
pub const CONTRACTS: [&str; 10] = [
    "constitution",
    "merit",
    "quadratic-dao",
    "index-oracle",
    "stable-token",
    "ainft",
    "nodes",
    "revenue-router",
    "rounds",
    "access",
];

/// Brings the contracts onto the chain as far as they are not there yet. `files` holds what scripts/contracts built.
pub fn deploy(folder: &Folder, network: &mut Network, files: &Path, say: &mut dyn FnMut(&str)) -> Result<()> {
    if network.complete {
        return Ok(());
    }
    let mut client = Client::new(network)?;
    // before anything is stored, so that a missing file costs no time
    let wasm = CONTRACTS.iter().map(|name| read(files, name)).collect::<Result<Vec<_>>>()?;
    for (name, wasm) in CONTRACTS.iter().zip(&wasm) {
        let checksum = hex::encode(Sha256::digest(wasm));
        if network.codes.get(*name).is_some_and(|code| code.checksum == checksum) {
            continue;
        }
        say(&format!("storing {name} ({} KiB)", wasm.len() / 1024));
        let id = client.wallet("founder")?.store_code(wasm).with_context(|| format!("storing {name}"))?;
        network.codes.insert((*name).to_owned(), Code { id, checksum });
        folder.write(network)?;
    }
    let founder = network.account("founder")?.address.clone();
    let contracts = addresses(&client, network, &founder)?;
    if !founded(&client, &contracts)? {
        say("founding: ten contracts, wired and under the constitution, in one transaction");
        let now = client.block_time()?;
        let secret = beacon::Secret::open(&folder.beacon())?;
        let plan = founding::plan(network, &contracts, &founder, (secret.public_key()?, now))?;
        client.submit("founder", &plan).context("founding the commons")?;
    }
    network.contracts = contracts;
    folder.write(network)?;
    say("reporting prices; filling treasury, junior backstop and the nodes' funds");
    let mut client = Client::new(network)?;
    furnish::furnish(&mut client, network)?;
    network.complete = true;
    folder.write(network)
}

fn read(files: &Path, name: &str) -> Result<Vec<u8>> {
    let file = files.join(format!("{name}.wasm"));
    fs::read(&file).with_context(|| format!("{} is missing: scripts/contracts builds it", file.display()))
}

/// Where the contracts will be: addresses follow from code, founder and name, so that all can know each other from the start.
fn addresses(client: &Client, network: &Network, founder: &str) -> Result<BTreeMap<String, String>> {
    CONTRACTS
        .iter()
        .map(|name| {
            let code = network.codes.get(*name).with_context(|| format!("{name} is not stored"))?;
            let question = QueryBuildAddressRequest {
                code_hash: code.checksum.clone(),
                creator_address: founder.to_owned(),
                salt: hex::encode(name),
                init_args: vec![],
            };
            let path = "/cosmwasm.wasm.v1.Query/BuildAddress";
            let answer: QueryBuildAddressResponse = client.chain.query(path, &question)?;
            Ok(((*name).to_owned(), answer.address))
        })
        .collect()
}

/// Whether the founding transaction is in a block already.
fn founded(client: &Client, contracts: &BTreeMap<String, String>) -> Result<bool> {
    let constitution = contracts.get("constitution").context("no constitution")?;
    match client.chain.smart::<GovernorResponse>(constitution, &QueryMsg::Governor {}) {
        Ok(answer) if answer.governor.is_some() => Ok(true),
        Ok(_) => bail!("there is a constitution that was never bound: give --fresh to begin anew"),
        // no such contract
        Err(ChainError::Query { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// SHA-256, as the contracts take digests.
fn digest(bytes: &[u8]) -> HexBinary {
    HexBinary::from(Sha256::digest(bytes).as_slice())
}
