//! Messages that were switched off run again.

use iz_core::{Context, Error, Event, Execute, Result, Signer};
use iz_proto::cosmos::circuit::v1::{MsgResetCircuitBreaker, MsgResetCircuitBreakerResponse};

use crate::{
    Here,
    circuit::keeper::{self, Switcher},
};

impl Execute<Here> for MsgResetCircuitBreaker {
    type Response = MsgResetCircuitBreakerResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgResetCircuitBreakerResponse> {
        let switcher = Switcher::load(context, &self.authority)?;
        for type_url in &self.msg_type_urls {
            if keeper::is_allowed(context, type_url)? {
                return Err(Error::plain(format!("message {type_url} is not disabled")));
            }
            switcher.require("reset", type_url)?;
            keeper::enable(context, type_url)?;
        }
        let event = Event::new("reset_circuit_breaker")
            .with("authority", self.authority.clone())
            .with("msg_url", self.msg_type_urls.join(","));
        context.emit(event);
        Ok(MsgResetCircuitBreakerResponse { success: true })
    }
}

#[cfg(test)]
mod tests {
    use iz_core::Address;
    use iz_proto::{
        Any,
        cosmos::circuit::v1::{MsgTripCircuitBreaker, Permissions, permissions::Level},
    };
    use prost::{Message, Name};

    use super::*;
    use crate::{router, testing};

    fn any<M: Message + Name>(message: &M) -> Any {
        Any { type_url: M::type_url(), value: message.encode_to_vec() }
    }

    #[test]
    fn what_is_off_does_not_run_until_it_is_on_again() {
        let mut context = testing::context();
        let gov = context.addresses().account(&Address::module("gov"));
        let off = vec!["/cosmos.bank.v1beta1.MsgSend".to_owned()];
        let trip = any(&MsgTripCircuitBreaker { authority: gov.clone(), msg_type_urls: off.clone() });
        router::dispatch(&mut context, &trip).unwrap();
        let send = Any { type_url: off[0].clone(), value: Vec::new() };
        let error = router::dispatch(&mut context, &send).unwrap_err();
        assert_eq!(
            error.log(),
            "circuit breaker disables execution of this message: /cosmos.bank.v1beta1.MsgSend"
        );
        assert!(router::dispatch(&mut context, &trip).unwrap_err().log().ends_with("is already disabled"));
        let reset = any(&MsgResetCircuitBreaker { authority: gov, msg_type_urls: off });
        router::dispatch(&mut context, &reset).unwrap();
        assert_eq!(router::dispatch(&mut context, &send).unwrap_err().code(), 7);
    }

    #[test]
    fn only_those_allowed_may_switch() {
        let mut context = testing::context();
        let somebody = testing::account(1);
        let authority = context.addresses().account(&somebody);
        let trip = |url: &str| {
            any(&MsgTripCircuitBreaker { authority: authority.clone(), msg_type_urls: vec![url.to_owned()] })
        };
        assert_eq!(router::dispatch(&mut context, &trip("/a.B")).unwrap_err().code(), 4);
        let some = Permissions { level: Level::SomeMsgs.into(), limit_type_urls: vec!["/a.B".into()] };
        keeper::set_permissions(&mut context, &somebody, &some).unwrap();
        router::dispatch(&mut context, &trip("/a.B")).unwrap();
        assert_eq!(router::dispatch(&mut context, &trip("/a.C")).unwrap_err().code(), 4);
    }
}
