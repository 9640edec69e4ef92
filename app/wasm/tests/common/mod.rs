//! A chain in memory with the machine, one contract's code, and two accounts.

use std::sync::Arc;

use iz_core::{
    Address, AddressCodec, Block, Chain, Coins, Context, GasMeter, Mode, Result, Router, Services, Timestamp,
};
use iz_modules::{bank::keeper as bank, wasm::params};
use iz_proto::{
    Any,
    cosmwasm::wasm::v1::{MsgExecuteContract, MsgInstantiateContract, MsgStoreCode, MsgStoreCodeResponse},
};
use iz_store::MultiStore;
use iz_wasm::{Engine, Settings, keeper};
use prost::{Message, Name};
use serde_json::Value;

pub struct World {
    pub context: Context,
    _folder: tempfile::TempDir,
    pub alice: Address,
    pub bob: Address,
}

/// The code of the contract that answers what it is told to.
pub fn echo() -> Vec<u8> {
    wat::parse_str(include_str!("echo.wat")).unwrap()
}

/// The code of a contract that answers every message with the same.
pub fn stubborn(answer: &str) -> Vec<u8> {
    let text = include_str!("echo.wat");
    let (length, escaped) = (answer.len(), answer.replace('"', "\\\""));
    let region = format!("\\00\\10\\00\\00{0}{0}", little_endian(length));
    let text = text
        .replace("\\80\\00\\00\\00\\5a\\00\\00\\00\\5a\\00\\00\\00", &region)
        .replace("(i32.const 4096)", "(i32.const 65536)")
        .replace(
            "(data (i32.const 64)",
            &format!("(data (i32.const 4096) \"{escaped}\")\n  (data (i32.const 64)"),
        )
        .replace("(call $write (i32.const 0) (local.get 2))\n        (local.get 2)", "(i32.const 32)");
    wat::parse_str(text).unwrap()
}

fn little_endian(length: usize) -> String {
    u32::try_from(length).unwrap().to_le_bytes().iter().map(|byte| format!("\\{byte:02x}")).collect()
}

fn modules() -> Vec<iz_core::Module> {
    let mut modules = iz_modules::all();
    modules.retain(|module| module.name != iz_wasm::NAME);
    modules.push(iz_wasm::module());
    modules
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(folder.path(), Settings::default()).unwrap();
        let chain = Chain {
            addresses: AddressCodec::new("wasm").unwrap(),
            router: Router::new(&mut modules()),
            skip_upgrade_heights: Default::default(),
            services: Services::default().with(engine),
        };
        let time = Timestamp { seconds: 1_700_000_000, nanos: 0 };
        let block = Block::at("test-1", 7, time);
        let mut context = Context::new(
            Arc::new(chain),
            Arc::new(block),
            Mode::Finalize,
            MultiStore::in_memory(&[]).unwrap().latest(),
        );
        params::set(&mut context, &params::default()).unwrap();
        for module in modules().iter().filter(|module| ["auth", "bank", "mint"].contains(&module.name)) {
            let genesis = module.genesis.as_ref().unwrap();
            let state = (genesis.default_state)(&context.chain);
            (genesis.init)(&mut context, &state).unwrap();
        }
        let (alice, bob) = (Address::new([1; 20]), Address::new([2; 20]));
        let coins = coins("1000000stake");
        bank::mint_coins(&mut context, "mint", &coins).unwrap();
        bank::send_coins_from_module_to_account(&mut context, "mint", &alice, &coins).unwrap();
        context.take_events();
        let mut world = Self { context, _folder: folder, alice, bob };
        world.begin();
        world
    }

    /// As a transaction begins: it counts, remembers and has a meter.
    pub fn begin(&mut self) {
        self.context.take_events();
        self.context.tx_counter = Some(0);
        self.context.calls.loaded = Some(Default::default());
        self.context.swap_gas(GasMeter::with_limit(50_000_000));
    }

    pub fn text(&self, address: &Address) -> String {
        self.context.addresses().account(address)
    }

    /// Sends a message to its handler; its events are those of the context.
    pub fn send<M: Message + Name>(&mut self, message: &M) -> Result<Vec<u8>> {
        let any = Any { type_url: M::type_url(), value: message.encode_to_vec() };
        let (response, events) = iz_modules::router::dispatch(&mut self.context, &any)?;
        events.into_iter().for_each(|event| self.context.emit(event));
        Ok(response.value)
    }

    pub fn store(&mut self, code: Vec<u8>) -> Result<u64> {
        let sender = self.text(&self.alice);
        let message = MsgStoreCode { sender, wasm_byte_code: code, ..MsgStoreCode::default() };
        let response = self.send(&message)?;
        Ok(MsgStoreCodeResponse::decode(&response[..]).unwrap().code_id)
    }

    /// A contract of the code; it is told to answer with nothing.
    pub fn instantiate(&mut self, code_id: u64) -> Result<Address> {
        let sender = self.text(&self.alice);
        let message = MsgInstantiateContract {
            sender: sender.clone(),
            admin: sender,
            code_id,
            label: "echo".into(),
            msg: br#"{"ok":{"messages":[],"attributes":[],"events":[]}}"#.to_vec(),
            ..MsgInstantiateContract::default()
        };
        let response = self.send(&message)?;
        let response =
            iz_proto::cosmwasm::wasm::v1::MsgInstantiateContractResponse::decode(&response[..]).unwrap();
        self.context.addresses().parse_account(&response.address)
    }

    /// Alice tells the contract what to answer.
    pub fn execute(&mut self, contract: &Address, answer: &Value) -> Result<Vec<u8>> {
        self.execute_text(contract, answer.to_string())
    }

    /// Alice has the contract ask the chain something: what it was answered.
    pub fn ask(&mut self, contract: &Address, question: &Value) -> Result<Value> {
        self.execute_text(contract, format!(" {question}"))?;
        let kept = keeper::query_raw(&mut self.context, contract, b"e")?.unwrap();
        Ok(serde_json::from_slice(&kept).unwrap())
    }

    fn execute_text(&mut self, contract: &Address, message: String) -> Result<Vec<u8>> {
        let message = MsgExecuteContract {
            sender: self.text(&self.alice),
            contract: self.text(contract),
            msg: message.into_bytes(),
            funds: Vec::new(),
        };
        self.send(&message)
    }
}

pub fn coins(text: &str) -> Coins {
    let split = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap();
    let amount: i64 = text[..split].parse().unwrap();
    Coins::from_list(vec![iz_core::Coin::new(&text[split..], amount)])
}
