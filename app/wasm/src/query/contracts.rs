//! Queries about contracts, their state, and to themselves.

use iz_core::{Address, Context, Error, GasMeter, Limit, QueryRoute, Result, errors::sdk, stores};
use iz_modules::pagination;
use iz_proto::{
    cosmos::base::query::v1beta1::{PageRequest, PageResponse},
    cosmwasm::wasm::v1::{
        ContractCodeHistoryEntry, Model, QueryAllContractStateRequest, QueryAllContractStateResponse,
        QueryContractHistoryRequest, QueryContractHistoryResponse, QueryContractInfoRequest,
        QueryContractInfoResponse, QueryContractsByCodeRequest, QueryContractsByCodeResponse,
        QueryContractsByCreatorRequest, QueryContractsByCreatorResponse, QueryRawContractStateRequest,
        QueryRawContractStateResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
    },
};
use prost::Message;

use super::{invalid_argument, page};
use crate::{errors, json, keeper, keys};

/// What stands before the address in the indices: height and place in the block.
const POSITION: usize = 16;

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmwasm.wasm.v1.Query/ContractInfo", contract_info),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/ContractHistory", contract_history),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/ContractsByCode", contracts_by_code),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/ContractsByCreator", contracts_by_creator),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/AllContractState", all_contract_state),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/RawContractState", raw_contract_state),
        QueryRoute::new("/cosmwasm.wasm.v1.Query/SmartContractState", smart_contract_state),
    ]
}

fn contract_info(
    context: &mut Context,
    request: QueryContractInfoRequest,
) -> Result<QueryContractInfoResponse> {
    let contract = context.addresses().parse_account(&request.address)?;
    let address = context.addresses().account(&contract);
    let info =
        keeper::contract_info(context, &contract)?.ok_or_else(|| errors::no_such_contract(&address))?;
    Ok(QueryContractInfoResponse { address, contract_info: Some(info) })
}

fn contract_history(
    context: &mut Context,
    request: QueryContractHistoryRequest,
) -> Result<QueryContractHistoryResponse> {
    let contract = context.addresses().parse_account(&request.address)?;
    let page = page(request.pagination)?;
    let mut entries = Vec::new();
    let pagination = pagination::filtered(
        context,
        stores::WASM,
        &keys::histories(&contract),
        Some(&page),
        |_, _, value, keep| {
            if keep {
                let entry = ContractCodeHistoryEntry::decode(value);
                entries.push(entry.map_err(|error| Error::plain(error.to_string()))?);
            }
            Ok(true)
        },
    )?;
    Ok(QueryContractHistoryResponse { entries, pagination: Some(pagination) })
}

/// The contracts of an index.
fn indexed(context: &mut Context, prefix: &[u8], page: &PageRequest) -> Result<(Vec<String>, PageResponse)> {
    let mut contracts = Vec::new();
    let pagination =
        pagination::filtered(context, stores::WASM, prefix, Some(page), |context, key, _, keep| {
            if keep {
                let address = key.get(POSITION..);
                let address = address.ok_or_else(|| Error::panic("wasm: a key in the store is damaged"))?;
                contracts.push(context.addresses().account(&Address::new(address)));
            }
            Ok(true)
        })?;
    Ok((contracts, pagination))
}

fn contracts_by_code(
    context: &mut Context,
    request: QueryContractsByCodeRequest,
) -> Result<QueryContractsByCodeResponse> {
    if request.code_id == 0 {
        return Err(errors::INVALID.wrap("code id"));
    }
    let page = page(request.pagination)?;
    let (contracts, pagination) = indexed(context, &keys::contracts_of_code(request.code_id), &page)?;
    Ok(QueryContractsByCodeResponse { contracts, pagination: Some(pagination) })
}

fn contracts_by_creator(
    context: &mut Context,
    request: QueryContractsByCreatorRequest,
) -> Result<QueryContractsByCreatorResponse> {
    let page = page(request.pagination)?;
    let creator = context.addresses().parse_account(&request.creator_address)?;
    let (contract_addresses, pagination) = indexed(context, &keys::contracts_of_creator(&creator), &page)?;
    Ok(QueryContractsByCreatorResponse { contract_addresses, pagination: Some(pagination) })
}

fn require(context: &mut Context, contract: &Address) -> Result<()> {
    if keeper::has_contract_info(context, contract)? {
        return Ok(());
    }
    Err(errors::no_such_contract(&context.addresses().account(contract)))
}

fn all_contract_state(
    context: &mut Context,
    request: QueryAllContractStateRequest,
) -> Result<QueryAllContractStateResponse> {
    let contract = context.addresses().parse_account(&request.address)?;
    let page = page(request.pagination)?;
    require(context, &contract)?;
    let mut models = Vec::new();
    let pagination = pagination::filtered(
        context,
        stores::WASM,
        &keys::state(&contract),
        Some(&page),
        |_, key, value, keep| {
            if keep {
                models.push(Model { key: key.to_vec(), value: value.to_vec() });
            }
            Ok(true)
        },
    )?;
    Ok(QueryAllContractStateResponse { models, pagination: Some(pagination) })
}

fn raw_contract_state(
    context: &mut Context,
    request: QueryRawContractStateRequest,
) -> Result<QueryRawContractStateResponse> {
    let contract = context.addresses().parse_account(&request.address)?;
    require(context, &contract)?;
    // a question without a key has no answer
    let data = match request.query_data.as_slice() {
        [] => None,
        key => keeper::query_raw(context, &contract, key)?,
    };
    Ok(QueryRawContractStateResponse { data: data.map(|data| data.to_vec()).unwrap_or_default() })
}

/// The contract's own answer, within the gas that the node spends on one.
fn smart_contract_state(
    context: &mut Context,
    request: QuerySmartContractStateRequest,
) -> Result<QuerySmartContractStateResponse> {
    if !json::is_valid(&request.query_data) {
        return Err(invalid_argument("invalid query data"));
    }
    let contract = context.addresses().parse_account(&request.address)?;
    let most = keeper::engine(context)?.settings().query_gas_limit;
    let limit = match context.gas().limit() {
        Limit::Infinite => most,
        Limit::At(_) => context.gas().remaining().min(most),
    };
    let outer = context.swap_gas(GasMeter::with_limit(limit));
    let answer = keeper::query_smart(context, &contract, &request.query_data);
    let used = context.swap_gas(outer).consumed();
    match answer {
        Ok(Some(data)) => Ok(QuerySmartContractStateResponse { data }),
        // Go takes the answer that is not there for a contract that is not
        Ok(None) => Err(errors::no_such_contract(&context.addresses().account(&contract))),
        Err(error) => Err(match error.out_of_gas_location() {
            Some(location) => sdk::OUT_OF_GAS
                .wrap(format!("out of gas in location: {location}; gasWanted: {limit}, gasUsed: {used}")),
            None if error.is_panic() => (&sdk::PANIC).into(),
            None => error,
        }),
    }
}
