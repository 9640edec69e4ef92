//! Writes the JSON schema of the messages: `cargo run -p iz-constitution --bin schema`, from anywhere in the workspace.

use cosmwasm_schema::generate_api;
use iz_contract_types::constitution::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/constitution");
    std::fs::create_dir_all(folder)?;
    let api = generate_api! {
        name: "constitution", instantiate: InstantiateMsg, execute: ExecuteMsg, query: QueryMsg, migrate: MigrateMsg
    };
    Ok(std::fs::write(format!("{folder}/constitution.json"), api.render().to_string()? + "\n")?)
}
