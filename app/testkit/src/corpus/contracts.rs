//! What the generator knows of contracts: the files it can upload, and the codes and instances that the chain has.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tendermint_proto::v0_38::abci::Event;

use super::attributes;
use crate::dice::Dice;

/// What a contract does, which decides how one talks to it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Family {
    Hackatom,
    Reflect,
    Burner,
    Staking,
    Queue,
    Replier,
    Cyberpunk,
    IbcReflect,
    Cw20,
    Whitelist,
    /// Not of wasmd's tests but of ours: answers whatever it is told to.
    Echo,
}

/// The files of wasmd's own tests, as `scripts/setup contracts` lays them out.
const FILES: [(&str, Family); 15] = [
    ("hackatom.wasm", Family::Hackatom),
    ("hackatom_42.wasm", Family::Hackatom),
    ("hackatom_420.wasm", Family::Hackatom),
    ("reflect.wasm.v1_0", Family::Reflect),
    ("reflect_1_1.wasm", Family::Reflect),
    ("reflect_1_5.wasm", Family::Reflect),
    ("reflect_2_0.wasm", Family::Reflect),
    ("burner.wasm", Family::Burner),
    ("staking.wasm", Family::Staking),
    ("queue.wasm", Family::Queue),
    ("replier.wasm", Family::Replier),
    ("cyberpunk.wasm", Family::Cyberpunk),
    ("ibc_reflect.wasm", Family::IbcReflect),
    ("cw20_base.wasm", Family::Cw20),
    ("cw1_whitelist.wasm", Family::Whitelist),
];

/// It speaks as the newest contracts do.
const ECHO: &str = "echo_2_0.wasm";

/// A file that can be uploaded.
pub struct File {
    pub name: &'static str,
    pub family: Family,
    pub wasm: Vec<u8>,
    pub checksum: String,
}

/// An uploaded code.
#[derive(Clone)]
pub struct Code {
    pub id: u64,
    /// Which of the files it is.
    pub file: usize,
}

/// A contract on the chain.
#[derive(Clone)]
pub struct Instance {
    pub address: String,
    pub file: usize,
    /// Whoever instantiated it, whom most contracts take for their owner.
    pub owner: String,
    pub admin: String,
}

#[derive(Default)]
pub struct Contracts {
    pub files: Vec<File>,
    pub codes: Vec<Code>,
    pub instances: Vec<Instance>,
}

impl Contracts {
    /// Reads the files; without them no message about contracts can be made.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut files = FILES
            .iter()
            .map(|(name, family)| {
                let path = folder.join(name);
                let wasm = std::fs::read(&path).with_context(|| {
                    format!("cannot read {}: `scripts/setup contracts` fetches it", path.display())
                })?;
                let checksum = hex::encode(Sha256::digest(&wasm));
                Ok(File { name, family: *family, wasm, checksum })
            })
            .collect::<Result<Vec<_>>>()?;
        let wasm = wat::parse_str(include_str!("../../../wasm/tests/common/echo.wat"))?;
        let checksum = hex::encode(Sha256::digest(&wasm));
        files.push(File { name: ECHO, family: Family::Echo, wasm, checksum });
        Ok(Self { files, ..Self::default() })
    }

    /// Whether the file was made for a chain with the messages of CosmWasm 1.2 and later.
    pub fn is_new(&self, file: usize) -> bool {
        self.files.get(file).is_some_and(|f| f.name.contains("1_5") || f.name.contains("2_0"))
    }

    pub fn family(&self, file: usize) -> Option<Family> {
        self.files.get(file).map(|f| f.family)
    }

    /// A code of any file, or a number that is none.
    pub fn code(&self, dice: &mut Dice) -> Option<Code> {
        dice.pick(&self.codes).cloned()
    }

    /// A code that talks as an instance does, so that a migration to it may succeed.
    pub fn relative(&self, dice: &mut Dice, file: usize) -> Option<Code> {
        let family = self.family(file)?;
        let related: Vec<&Code> = self.codes.iter().filter(|c| self.family(c.file) == Some(family)).collect();
        dice.pick(&related).map(|code| (*code).clone())
    }

    /// One of the recent contracts, mostly.
    pub fn instance(&self, dice: &mut Dice) -> Option<&Instance> {
        let from = if dice.one_in(4) { 0 } else { self.instances.len().saturating_sub(30) };
        dice.pick(&self.instances[from..])
    }

    pub fn instance_of(&self, dice: &mut Dice, families: &[Family]) -> Option<&Instance> {
        let fitting: Vec<&Instance> = self
            .instances
            .iter()
            .filter(|i| self.family(i.file).is_some_and(|family| families.contains(&family)))
            .collect();
        let from = fitting.len().saturating_sub(20);
        dice.pick(&fitting[from..]).copied()
    }

    /// Takes note of what events say; `messages` are those of the transaction, if they come from one.
    pub fn learn(&mut self, events: &[Event], messages: &[Value]) {
        let mut seen = Vec::new();
        for event in events {
            let one = std::slice::from_ref(event);
            let get = |key: &str| attributes(one, &event.r#type, key).next().map(str::to_owned);
            match event.r#type.as_str() {
                "store_code" => {
                    let checksum = get("code_checksum").unwrap_or_default();
                    let file = self.files.iter().position(|f| f.checksum == checksum);
                    if let (Some(file), Some(id)) = (file, get("code_id").and_then(|id| id.parse().ok())) {
                        self.codes.push(Code { id, file });
                    }
                }
                "instantiate" => {
                    let id: u64 = get("code_id").and_then(|id| id.parse().ok()).unwrap_or_default();
                    let Some(file) = self.codes.iter().find(|c| c.id == id).map(|c| c.file) else { continue };
                    let index = get("msg_index").and_then(|i| i.parse::<usize>().ok());
                    let message = index.and_then(|i| messages.get(i));
                    // the first of a message is what the message asked for; others were made by contracts
                    let direct = !seen.contains(&index)
                        && message
                            .and_then(|m| m["@type"].as_str())
                            .is_some_and(|t| t.contains("InstantiateContract"));
                    seen.push(index);
                    let text = |key: &str| {
                        message.and_then(|m| m[key].as_str()).map(str::to_owned).unwrap_or_default()
                    };
                    self.instances.push(Instance {
                        address: get("_contract_address").unwrap_or_default(),
                        file,
                        owner: if direct { text("sender") } else { text("contract") },
                        admin: if direct { text("admin") } else { String::new() },
                    });
                }
                "migrate" => {
                    let id: u64 = get("code_id").and_then(|id| id.parse().ok()).unwrap_or_default();
                    let file = self.codes.iter().find(|c| c.id == id).map(|c| c.file);
                    let address = get("_contract_address").unwrap_or_default();
                    if let (Some(file), Some(instance)) =
                        (file, self.instances.iter_mut().find(|i| i.address == address))
                    {
                        instance.file = file;
                    }
                }
                "wasm" if get("action").as_deref() == Some("change_owner") => {
                    let address = get("_contract_address").unwrap_or_default();
                    if let Some(instance) = self.instances.iter_mut().find(|i| i.address == address) {
                        instance.owner = get("owner").unwrap_or_default();
                    }
                }
                "update_contract_admin" => {
                    let address = get("_contract_address").unwrap_or_default();
                    if let Some(instance) = self.instances.iter_mut().find(|i| i.address == address) {
                        instance.admin = get("new_admin_address").unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
    }
}
