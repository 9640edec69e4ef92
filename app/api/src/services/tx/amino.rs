//! Transactions in the old amino encoding.
//!
//! No client of today sends or reads them; what is answered is what wasmd answers to input that cannot be such a transaction.

use iz_proto::cosmos::tx::v1beta1::{TxDecodeAminoRequest, TxEncodeAminoRequest};

use crate::query_service::{QueryError, code};

const UNSUPPORTED: &str = "transactions in amino's binary encoding are not supported by this node";

pub(super) fn encode(request: TxEncodeAminoRequest) -> Result<Vec<u8>, QueryError> {
    if request.amino_json.is_empty() {
        return Err(QueryError::invalid("invalid empty tx json"));
    }
    Err(QueryError::new(code::UNIMPLEMENTED, UNSUPPORTED))
}

pub(super) fn decode(request: TxDecodeAminoRequest) -> Result<Vec<u8>, QueryError> {
    if request.amino_binary.is_empty() {
        return Err(QueryError::invalid("invalid empty tx bytes"));
    }
    Err(QueryError::new(code::UNIMPLEMENTED, UNSUPPORTED))
}
