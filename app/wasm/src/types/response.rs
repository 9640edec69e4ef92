//! What contracts answer.

use super::CosmosMsg;
use crate::json::{Base64, Decode, JsonError, Reader, go_object};

go_object! {
    pub struct ContractResult { ok: Option<Response> = "ok", error: String = "error" }
}

go_object! {
    pub struct Response {
        messages: Vec<SubMsg> = "messages",
        data: Base64 = "data",
        attributes: Vec<VmAttribute> = "attributes",
        events: Vec<VmEvent> = "events",
    }
}

go_object! {
    pub struct VmAttribute as EventAttribute { key: String = "key", value: String = "value" }
}

go_object! {
    pub struct VmEvent as Event { kind: String = "type", attributes: Vec<VmAttribute> = "attributes" apart }
}

go_object! {
    pub struct SubMsg {
        id: u64 = "id",
        msg: CosmosMsg = "msg",
        payload: Base64 = "payload",
        gas_limit: Option<u64> = "gas_limit",
        reply_on: ReplyOn = "reply_on",
    }
}

go_object! {
    pub struct QueryResult { ok: Base64 = "ok", error: String = "error" }
}

/// When the contract wants to hear of what its message did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplyOn {
    /// Left out, which the chain refuses.
    #[default]
    Unset,
    Always,
    Success,
    Error,
    Never,
}

impl Decode for ReplyOn {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        let mut text = String::new();
        reader.apart(|reader| text.decode(reader))?;
        *self = match &*text {
            "always" => Self::Always,
            "success" => Self::Success,
            "error" => Self::Error,
            "never" => Self::Never,
            _ => return Err(JsonError::Value(format!("invalid reply_on value '{text}'"))),
        };
        Ok(())
    }

    fn go_type() -> String {
        "types.replyOn".to_owned()
    }
}
