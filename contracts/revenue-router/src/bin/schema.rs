//! Writes the JSON schema of the messages into the folder `schema` where it runs; scripts/contracts keeps it.

use cosmwasm_schema::write_api;
use iz_contract_types::revenue_router::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, SudoMsg};

fn main() {
    write_api! {
        name: "revenue-router",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
        sudo: SudoMsg,
    }
}
