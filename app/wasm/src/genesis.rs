//! Contracts at genesis: parameters, code, contracts with their state and history, and the ids that come next.

use iz_core::{Address, Chain, Context, Error, Genesis, Result, stores};
use iz_modules::wasm::{gzip, params};
use iz_proto::cosmwasm::wasm::v1::{
    Code, CodeInfo, Contract, ContractCodeHistoryEntry, ContractCodeHistoryOperationType, ContractInfo,
    GenesisState, Model, Sequence,
};
use iz_store::KeyRange;
use prost::Message;
use tendermint_proto::v0_38::abci::ValidatorUpdate;

use crate::{
    addresses, errors,
    keeper::{self, engine, index_by_code, index_by_creator},
    keys, validation,
};

/// What code may have that governance or a genesis brings.
const MAX_CODE: usize = 3 * 1024 * 1024;

pub struct ContractGenesis;

impl Genesis for ContractGenesis {
    type State = GenesisState;

    fn default_state(_chain: &Chain) -> GenesisState {
        GenesisState { params: Some(params::default()), ..GenesisState::default() }
    }

    fn validate(state: &GenesisState, chain: &Chain) -> Result<()> {
        params::validate(&state.params.clone().unwrap_or_default(), chain)
            .map_err(|error| error.wrap("params"))?;
        for (place, code) in state.codes.iter().enumerate() {
            validate_code(code, chain).map_err(|error| error.wrap(format!("code: {place}")))?;
        }
        for (place, contract) in state.contracts.iter().enumerate() {
            validate_contract(contract, chain).map_err(|error| error.wrap(format!("contract: {place}")))?;
        }
        match state.sequences.iter().position(|sequence| sequence.id_key.is_empty()) {
            Some(place) => Err(errors::EMPTY.wrap("id key").wrap(format!("sequence: {place}"))),
            None => Ok(()),
        }
    }

    fn init(context: &mut Context, state: GenesisState) -> Result<Vec<ValidatorUpdate>> {
        params::set(context, &state.params.unwrap_or_default())?;
        let mut last_code = 0;
        for (place, code) in state.codes.into_iter().enumerate() {
            let (id, pinned) = (code.code_id, code.pinned);
            import_code(context, code).map_err(|error| error.wrap(format!("code {place} with id: {id}")))?;
            last_code = last_code.max(id);
            if pinned {
                keeper::pin_code(context, id)
                    .map_err(|error| error.wrap(format!("contract number {place}")))?;
            }
        }
        for (place, contract) in state.contracts.into_iter().enumerate() {
            let address = context.addresses().parse_account(&contract.contract_address);
            let address =
                address.map_err(|error| error.wrap(format!("address in contract number {place}")))?;
            import_contract(context, &address, contract)
                .map_err(|error| error.wrap(format!("contract number {place}")))?;
        }
        for (place, sequence) in state.sequences.into_iter().enumerate() {
            import_sequence(context, sequence)
                .map_err(|error| error.wrap(format!("sequence number {place}")))?;
        }
        check_sequences(context, last_code)?;
        Ok(Vec::new())
    }

