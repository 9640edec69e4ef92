//! Running messages for those who granted it (`DispatchActions`).

use iz_core::{Address, Context, Message, Result, Timestamp, errors::sdk};
use iz_proto::Any;

use super::{
    errors, keeper, keys,
    types::{Acceptance, Authorization},
};
use crate::{compact_text, router};

/// A message inside a message: as it came, and decoded.
pub struct Inner<'a> {
    pub any: &'a Any,
    pub message: Box<dyn Message>,
}

/// Runs each message in the name of its only signer, who is the grantee or has granted it. The answers are the responses' bytes.
pub fn dispatch(context: &mut Context, grantee: &Address, messages: &[Inner<'_>]) -> Result<Vec<Vec<u8>>> {
    let mut results = Vec::with_capacity(messages.len());
    for (place, Inner { any, message }) in messages.iter().enumerate() {
        let signers = message.signers(&context.chain)?;
        let [granter] = signers.as_slice() else {
            return Err((&errors::NUMBER_OF_SIGNERS).into());
        };
        if granter != grantee {
            use_grant(context, grantee, granter, &any.type_url, &**message)?;
        }
        let (response, events) = router::handle(context, &any.type_url, &**message).map_err(|error| {
            error.wrap(format!("failed to execute message; message {}", compact_text::any(any)))
        })?;
        results.push(response.value);
        for mut event in events {
            event.push("authz_msg_index", place.to_string());
            context.emit(event);
        }
    }
    Ok(results)
}

fn use_grant(
    context: &mut Context,
    grantee: &Address,
    granter: &Address,
    kind: &str,
    message: &dyn Message,
) -> Result<()> {
    let Some(grant) = keeper::grant(context, &keys::grant(grantee, granter, kind))? else {
        return Err(errors::NO_AUTHORIZATION_FOUND.wrap(format!(
            "failed to get grant with given granter: {}, grantee: {} & msgType: {kind} ",
            context.addresses().account(granter),
            context.addresses().account(grantee),
        )));
    };
    if grant.expiration.as_ref().is_some_and(|end| Timestamp::from(end) < context.time()) {
        return Err((&errors::AUTHORIZATION_EXPIRED).into());
    }
    let authorization = Authorization::from_any(grant.authorization.as_ref())?;
    match authorization.accept(context, message)? {
        Acceptance::Unchanged => Ok(()),
        Acceptance::Refused => Err((&sdk::UNAUTHORIZED).into()),
        Acceptance::Delete => keeper::delete_grant(context, grantee, granter, kind),
        Acceptance::Update(updated) => keeper::update_grant(context, grantee, granter, &updated),
    }
}

/// Decodes messages inside a message: each must have a handler and pass the checks that need no state.
pub fn decode<'a>(context: &Context, anys: &'a [Any]) -> Result<Vec<Inner<'a>>> {
    let mut messages = Vec::with_capacity(anys.len());
    for any in anys {
        let Some(message) = context.chain.router.decode(any)? else {
            return Err(sdk::UNKNOWN_REQUEST.wrap(format!("unrecognized message route: {}", any.type_url)));
        };
        messages.push(Inner { any, message });
    }
    for (place, inner) in messages.iter().enumerate() {
        inner.message.validate_basic(&context.chain).map_err(|error| error.wrap(format!("msg {place}")))?;
    }
    Ok(messages)
}
