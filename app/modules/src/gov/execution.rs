//! Running the messages of a proposal that passed: all of them, or none.

use iz_core::{Context, Error};
use iz_proto::Any;

use crate::{compact_text, router};

/// Which message failed, and why, in the words that the proposal keeps.
#[derive(Debug)]
pub struct Failure {
    pub place: usize,
    pub kind: String,
    pub reason: String,
}

/// Runs the messages on a branch of the state; their events follow once all have succeeded.
pub fn run(context: &mut Context, messages: &[Any]) -> std::result::Result<(), Failure> {
    let mut failure = None;
    let done = context.branch(|context| {
        let mut events = Vec::new();
        for (place, message) in messages.iter().enumerate() {
            match router::dispatch(context, message) {
                Ok((_, emitted)) => events.extend(emitted),
                Err(error) => {
                    let reason = reason(message, &error);
                    failure = Some(Failure { place, kind: message.type_url.clone(), reason });
                    return Err(error);
                }
            }
        }
        Ok(events)
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    for event in done.unwrap_or_default() {
        context.emit(event);
    }
    Ok(())
}

/// Go recovers here from a panic, and says which message it was.
fn reason(message: &Any, error: &Error) -> String {
    if !error.is_fatal() {
        return error.log().to_owned();
    }
    format!("handling x/gov proposal msg [{}] PANICKED: {}", compact_text::any(message), error.log())
}
