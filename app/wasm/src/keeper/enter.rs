//! What every call into a contract has in common: the price of an instance, the machine's gas, and the answer.

use iz_core::{Address, Context, Error, Registered, Result, stores};
use iz_proto::cosmwasm::wasm::v1::CodeInfo;

use super::engine;
use crate::{
    engine::{Call, Entry},
    errors, gas,
    json::{self, Decode, JsonError},
    keys,
    types::{ContractResult, Response},
};

/// The longest payload that a contract may leave for a reply.
const MAX_PAYLOAD: usize = 128 * 1024;

/// Charges for an instance: less if the code is in memory, because it is pinned or because this transaction ran it before.
pub(super) fn charge_set_up(
    context: &mut Context,
    code_id: u64,
    checksum: &[u8],
    location: &'static str,
) -> Result<()> {
    let pinned = context.has(stores::WASM, &keys::pinned(code_id))?;
    let in_memory = pinned || was_loaded(context, checksum);
    context.consume_gas(if in_memory { gas::INSTANCE_IN_MEMORY } else { gas::INSTANCE }, location)
}

/// Whether this transaction ran the code before; from now on it did.
fn was_loaded(context: &mut Context, checksum: &[u8]) -> bool {
    let (Some(loaded), Ok(checksum)) = (&mut context.calls.loaded, <[u8; 32]>::try_from(checksum)) else {
        return false;
    };
    !loaded.insert(checksum)
}

/// Runs the contract and reads its answer.
pub(super) fn enter<T: Answer>(
    context: &mut Context,
    contract: &Address,
    code: &CodeInfo,
    entry: Entry<'_>,
) -> Result<T> {
    let gas_limit = gas::left_for_vm(context)?;
    let chain = context.chain.clone();
    let engine = chain.services.get::<crate::Engine>();
    let engine = engine.ok_or_else(|| Error::panic("this node has no machine for contracts"))?;
    let call = Call { checksum: &code.code_hash, contract, entry, gas_limit };
    let (answer, mut used) = engine.call(context, &call);
    let answer = answer.and_then(|bytes| {
        let price = gas::ANSWER_PER_BYTE.saturating_mul(bytes.len() as u64);
        if gas_limit < price.saturating_add(used) {
            return Err(format!(
                "insufficient gas left to deserialize contract execution result ({} bytes)",
                bytes.len()
            ));
        }
        used += price;
        Ok(bytes)
    });
    let answer = match answer.map(|bytes| json::decode::<T>(&bytes)) {
        Ok(Ok(answer)) => answer.check().map(|()| answer),
        Ok(Err(JsonError::Panic)) => return Err(Error::panic(JsonError::Panic.to_string())),
        Ok(Err(error)) => Err(error.to_string()),
        Err(error) => Err(error),
    };
    gas::charge_vm(context, used)?;
    answer.map_err(|error| errors::VM_ERROR.wrap(error))
}

/// An answer of a contract.
pub(super) trait Answer: Decode {
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

impl Answer for crate::types::QueryResult {}

impl Answer for ContractResult {
    fn check(&self) -> Result<(), String> {
        let messages = self.ok.iter().flat_map(|response| &response.messages);
        for (index, message) in messages.enumerate() {
            let length = message.payload.bytes().len();
            if length > MAX_PAYLOAD {
                return Err(format!(
                    "reply contains submessage at index {index} with payload larger than {MAX_PAYLOAD} bytes: {length} bytes"
                ));
            }
        }
        Ok(())
    }
}

impl ContractResult {
    /// The response, or the contract's own error, which other contracts may be told. A contract may say neither how it went well nor how it
    /// went wrong.
    pub(super) fn accept(self, failed: &'static Registered) -> Result<Option<Response>> {
        if !self.error.is_empty() {
            return Err(failed.wrap(self.error).marked(iz_core::Mark::Deterministic));
        }
        Ok(self.ok)
    }
}

/// What the contract answered, where Go looks into it without asking whether it is there.
pub(super) fn required(answer: Option<Response>) -> Result<Response> {
    answer.ok_or_else(|| Error::panic(JsonError::Panic.to_string()))
}

/// What is known of a code, or the machine's error.
pub(super) fn analyze(
    context: &Context,
    code: &CodeInfo,
) -> Result<std::sync::Arc<cosmwasm_vm::AnalysisReport>> {
    engine(context)?.analyze(&code.code_hash).map_err(|error| errors::VM_ERROR.wrap(error))
}
