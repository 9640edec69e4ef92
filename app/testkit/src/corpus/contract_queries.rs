//! Queries about contracts, and questions to them.

use serde_json::{Value, json};

use super::kinds;
use super::world::World;
use crate::dice::Dice;
use crate::transaction::base64_of;

/// A page as wasmd takes it, which refuses offsets and counts.
fn page(dice: &mut Dice) -> Value {
    match dice.below(8) {
        0 => json!({ "limit": "2", "offset": "1" }),
        1 => json!({ "limit": "2", "count_total": true }),
        2..5 => json!({ "limit": dice.between(1, 5).to_string() }),
        5 => json!({ "limit": dice.between(90, 300).to_string() }),
        6 => json!({ "limit": dice.between(1, 4).to_string(), "reverse": true }),
        _ => Value::Null,
    }
}

/// Any of the fourteen.
pub fn any(dice: &mut Dice, world: &World) -> Option<(&'static str, Value)> {
    let contracts = &world.contracts;
    let instance = contracts.instance(dice)?;
    let code = contracts.code(dice)?;
    let address = if dice.one_in(15) { world.recipient(dice) } else { instance.address.clone() };
    let id = if dice.one_in(12) { dice.below(3) * 4711 } else { code.id }.to_string();
    let page = page(dice);
    let question = match dice.below(12) {
        0 => base64_of([b"", &b"{"[..], b"null", b"[1]", b"{} "][dice.below(5) as usize]),
        1 => base64_of(b"{\"nothing\":{}}"),
        _ => base64_of(kinds::contract_query(dice, world, instance).to_string().as_bytes()),
    };
    let key: &[u8] =
        [&b"config"[..], b"contract_info", b"token_info", b"", b"nothing"][dice.below(5) as usize];
    let checksum = contracts.files.get(code.file).map(|f| f.checksum.clone()).unwrap_or_default();
    let salt = hex::encode([[0], [1], [2], [255]][dice.below(4) as usize]);
    let creator = world.address(world.operators.len() + dice.between(1, 3) as usize).to_owned();
    let all = [
        ("/cosmwasm.wasm.v1.Query/ContractInfo", json!({ "address": address })),
        ("/cosmwasm.wasm.v1.Query/ContractHistory", json!({ "address": address, "pagination": page })),
        ("/cosmwasm.wasm.v1.Query/ContractsByCode", json!({ "code_id": id, "pagination": page })),
        ("/cosmwasm.wasm.v1.Query/AllContractState", json!({ "address": address, "pagination": page })),
        (
            "/cosmwasm.wasm.v1.Query/RawContractState",
            json!({ "address": address, "query_data": base64_of(key) }),
        ),
        ("/cosmwasm.wasm.v1.Query/SmartContractState", json!({ "address": address, "query_data": question })),
        ("/cosmwasm.wasm.v1.Query/SmartContractState", json!({ "address": address, "query_data": question })),
        ("/cosmwasm.wasm.v1.Query/SmartContractState", json!({ "address": address, "query_data": question })),
        ("/cosmwasm.wasm.v1.Query/Code", json!({ "code_id": id })),
        ("/cosmwasm.wasm.v1.Query/Codes", json!({ "pagination": page })),
        ("/cosmwasm.wasm.v1.Query/CodeInfo", json!({ "code_id": id })),
        ("/cosmwasm.wasm.v1.Query/PinnedCodes", json!({ "pagination": page })),
        ("/cosmwasm.wasm.v1.Query/Params", json!({})),
        (
            "/cosmwasm.wasm.v1.Query/ContractsByCreator",
            json!({ "creator_address": creator, "pagination": page }),
        ),
        ("/cosmwasm.wasm.v1.Query/WasmLimitsConfig", json!({})),
        (
            "/cosmwasm.wasm.v1.Query/BuildAddress",
            json!({
                "code_hash": if dice.one_in(8) { "no hash".to_owned() } else { checksum }, "creator_address": creator,
                "salt": if dice.one_in(8) { "xyz".to_owned() } else { salt }, "init_args": if dice.one_in(2) { "" } else { "7b7d" },
            }),
        ),
    ];
    dice.pick(&all).cloned()
}
