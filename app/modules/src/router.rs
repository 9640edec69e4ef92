//! One message to its handler, as `baseapp/msg_service_router.go` does it: for transactions, and for messages inside messages.

use iz_core::{Context, Error, Event, Message, Result, errors::sdk};
use iz_proto::Any;

use crate::circuit;

/// Runs the message in `any`: its packed response and its own events. The events of the context stay as they were.
pub fn dispatch(context: &mut Context, any: &Any) -> Result<(Any, Vec<Event>)> {
    let chain = context.chain.clone();
    let Some(message) = chain.router.decode(any)? else {
        return Err(sdk::UNKNOWN_REQUEST.wrap(format!("unrecognized message route: {}", any.type_url)));
    };
    handle(context, &any.type_url, &*message)
}

/// [`dispatch`] for a message that is decoded already.
pub fn handle(context: &mut Context, type_url: &str, message: &dyn Message) -> Result<(Any, Vec<Event>)> {
    let earlier = context.take_events();
    let result = run(context, type_url, message);
    let events = context.take_events();
    context.prepend_events(earlier);
    result.map(|response| (response, events))
}

fn run(context: &mut Context, type_url: &str, message: &dyn Message) -> Result<Any> {
    let chain = context.chain.clone();
    message.validate_basic(&chain)?;
    if !circuit::is_allowed(context, type_url)? {
        return Err(Error::plain(format!("circuit breaker disables execution of this message: {type_url}")));
    }
    message.execute(context)
}
