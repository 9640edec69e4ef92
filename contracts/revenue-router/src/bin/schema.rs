//! Writes the JSON schema of the messages: `cargo run -p iz-revenue-router --bin schema`, from anywhere in the workspace.

use cosmwasm_schema::generate_api;
use iz_contract_types::revenue_router::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, SudoMsg};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/revenue-router");
    std::fs::create_dir_all(folder)?;
    let api = generate_api! {
        name: "revenue-router", instantiate: InstantiateMsg, execute: ExecuteMsg, query: QueryMsg, migrate: MigrateMsg, sudo: SudoMsg
    };
    Ok(std::fs::write(format!("{folder}/revenue-router.json"), api.render().to_string()? + "\n")?)
}