    fn export(context: &mut Context) -> Result<GenesisState> {
        let params = Some(params::get(context)?);
        let mut codes = Vec::new();
        for (key, value) in context.collect(stores::WASM, KeyRange::prefix(vec![keys::CODE]))? {
            let id = <[u8; 8]>::try_from(&key[1..]).map(u64::from_be_bytes).map_err(|_| damaged())?;
            let info: CodeInfo = decode(&value)?;
            let code_bytes = engine(context)?.code(&info.code_hash).map_err(Error::panic)?;
            let pinned = keeper::is_pinned(context, id)?;
            codes.push(Code { code_id: id, code_info: Some(info), code_bytes, pinned });
        }
        let mut contracts = Vec::new();
        for (key, value) in context.collect(stores::WASM, KeyRange::prefix(vec![keys::CONTRACT]))? {
            let address = Address::new(&key[1..]);
            let prefix = keys::state(&address);
            let length = prefix.len();
            let state = context.collect(stores::WASM, KeyRange::prefix(prefix))?;
            let state = state.iter().map(|(key, value)| Model {
                key: key.get(length..).unwrap_or_default().to_vec(),
                value: value.to_vec(),
            });
            contracts.push(Contract {
                contract_address: context.addresses().account(&address),
                contract_info: Some(decode::<ContractInfo>(&value)?),
                contract_state: state.collect(),
                contract_code_history: keeper::contract_history(context, &address)?,
            });
        }
        let mut sequences = Vec::new();
        for key in [keys::CODE_SEQUENCE, keys::CONTRACT_SEQUENCE] {
            sequences.push(Sequence { id_key: key.to_vec(), value: keeper::peek_id(context, key)? });
        }
        Ok(GenesisState { params, codes, contracts, sequences })
    }
}

fn damaged() -> Error {
    Error::panic("wasm: a key in the store is damaged")
}

fn decode<M: Message + Default>(value: &[u8]) -> Result<M> {
    M::decode(value).map_err(|error| Error::panic(format!("store wasm: {error}")))
}

fn validate_code(code: &Code, chain: &Chain) -> Result<()> {
    if code.code_id == 0 {
        return Err(errors::EMPTY.wrap("code id"));
    }
    let info = code.code_info.clone().unwrap_or_default();
    validate_code_info(&info, chain).map_err(|error| error.wrap("code info"))?;
    let wrong = match code.code_bytes.len() {
        0 => errors::EMPTY.wrap("is required"),
        1..=MAX_CODE => return Ok(()),
        _ => errors::LIMIT.wrap(format!("cannot be longer than {MAX_CODE} bytes")),
    };
    Err(wrong.wrap("code bytes"))
}

fn validate_code_info(info: &CodeInfo, chain: &Chain) -> Result<()> {
    if info.code_hash.is_empty() {
        return Err(errors::EMPTY.wrap("code hash"));
    }
    validation::address(chain, &info.creator, "creator")?;
    params::validate_access(&info.instantiate_config.clone().unwrap_or_default(), chain)
        .map_err(|error| error.wrap("instantiate config"))
}

fn validate_contract(contract: &Contract, chain: &Chain) -> Result<()> {
    validation::address(chain, &contract.contract_address, "contract address")?;
    let info = contract.contract_info.clone().unwrap_or_default();
    validate_contract_info(&info, chain).map_err(|error| error.wrap("contract info"))?;
    if info.created.is_none() {
        return Err(errors::INVALID.wrap("created must not be empty"));
    }
    if let Some(place) = contract.contract_state.iter().position(|model| model.key.is_empty()) {
        return Err(errors::EMPTY.wrap("key").wrap(format!("contract state {place}")));
    }
    if contract.contract_code_history.is_empty() {
        return Err(errors::EMPTY.wrap("code history"));
    }
    for (place, entry) in contract.contract_code_history.iter().enumerate() {
        validate_entry(entry).map_err(|error| error.wrap(format!("code history element {place}")))?;
    }
    Ok(())
}

fn validate_contract_info(info: &ContractInfo, chain: &Chain) -> Result<()> {
    if info.code_id == 0 {
        return Err(errors::EMPTY.wrap("code id"));
    }
    validation::address(chain, &info.creator, "creator")?;
    validation::optional_address(chain, &info.admin, "admin")?;
    validation::label(&info.label).map_err(|error| error.wrap("label"))
}

fn validate_entry(entry: &ContractCodeHistoryEntry) -> Result<()> {
    let operation = ContractCodeHistoryOperationType::try_from(entry.operation);
    if matches!(operation, Err(_) | Ok(ContractCodeHistoryOperationType::Unspecified)) {
        return Err(errors::INVALID.wrap("operation"));
    }
    if entry.code_id == 0 {
        return Err(errors::EMPTY.wrap("code id"));
    }
    if entry.updated.is_none() {
        return Err(errors::EMPTY.wrap("updated"));
    }
    if crate::json::is_valid(&entry.msg) { Ok(()) } else { Err(errors::INVALID.wrap("msg")) }
}

