//! Messages that switch other messages off and on.

mod authorize_circuit_breaker;
mod reset_circuit_breaker;
mod trip_circuit_breaker;
