//! `/store/<name>/key` and `/store/<name>/subspace`: raw state, with proofs that light clients verify.

use std::sync::Arc;

use iz_core::{Error, Registered, stores};
use iz_proto::cosmos::store::internal::kv::v1beta1::{Pair, Pairs};
use iz_store::{Entry, KeyRange, Reader, StoreKey, after};
use prost::Message;
use tendermint_proto::v0_38::{
    abci::{RequestQuery, ResponseQuery},
    crypto::{ProofOp, ProofOps},
};

use crate::{application::Application, convert::query_error};

mod errors {
    use super::Registered;

    const CODESPACE: &str = "store";
    pub static TX_DECODE: Registered = Registered::new(CODESPACE, 3, "tx parse error");
    pub static UNKNOWN_REQUEST: Registered = Registered::new(CODESPACE, 4, "unknown request");
    pub static INVALID_REQUEST: Registered = Registered::new(CODESPACE, 7, "invalid request");
}

impl Application {
    /// `path` is what stands behind `/store`.
    pub(super) fn query_store(&self, path: &[&str], request: &RequestQuery) -> ResponseQuery {
        if request.height <= 1 && request.prove {
            return query_error(
                &iz_core::errors::sdk::INVALID_REQUEST
                    .wrap("cannot query with proof when height <= 1; please provide a valid height"),
            );
        }
        match self.read_store(path, request) {
            Ok(mut answer) => {
                answer.height = request.height;
                answer
            }
            Err(error) => query_error(&error),
        }
    }

    fn read_store(&self, path: &[&str], request: &RequestQuery) -> Result<ResponseQuery, Error> {
        let (name, rest) = path.split_first().map_or(("", &[][..]), |(name, rest)| (*name, rest));
        let mounted =
            |store: &&StoreKey| store.name() == name && self.store().stores().any(|it| it == **store);
        let Some(store) = stores::ALL.iter().find(mounted).copied() else {
            return Err(errors::UNKNOWN_REQUEST.wrap(format!("no such store: {name}")));
        };
        if request.data.is_empty() {
            return Err(errors::TX_DECODE.wrap("query cannot be zero length"));
        }
        match rest {
            ["key"] => self.read_key(store, request),
            ["subspace"] => Ok(self.read_subspace(store, request)),
            _ => {
                let rest = rest.iter().map(|part| format!("/{part}")).collect::<String>();
                Err(errors::UNKNOWN_REQUEST.wrap(format!("unexpected query path: {rest}")))
            }
        }
    }

    fn read_key(&self, store: StoreKey, request: &RequestQuery) -> Result<ResponseQuery, Error> {
        let mut answer = ResponseQuery { key: request.data.clone(), ..ResponseQuery::default() };
        let version = u64::try_from(request.height).unwrap_or(0);
        let Ok(snapshot) = self.store().snapshot(version) else {
            if request.prove {
                let why = "proof is unexpectedly empty; ensure height has not been pruned";
                return Err(errors::INVALID_REQUEST.wrap(why));
            }
            "version does not exist".clone_into(&mut answer.log);
            return Ok(answer);
        };
        answer.value = snapshot.get(store, &request.data).unwrap_or_default();
        if request.prove {
            // Go panics where nothing can be proven, and answers with the panic
            let proof =
                snapshot.proof(store, &request.data).map_err(|error| Error::panic(error.to_string()))?;
            let op =
                |kind: &str, key: &[u8], data| ProofOp { r#type: kind.to_owned(), key: key.to_vec(), data };
            answer.proof_ops = Some(ProofOps {
                ops: vec![
                    op("ics23:iavl", &request.data, proof.iavl),
                    op("ics23:simple", store.name().as_bytes(), proof.simple),
                ],
            });
        }
        Ok(answer)
    }

    /// All pairs under a prefix. As in Go, of the newest version whatever height was asked for.
    fn read_subspace(&self, store: StoreKey, request: &RequestQuery) -> ResponseQuery {
        let latest = self.store().latest();
        let pairs = under(&latest, store, &request.data);
        let pairs = pairs.map(|(key, value)| Pair { key: key.into(), value: value.into() }).collect();
        let value = Pairs { pairs }.encode_to_vec().into();
        ResponseQuery { key: request.data.clone(), value, ..ResponseQuery::default() }
    }
}

/// The entries whose keys begin with `prefix`.
fn under(reader: &Arc<dyn Reader>, store: StoreKey, prefix: &[u8]) -> impl Iterator<Item = Entry> {
    let mut range = KeyRange::prefix(prefix.to_vec());
    std::iter::from_fn(move || {
        let entry = reader.seek(store, &range, false)?;
        range.start = after(&entry.0);
        Some(entry)
    })
}
