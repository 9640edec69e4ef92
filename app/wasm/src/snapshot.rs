//! What a snapshot of the state carries for contracts: their code, each as a gzip archive. wasmd's `WasmSnapshotter`.

use std::collections::BTreeSet;

use iz_core::{Context, Error, Result, Services, module::Extension, stores};
use iz_modules::wasm::gzip;
use iz_proto::cosmwasm::wasm::v1::CodeInfo;
use iz_store::KeyRange;
use prost::Message as _;
use sha2::{Digest as _, Sha256};

use crate::{Engine, NAME, errors, keeper, keys};

/// No code that is longer is taken from a snapshot, packed or not: what an item may have, many times what a message brings.
const LONGEST: usize = 64_000_000;

pub enum Codes {}

impl Extension for Codes {
    const NAME: &'static str = NAME;
    const FORMAT: u32 = 1;

    /// In the order of ids, each code once however many ids it has.
    fn save(context: &mut Context, put: &mut dyn FnMut(Vec<u8>) -> Result<()>) -> Result<()> {
        let mut seen = BTreeSet::new();
        let mut cursor = context.iterate(stores::WASM, KeyRange::prefix(vec![keys::CODE]))?;
        while let Some((_, value)) = cursor.entry() {
            let info = CodeInfo::decode(&value[..])
                .map_err(|error| Error::panic(format!("wasm: what is known of a code: {error}")))?;
            if seen.insert(info.code_hash.clone()) {
                let code = keeper::engine(context)?.code(&info.code_hash).map_err(Error::plain)?;
                put(gzip::pack(&code).map_err(|error| Error::plain(error.to_string()))?)?;
            }
            cursor.advance(context)?;
        }
        Ok(())
    }

    fn asked_for(store: &str, key: &[u8], value: &[u8]) -> Option<Vec<u8>> {
        let is_code = store == stores::WASM.name() && key.first() == Some(&keys::CODE);
        // a value that is none makes another app hash than the chain's
        is_code.then(|| CodeInfo::decode(value).ok().map(|info| info.code_hash)).flatten()
    }

    fn keep(services: &Services, asked_for: &BTreeSet<Vec<u8>>, payload: &[u8]) -> Result<Vec<u8>> {
        if !gzip::is_gzip(payload) {
            return Err(errors::INVALID.wrap("not a gzip"));
        }
        let failed = |why: String| errors::CREATE_FAILED.wrap(why);
        let code = gzip::unpack(payload, LONGEST).map_err(|error| failed(error.to_string()))?;
        let checksum = Sha256::digest(&code).to_vec();
        if !asked_for.contains(&checksum) {
            return Err(failed(format!("nobody asks for the code {}", hex::encode(checksum))));
        }
        let engine: &Engine =
            services.get().ok_or_else(|| Error::panic("this node has no machine for contracts"))?;
        engine.store_checked_code(&code).map_err(failed)
    }

    fn resume(context: &mut Context) -> Result<()> {
        keeper::initialize_pinned_codes(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    fn echo() -> Vec<u8> {
        wat::parse_str(include_str!("../tests/common/echo.wat")).unwrap()
    }

    #[test]
    fn only_code_that_the_state_asks_for_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(folder.path(), Settings::default()).unwrap();
        let services = Services::default().with(engine);
        let (code, none) = (echo(), BTreeSet::new());
        let info = CodeInfo { code_hash: Sha256::digest(&code).to_vec(), ..CodeInfo::default() };
        let asked = Codes::asked_for("wasm", &keys::code(1), &info.encode_to_vec()).unwrap();
        assert_eq!(asked, info.code_hash);
        assert!(Codes::asked_for("bank", &keys::code(1), &info.encode_to_vec()).is_none());
        assert!(Codes::asked_for("wasm", &keys::pinned(1), &info.encode_to_vec()).is_none());
        assert!(Codes::asked_for("wasm", &keys::code(1), &[0xff]).is_none());

        let payload = gzip::pack(&code).unwrap();
        let refusal = |asked_for: &BTreeSet<Vec<u8>>, payload: &[u8]| {
            Codes::keep(&services, asked_for, payload).unwrap_err().to_string()
        };
        assert!(refusal(&none, &payload).contains("nobody asks for the code"));
        let asked_for = BTreeSet::from([asked.clone()]);
        assert!(refusal(&asked_for, &code).contains("not a gzip"));
        assert!(refusal(&asked_for, &payload[..payload.len() / 2]).contains("create wasm contract failed"));
        let engine: &Engine = services.get().unwrap();
        assert!(engine.code(&asked).is_err());
        assert_eq!(Codes::keep(&services, &asked_for, &payload).unwrap(), asked);
        assert_eq!(engine.code(&asked).unwrap(), code);
    }
}
