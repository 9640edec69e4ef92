//! Queries of evidence.

use iz_core::{Context, Error, GrpcCode, QueryRoute, Result, stores};
use iz_proto::cosmos::evidence::v1beta1::{
    QueryAllEvidenceRequest, QueryAllEvidenceResponse, QueryEvidenceRequest, QueryEvidenceResponse,
};

use super::{keeper, keys};
use crate::{collections::decode, pagination};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.evidence.v1beta1.Query/Evidence", evidence),
        QueryRoute::new("/cosmos.evidence.v1beta1.Query/AllEvidence", all_evidence),
    ]
}

fn evidence(context: &mut Context, request: QueryEvidenceRequest) -> Result<QueryEvidenceResponse> {
    if request.hash.is_empty() {
        return Err(Error::status(GrpcCode::InvalidArgument, "invalid request; hash is empty"));
    }
    let hash = hex::decode(&request.hash).map_err(|_| Error::plain(invalid_hash(&request.hash)))?;
    let evidence = keeper::get(context, &hash)?;
    let missing = || Error::status(GrpcCode::NotFound, format!("evidence {} not found", request.hash));
    Ok(QueryEvidenceResponse { evidence: Some(evidence.ok_or_else(missing)?) })
}

/// Go names the first byte that is no digit; if all are, one is missing.
fn invalid_hash(text: &str) -> String {
    match text.chars().find(|symbol| !symbol.is_ascii_hexdigit()) {
        Some(symbol) => {
            format!(
                "invalid evidence hash: encoding/hex: invalid byte: U+{:04X} '{symbol}'",
                u32::from(symbol)
            )
        }
        None => "invalid evidence hash: encoding/hex: odd length hex string".to_owned(),
    }
}

fn all_evidence(context: &mut Context, request: QueryAllEvidenceRequest) -> Result<QueryAllEvidenceResponse> {
    let (evidence, page) = pagination::collection(
        context,
        stores::EVIDENCE,
        &[keys::EVIDENCE],
        &[],
        request.pagination.as_ref(),
        |_, _, value| decode(value),
    )?;
    Ok(QueryAllEvidenceResponse { evidence, pagination: Some(page) })
}
