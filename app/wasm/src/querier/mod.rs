//! What the chain answers to contracts (`x/wasm/keeper/query_plugins.go`).

mod bank;
mod distribution;
mod ibc;
mod staking;
mod wasm;

use cosmwasm_vm_std::SystemError;
use iz_core::{Address, Context, Error, GrpcCode};
use prost::Message;

use crate::types::QueryRequest;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// What contracts are told as it is.
    System(SystemError),
    /// Of which they learn codespace and code.
    Error(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

type Answer = Result<Vec<u8>, Refusal>;

fn unsupported(kind: &str) -> Refusal {
    Refusal::System(SystemError::UnsupportedRequest { kind: kind.to_owned() })
}

/// Of the variants that are set, the first in this order counts.
pub(crate) fn answer(context: &mut Context, contract: &Address, request: &QueryRequest) -> Answer {
    match request {
        QueryRequest { bank: Some(query), .. } => bank::answer(context, query),
        QueryRequest { custom, .. } if custom.0 => Err(unsupported("custom")),
        QueryRequest { ibc: Some(query), .. } => ibc::answer(context, contract, query),
        QueryRequest { staking: Some(query), .. } => staking::answer(context, query),
        QueryRequest { stargate: Some(_), .. } => {
            Err(unsupported("Stargate queries are disabled on this chain"))
        }
        QueryRequest { grpc: Some(_), .. } => Err(unsupported("gRPC queries are disabled on this chain")),
        QueryRequest { wasm: Some(query), .. } => wasm::answer(context, query),
        QueryRequest { distribution: Some(query), .. } => distribution::answer(context, query),
        _ => Err(Refusal::System(SystemError::Unknown {})),
    }
}

/// Asks a module's own query.
fn module_query<Q: Message, A: Message + Default>(
    context: &mut Context,
    path: &str,
    request: &Q,
) -> Result<A, Error> {
    let chain = context.chain.clone();
    let answer = chain.router.query(context, path, &request.encode_to_vec());
    let answer = answer.unwrap_or_else(|| Err(Error::status(GrpcCode::Unimplemented, path)))?;
    A::decode(&answer[..]).map_err(|error| Error::plain(error.to_string()))
}
