//! Simulation: what a transaction would cost and do.

use std::sync::Arc;

use bytes::Bytes;
use iz_proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use prost::Message;

use crate::backend::{Backend, blocking};
use crate::query_service::QueryError;

#[allow(deprecated, reason = "clients still send the transaction in the old field")]
pub(super) async fn simulate(
    backend: &Arc<Backend>,
    request: SimulateRequest,
    data: &[u8],
) -> Result<Vec<u8>, QueryError> {
    let transaction = match (request.tx_bytes.is_empty(), request.tx.is_some()) {
        (false, _) => request.tx_bytes,
        // The message as it came, not as it would be written anew: its signatures are over these bytes.
        (true, true) => super::coding::field(data, 1),
        (true, false) => return Err(QueryError::invalid("empty txBytes is not allowed")),
    };
    let backend = backend.clone();
    let transaction = Bytes::from(transaction);
    let simulated = blocking(move || backend.app.simulate(&transaction)).await?.map_err(|error| {
        QueryError::unknown(format!("{} with gas used: '{}'", error.message, error.gas_used))
    })?;
    Ok(SimulateResponse { gas_info: simulated.gas_info, result: simulated.result }.encode_to_vec())
}
