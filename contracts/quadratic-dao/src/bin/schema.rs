//! Writes the JSON schema of the messages: `cargo run -p iz-quadratic-dao --bin schema`, from anywhere in the workspace.

use cosmwasm_schema::generate_api;
use iz_contract_types::quadratic_dao::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/quadratic-dao");
    std::fs::create_dir_all(folder)?;
    let api = generate_api! {
        name: "quadratic-dao", instantiate: InstantiateMsg, execute: ExecuteMsg, query: QueryMsg, migrate: MigrateMsg
    };
    Ok(std::fs::write(format!("{folder}/quadratic-dao.json"), api.render().to_string()? + "\n")?)
}
