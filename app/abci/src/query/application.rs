//! `/app/version` and `/app/simulate`.

use iz_core::errors::sdk;
use iz_proto::{
    cosmos::base::abci::v1beta1::{GasInfo, Result as TxResult, SimulationResponse},
    json,
};
use tendermint_proto::v0_38::abci::{RequestQuery, ResponseQuery};

use crate::{
    application::Application,
    convert::{self, query_error},
};

impl Application {
    pub(super) fn query_application(&self, path: &[&str], request: &RequestQuery) -> ResponseQuery {
        let answer = |value: Vec<u8>| ResponseQuery {
            codespace: sdk::CODESPACE.to_owned(),
            height: request.height,
            value: value.into(),
            ..ResponseQuery::default()
        };
        match path {
            [_, "simulate", ..] => match self.simulation(&request.data) {
                Ok(response) => match json::to_string(&response) {
                    Ok(text) => answer(text.into_bytes()),
                    Err(error) => query_error(
                        &iz_core::Error::plain(error.to_string())
                            .wrap("failed to JSON encode simulation response"),
                    ),
                },
                Err((error, _)) => query_error(&error.wrap("failed to simulate tx")),
            },
            [_, "version", ..] => answer(self.settings().version.clone().into_bytes()),
            [_, _, ..] => {
                query_error(&sdk::UNKNOWN_REQUEST.wrap(format!("unknown query: [{}]", path.join(" "))))
            }
            _ => {
                query_error(&sdk::UNKNOWN_REQUEST.wrap(
                    "expected second parameter to be either 'simulate' or 'version', neither was present",
                ))
            }
        }
    }

    #[allow(deprecated, reason = "old clients still read `data`")]
    /// What a transaction would cost and do; if it fails, why, and the gas it had used by then.
    pub fn simulation(&self, bytes: &bytes::Bytes) -> Result<SimulationResponse, (iz_core::Error, GasInfo)> {
        let outcome = self.simulate(bytes);
        let gas = GasInfo { gas_wanted: outcome.gas_wanted, gas_used: outcome.gas_used };
        let success = outcome.result.map_err(|error| (error, gas))?;
        let events = convert::events(success.events, &convert::IndexEvents::Nothing);
        Ok(SimulationResponse {
            gas_info: Some(gas),
            result: Some(TxResult {
                data: success.data,
                events,
                msg_responses: success.responses,
                ..TxResult::default()
            }),
        })
    }
}
