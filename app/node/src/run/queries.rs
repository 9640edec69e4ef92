//! The application as the API servers ask it.

use std::sync::Arc;

use bytes::Bytes;
use iz_abci::Application;
use iz_api::{Head, QueryError, QueryReply, QueryService, SimulationError};
use iz_core::{Error, GrpcCode, errors::sdk};
use iz_proto::{
    Timestamp,
    cosmos::base::abci::v1beta1::SimulationResponse,
    tendermint::abci::{RequestQuery, ResponseQuery},
};
use iz_tx::CheckedTx;

pub struct Queries(pub Arc<Application>);

impl QueryService for Queries {
    fn has(&self, path: &str) -> bool {
        self.0.chain().router.has_query(path)
    }

    fn query(&self, path: &str, data: &[u8], height: i64) -> Result<QueryReply, QueryError> {
        let answer = self.0.query_module(path, data, height, false);
        let answer = answer
            .unwrap_or_else(|| Err(Error::status(GrpcCode::Unimplemented, format!("unknown method {path}"))));
        let (data, height) = answer.map_err(|error| self.status(&error))?;
        Ok(QueryReply { data, height })
    }

    fn head(&self, height: i64) -> Result<Head, QueryError> {
        let context = self.0.query_context(height, false).map_err(|error| self.status(&error))?;
        let block = &context.block;
        let time = Timestamp { seconds: block.time.seconds, nanos: block.time.nanos };
        Ok(Head {
            height: block.height,
            time,
            app_hash: block.app_hash.clone(),
            next_validators_hash: block.next_validators_hash.clone(),
        })
    }

    fn abci_query(&self, request: &RequestQuery) -> ResponseQuery {
        self.0.query(request)
    }

    fn simulate(&self, transaction: &Bytes) -> Result<SimulationResponse, SimulationError> {
        self.0.simulation(transaction).map_err(|(error, gas)| SimulationError {
            message: error.log().to_owned(),
            gas_used: gas.gas_used,
        })
    }

    fn decode(&self, transaction: &Bytes) -> Result<(), QueryError> {
        CheckedTx::decode(transaction, self.0.chain()).map(drop).map_err(|error| self.status(&error))
    }
}

impl Queries {
    /// How Go's gRPC server shows an error: a registered one by codespace and code, with what was wrapped around it behind.
    fn status(&self, error: &Error) -> QueryError {
        if let Some(location) = error.out_of_gas_location() {
            let limit = self.0.settings().query_gas_limit;
            let text = format!("Query gas limit exceeded: {limit}, out of gas in location: {location}");
            return self.status(&sdk::OUT_OF_GAS.wrap(text));
        }
        if error.is_panic() {
            return QueryError::new(number(GrpcCode::Internal), error.log());
        }
        if error.codespace() == sdk::UNDEFINED {
            return QueryError::new(number(error.grpc_code()), error.description());
        }
        let log = error.log();
        let text = match log.rsplit_once(": ") {
            Some((around, root)) => format!("{root}: {around}"),
            None => log.to_owned(),
        };
        let text = format!("codespace {} code {}: {text}", error.codespace(), error.code());
        QueryError::new(number(error.grpc_code()), text)
    }
}

fn number(code: GrpcCode) -> u32 {
    // the codes are small and positive
    u32::try_from(code as i32).unwrap_or(2)
}
