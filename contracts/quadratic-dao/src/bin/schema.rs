//! Writes the JSON schema of the messages: `cargo run -p iz-quadratic-dao --bin schema`, from anywhere in the workspace.

use cosmwasm_schema::write_api;
use iz_contract_types::quadratic_dao::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/quadratic-dao");
    std::fs::create_dir_all(folder)?;
    std::env::set_current_dir(folder)?;
    write_api! { name: "quadratic-dao", instantiate: InstantiateMsg, execute: ExecuteMsg, query: QueryMsg, migrate: MigrateMsg }
    Ok(())
}
