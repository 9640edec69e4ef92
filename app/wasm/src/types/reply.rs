//! What a contract hears of a message that it sent.

use iz_core::Event;
use iz_proto::Any;

use crate::json::object;

/// How the message ended.
pub enum Outcome {
    Done { events: Vec<Event>, data: Vec<u8>, responses: Vec<Any> },
    Failed(String),
}

pub struct Reply {
    pub id: u64,
    pub outcome: Outcome,
    pub payload: Vec<u8>,
}

impl Reply {
    /// As it is handed to the contract.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        object(|reply| {
            // the gas of the message is not told
            reply.number("gas_used", 0);
            reply.number("id", self.id);
            reply.object("result", |result| match &self.outcome {
                Outcome::Failed(error) => result.some_text("error", error),
                Outcome::Done { events, data, responses } => result.object("ok", |ok| {
                    ok.array("events", |list| {
                        for event in events {
                            list.object(|object| put_event(object, event));
                        }
                    });
                    ok.some_base64("data", data);
                    ok.array("msg_responses", |list| {
                        for response in responses {
                            list.object(|object| {
                                object.text("type_url", &response.type_url);
                                object.base64("value", &response.value);
                            });
                        }
                    });
                }),
            });
            reply.some_base64("payload", &self.payload);
        })
    }
}

fn put_event(object: &mut crate::json::Object<'_>, event: &Event) {
    object.text("type", &event.kind);
    object.array("attributes", |attributes| {
        for attribute in &event.attributes {
            attributes.object(|object| {
                object.text("key", &attribute.key);
                object.text("value", &attribute.value);
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_written_as_by_go() {
        let done = Reply {
            id: 7,
            outcome: Outcome::Done {
                events: vec![Event::new("transfer").with("amount", "1<2")],
                data: Vec::new(),
                responses: vec![Any { type_url: "/a.B".into(), value: Vec::new() }],
            },
            payload: b"hi".to_vec(),
        };
        let wanted = r#"{"gas_used":0,"id":7,"result":{"ok":{"events":[{"type":"transfer","attributes":[{"key":"amount","value":"1\u003c2"}]}],"msg_responses":[{"type_url":"/a.B","value":""}]}},"payload":"aGk="}"#;
        assert_eq!(String::from_utf8(done.to_json()).unwrap(), wanted);
        let failed = Reply { id: 0, outcome: Outcome::Failed("no".into()), payload: Vec::new() };
        assert_eq!(failed.to_json(), br#"{"gas_used":0,"id":0,"result":{"error":"no"}}"#);
    }
}