fn import_code(context: &mut Context, code: Code) -> Result<()> {
    let unpacked;
    let mut bytes = code.code_bytes.as_slice();
    if gzip::is_gzip(bytes) {
        // nothing is said of how large it may be, but the file that brings it was read whole
        unpacked = gzip::unpack(bytes, usize::MAX)
            .map_err(|error| errors::CREATE_FAILED.wrap(format!("uncompress wasm archive: {error}")))?;
        bytes = &unpacked;
    }
    let checksum = engine(context)?.store_checked_code(bytes);
    let checksum = checksum.map_err(|error| errors::CREATE_FAILED.wrap(error))?;
    let info = code.code_info.unwrap_or_default();
    if info.code_hash != checksum {
        return Err(errors::INVALID.wrap("code hashes not same"));
    }
    if keeper::has_code_info(context, code.code_id)? {
        return Err(errors::DUPLICATE.wrap(format!("duplicate code: {}", code.code_id)));
    }
    keeper::set_code_info(context, code.code_id, &info)
}

fn import_contract(context: &mut Context, address: &Address, contract: Contract) -> Result<()> {
    let info = contract.contract_info.unwrap_or_default();
    if !keeper::has_code_info(context, info.code_id)? {
        return Err(errors::no_such_code(info.code_id));
    }
    if keeper::has_contract_info(context, address)? {
        return Err(errors::DUPLICATE.wrap(format!("contract: {}", contract.contract_address)));
    }
    let history = &contract.contract_code_history;
    let (Some(first), Some(last)) = (history.first(), history.last()) else {
        return Err(errors::EMPTY.wrap("contract history"));
    };
    let creator = context.addresses().parse_account(&info.creator)?;
    keeper::append_to_history(context, address, history)?;
    keeper::set_contract_info(context, address, &info)?;
    index_by_code(context, address, last)?;
    index_by_creator(context, &creator, first.updated.as_ref(), address)?;
    for model in contract.contract_state {
        let key = [keys::state(address), model.key].concat();
        if context.has(stores::WASM, &key)? {
            let rest = hex::encode(key.get(keys::state(address).len()..).unwrap_or_default());
            return Err(errors::DUPLICATE.wrap(format!("duplicate key: {rest}")));
        }
        context.set(stores::WASM, key, model.value)?;
    }
    Ok(())
}

fn import_sequence(context: &mut Context, sequence: Sequence) -> Result<()> {
    if context.has(stores::WASM, &sequence.id_key)? {
        let key = String::from_utf8_lossy(&sequence.id_key).into_owned();
        return Err(errors::DUPLICATE.wrap(format!("autoincrement id: {key}")));
    }
    context.set(stores::WASM, sequence.id_key, sequence.value.to_be_bytes().to_vec())
}

/// The ids that come next must not have been given out.
fn check_sequences(context: &mut Context, last_code: u64) -> Result<()> {
    let next = keeper::peek_id(context, keys::CODE_SEQUENCE)?;
    if next <= last_code {
        let key = String::from_utf8_lossy(keys::CODE_SEQUENCE);
        return Err(
            errors::INVALID.wrap(format!("seq {key} with value: {next} must be greater than: {last_code} "))
        );
    }
    let next = keeper::peek_id(context, keys::CONTRACT_SEQUENCE)?;
    // as Go asks it: of the address that code of the same number would be given
    if keeper::has_contract_info(context, &addresses::counted(next, next))? {
        let key = String::from_utf8_lossy(keys::CONTRACT_SEQUENCE);
        return Err(errors::INVALID.wrap(format!("value: {next} for seq {key} was used already")));
    }
    Ok(())
}
