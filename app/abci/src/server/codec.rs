//! Framing: a varint of the length, then the message.

use bytes::{Buf, Bytes, BytesMut};
use prost::Message;
use tendermint_proto::v0_38::abci::{Request, Response, response};

/// Longer messages are refused. A block has at most 100 MiB, but a genesis comes in one message, and a million accounts are 270 MB;
/// beyond this the length does not fit protobuf.
const MAX_MESSAGE: u64 = i32::MAX as u64;

/// Why bytes from the peer are no request.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("a message of {0} bytes is longer than the {MAX_MESSAGE} that are allowed")]
    TooLong(u64),
    #[error("a length that is no number")]
    Length,
    #[error("not a request: {0}")]
    Decode(#[from] prost::DecodeError),
}

/// Takes the next whole request off the front of what was read; `None`: more is needed.
pub fn take_request(buffer: &mut BytesMut) -> Result<Option<Request>, FrameError> {
    let Some((length, head)) = length(buffer)? else { return Ok(None) };
    if length > MAX_MESSAGE {
        return Err(FrameError::TooLong(length));
    }
    let length = usize::try_from(length).map_err(|_| FrameError::Length)?;
    if buffer.len() - head < length {
        buffer.reserve(head + length - buffer.len());
        return Ok(None);
    }
    buffer.advance(head);
    let message: Bytes = buffer.split_to(length).freeze();
    Ok(Some(Request::decode(message)?))
}

fn length(buffer: &[u8]) -> Result<Option<(u64, usize)>, FrameError> {
    let mut value = 0_u64;
    for (place, byte) in buffer.iter().enumerate() {
        if place == 9 {
            return Err(FrameError::Length);
        }
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok(Some((value, place + 1)));
        }
    }
    Ok(None)
}

/// Appends a response with its length.
pub fn put_response(value: response::Value, out: &mut Vec<u8>) {
    let response = Response { value: Some(value) };
    out.reserve(response.encoded_len() + 5);
    // a Vec grows, so there is nothing that can fail
    let _ = response.encode_length_delimited(out);
}

#[cfg(test)]
mod tests {
    use tendermint_proto::v0_38::abci::{RequestEcho, request};

    use super::*;

    fn framed(text: &str) -> Vec<u8> {
        Request { value: Some(request::Value::Echo(RequestEcho { message: text.into() })) }
            .encode_length_delimited_to_vec()
    }

    #[test]
    fn requests_come_out_whole_however_they_arrive() {
        let bytes = [framed("one"), framed(&"two".repeat(100))].concat();
        let (mut buffer, mut seen) = (BytesMut::new(), 0);
        for byte in bytes {
            buffer.extend_from_slice(&[byte]);
            seen += usize::from(take_request(&mut buffer).unwrap().is_some());
        }
        assert_eq!((seen, buffer.len()), (2, 0));
    }

    #[test]
    fn an_absurd_length_is_refused_before_anything_is_reserved() {
        let mut buffer = BytesMut::from(&[0xff, 0xff, 0xff, 0xff, 0x7f][..]);
        assert!(matches!(take_request(&mut buffer), Err(FrameError::TooLong(_))));
        let mut buffer = BytesMut::from(&[0xff; 10][..]);
        assert!(matches!(take_request(&mut buffer), Err(FrameError::Length)));
        let mut buffer = BytesMut::from(&[2, 0xff, 0xff][..]);
        assert!(matches!(take_request(&mut buffer), Err(FrameError::Decode(_))));
    }
}
