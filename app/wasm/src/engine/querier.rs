//! Questions of a contract to the chain.

use cosmwasm_vm::{BackendResult, Querier};
use cosmwasm_vm_std::{Binary, ContractResult, SystemError, SystemResult};
use iz_core::{Address, Context, Error, GasMeter, Mark, Result};

use super::{Shared, storage};
use crate::{
    gas,
    json::{self, JsonError},
    querier,
    types::QueryRequest,
};

pub struct ChainQuerier {
    pub context: Shared,
    pub contract: Address,
}

type Answer = SystemResult<ContractResult<Binary>>;

impl Querier for ChainQuerier {
    fn query_raw(&self, request: &[u8], gas_limit: u64) -> BackendResult<Answer> {
        storage::charged(&mut storage::lock(&self.context), |context| {
            match json::decode::<QueryRequest>(request) {
                Ok(query) => answer(context, &self.contract, &query, gas_limit),
                Err(JsonError::Panic) => Err(Error::panic(JsonError::Panic.to_string())),
                Err(error) => Ok(SystemResult::Err(SystemError::InvalidRequest {
                    error: error.to_string(),
                    request: request.into(),
                })),
            }
        })
    }
}

/// Answers on a branch of the state that is thrown away, with a meter of its own whose gas the caller pays.
fn answer(context: &mut Context, contract: &Address, query: &QueryRequest, gas_limit: u64) -> Result<Answer> {
    let outer = context.swap_gas(GasMeter::with_limit(gas_limit / gas::MULTIPLIER));
    let result = context.scratch(|context| querier::answer(context, contract, query));
    let used = context.swap_gas(outer).consumed();
    context.consume_gas(used, "contract sub-query")?;
    match result {
        Ok(bytes) => Ok(SystemResult::Ok(ContractResult::Ok(bytes.into()))),
        Err(querier::Refusal::System(error)) => Ok(SystemResult::Err(error)),
        Err(querier::Refusal::Error(error)) if error.is_fatal() => Err(error),
        Err(querier::Refusal::Error(error)) => Ok(told(&error)),
    }
}

/// What a contract learns of an error.
fn told(error: &Error) -> Answer {
    match error.mark() {
        Some(Mark::NoSuchContract(addr)) => {
            SystemResult::Err(SystemError::NoSuchContract { addr: addr.clone() })
        }
        Some(Mark::NoSuchCode(code_id)) => SystemResult::Err(SystemError::NoSuchCode { code_id: *code_id }),
        _ => SystemResult::Ok(ContractResult::Err(crate::dispatch::redacted(error))),
    }
}
