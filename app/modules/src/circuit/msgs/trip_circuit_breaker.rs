//! Messages are switched off.

use iz_core::{Context, Error, Event, Execute, Result, Signer};
use iz_proto::cosmos::circuit::v1::{MsgTripCircuitBreaker, MsgTripCircuitBreakerResponse};

use crate::{
    Here,
    circuit::keeper::{self, Switcher},
};

impl Execute<Here> for MsgTripCircuitBreaker {
    type Response = MsgTripCircuitBreakerResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgTripCircuitBreakerResponse> {
        let switcher = Switcher::load(context, &self.authority)?;
        for type_url in &self.msg_type_urls {
            if !keeper::is_allowed(context, type_url)? {
                return Err(Error::plain(format!("message {type_url} is already disabled")));
            }
            switcher.require("trip", type_url)?;
            keeper::disable(context, type_url)?;
        }
        let event = Event::new("trip_circuit_breaker")
            .with("authority", self.authority.clone())
            .with("msg_url", self.msg_type_urls.join(","));
        context.emit(event);
        Ok(MsgTripCircuitBreakerResponse { success: true })
    }
}
