//! The machine alone: contracts on the state of one block in memory, charged as wasmd charges them. What a transaction pays besides
//! (signatures, size, fees) is left out.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use bytes::Bytes;
use iz_core::{
    Address, AddressCodec, Block, Chain, Coin, Coins, Context, GasMeter, Mode, Router, Services, Timestamp,
};
use iz_modules::{bank::keeper as bank, wasm::params};
use iz_proto::Any;
use iz_proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use iz_proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract, MsgMigrateContract, MsgPinCodes, MsgStoreCode,
    MsgStoreCodeResponse,
};
use iz_store::{Entry, KeyRange, Reader, StoreKey};
use iz_testkit::genesis::START_SECONDS;
use iz_wasm::{Engine, Settings, keeper};
use prost::{Message, Name};

use crate::ground::{CHAIN, Call, DENOMS, Done, Ground, PREFIX, RICHES, key};

/// Far more than any message needs.
const LIMIT: u64 = 10_000_000_000;

/// Stores with nothing in them.
struct Nothing;

impl Reader for Nothing {
    fn get(&self, _store: StoreKey, _key: &[u8]) -> Option<Bytes> {
        None
    }

    fn seek(&self, _store: StoreKey, _range: &KeyRange, _reverse: bool) -> Option<Entry> {
        None
    }
}

pub struct Memory {
    context: Context,
    seconds: i64,
    people: BTreeMap<String, String>,
    /// Whether codes are pinned, as a chain does with those that everybody uses: making an instance then costs 2,000 instead of 60,000.
    pinned: bool,
    _folder: tempfile::TempDir,
}

fn modules() -> Vec<iz_core::Module> {
    let mut modules = iz_modules::all();
    modules.retain(|module| module.name != iz_wasm::NAME);
    modules.push(iz_wasm::module());
    modules
}

impl Memory {
    pub fn new(pinned: bool) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let engine = Engine::open(folder.path(), Settings { query_gas_limit: LIMIT, memory_cache: 512 })?;
        let chain = Chain {
            addresses: AddressCodec::new(PREFIX).context("the prefix")?,
            router: Router::new(&mut modules()),
            skip_upgrade_heights: Default::default(),
            services: Services::default().with(engine),
        };
        let block = Block::at(CHAIN, 2, Timestamp { seconds: START_SECONDS, nanos: 0 });
        let mut context = Context::new(Arc::new(chain), Arc::new(block), Mode::Finalize, Arc::new(Nothing));
        params::set(&mut context, &params::default()).map_err(failed)?;
        for module in modules().iter().filter(|module| ["auth", "bank", "mint"].contains(&module.name)) {
            let genesis = module.genesis.as_ref().context("a module without genesis")?;
            let state = (genesis.default_state)(&context.chain);
            (genesis.init)(&mut context, &state).map_err(failed)?;
        }
        Ok(Self { context, seconds: START_SECONDS, people: BTreeMap::new(), pinned, _folder: folder })
    }

    /// Runs a message as the only one of a transaction.
    fn send<M: Message + Name>(&mut self, message: &M) -> Result<(Vec<u8>, Done)> {
        self.context.take_events();
        self.context.tx_counter = Some(0);
        self.context.calls.loaded = Some(Default::default());
        self.context.swap_gas(GasMeter::with_limit(LIMIT));
        let any = Any { type_url: M::type_url(), value: message.encode_to_vec() };
        let (response, events) = iz_modules::router::dispatch(&mut self.context, &any).map_err(failed)?;
        let gas = self.context.gas().consumed();
        self.context.take_events();
        let attributes = events
            .iter()
            .flat_map(|event| &event.attributes)
            .map(|attribute| (attribute.key.to_string(), attribute.value.to_string()))
            .collect();
        Ok((response.value, Done { gas, attributes }))
    }

    fn begin_block(&mut self) {
        let height = self.context.height() + 1;
        let time = Timestamp { seconds: self.seconds, nanos: 0 };
        self.context.block = Arc::new(Block::at(CHAIN, height, time));
    }
}

fn failed(error: iz_core::Error) -> anyhow::Error {
    anyhow!("{error}")
}

pub(crate) fn coins(funds: &[cosmwasm_std::Coin]) -> Vec<ProtoCoin> {
    let coin =
        |coin: &cosmwasm_std::Coin| ProtoCoin { denom: coin.denom.clone(), amount: coin.amount.to_string() };
    funds.iter().map(coin).collect()
}

impl Ground for Memory {
    fn address(&mut self, person: &str) -> Result<String> {
        if let Some(known) = self.people.get(person) {
            return Ok(known.clone());
        }
        let raw: [u8; 20] =
            key(person)?.address()?.try_into().map_err(|_| anyhow!("an address of another length"))?;
        let address = Address::new(raw);
        let amount = i64::try_from(RICHES)?;
        let coins = Coins::from_list(DENOMS.map(|denom| Coin::new(denom, amount)).to_vec());
        self.context.swap_gas(GasMeter::with_limit(LIMIT));
        bank::mint_coins(&mut self.context, "mint", &coins).map_err(failed)?;
        bank::send_coins_from_module_to_account(&mut self.context, "mint", &address, &coins)
            .map_err(failed)?;
        let text = self.context.addresses().account(&address);
        self.people.insert(person.into(), text.clone());
        Ok(text)
    }

    fn now(&self) -> u64 {
        self.seconds.unsigned_abs()
    }

    fn wait(&mut self, seconds: u64) {
        self.seconds += seconds as i64;
        self.begin_block();
    }

    fn store(&mut self, sender: &str, _name: &str, wasm: &[u8]) -> Result<u64> {
        let sender = self.address(sender)?;
        let message = MsgStoreCode { sender, wasm_byte_code: wasm.to_vec(), ..MsgStoreCode::default() };
        let (response, _) = self.send(&message)?;
        let code = MsgStoreCodeResponse::decode(&response[..])?.code_id;
        if self.pinned {
            let authority = iz_testkit::keys::bech32(PREFIX, &iz_testkit::keys::module_address("gov"))?;
            self.send(&MsgPinCodes { authority, code_ids: vec![code] })?;
        }
        Ok(code)
    }

    fn instantiate(
        &mut self,
        sender: &str,
        code: u64,
        label: &str,
        admin: &str,
        message: Vec<u8>,
    ) -> Result<Done> {
        let sender = self.address(sender)?;
        let message = MsgInstantiateContract {
            sender,
            admin: admin.into(),
            code_id: code,
            label: label.into(),
            msg: message,
            funds: Vec::new(),
        };
        Ok(self.send(&message)?.1)
    }

    fn execute(&mut self, call: &Call<'_>) -> Result<Done> {
        let sender = self.address(call.sender)?;
        self.begin_block();
        let message = MsgExecuteContract {
            sender,
            contract: call.contract.into(),
            msg: call.message.clone(),
            funds: coins(call.funds),
        };
        Ok(self.send(&message)?.1)
    }

    fn migrate(&mut self, sender: &str, contract: &str, code: u64, message: Vec<u8>) -> Result<Done> {
        let sender = self.address(sender)?;
        let message = MsgMigrateContract { sender, contract: contract.into(), code_id: code, msg: message };
        Ok(self.send(&message)?.1)
    }

    fn query(&mut self, contract: &str, question: Vec<u8>) -> Result<Vec<u8>> {
        let address = self.context.addresses().parse_account(contract).map_err(failed)?;
        self.context.swap_gas(GasMeter::with_limit(LIMIT));
        let answer = keeper::query_smart(&mut self.context, &address, &question).map_err(failed)?;
        answer.context("the contract answered with nothing")
    }
}
