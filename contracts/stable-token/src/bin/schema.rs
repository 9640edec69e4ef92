//! Writes the JSON schema of the messages: `cargo run -p iz-stable-token --bin schema`, from anywhere in the workspace.

use cosmwasm_schema::generate_api;
use iz_contract_types::stable_token::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/stable-token");
    std::fs::create_dir_all(folder)?;
    let api = generate_api! {
        name: "stable-token", instantiate: InstantiateMsg, execute: ExecuteMsg, query: QueryMsg, migrate: MigrateMsg
    };
    Ok(std::fs::write(format!("{folder}/stable-token.json"), api.render().to_string()? + "\n")?)
}
