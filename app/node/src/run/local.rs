//! The API's own services (simulation, transactions, blocks, the node) for those who ask over ABCI: wallets simulate that way.

use iz_api::LocalServices;
use iz_core::{Error, GrpcCode};
use tokio::runtime::Handle;

pub struct OverAbci {
    pub services: LocalServices,
    pub runtime: Handle,
}

impl iz_abci::LocalServices for OverAbci {
    fn has(&self, path: &str) -> bool {
        self.services.has(path)
    }

    fn query(&self, path: &str, data: &[u8], height: i64) -> Result<Vec<u8>, Error> {
        // ABCI connections have threads of their own, so waiting here holds up no other work
        let answer = self.runtime.block_on(self.services.call(path, data, height));
        answer.map_err(|error| match error.code {
            3 => Error::status(GrpcCode::InvalidArgument, error.message),
            5 => Error::status(GrpcCode::NotFound, error.message),
            12 => Error::status(GrpcCode::Unimplemented, error.message),
            13 => Error::status(GrpcCode::Internal, error.message),
            _ => Error::status(GrpcCode::Unknown, error.message),
        })
    }
}
