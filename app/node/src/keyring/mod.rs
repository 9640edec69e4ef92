//! Named keys on disk, in the form in which the SDK keeps them: a keyring made here opens in wasmd, and the other way round.

mod armor;
mod derivation;
mod items;
mod jwe;
mod passphrase;
mod public_key;
mod record;

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use iz_core::Address;
use k256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use zeroize::Zeroizing;

pub use derivation::{derive, generate_mnemonic, hd_path, mnemonic_is_valid, mnemonic_of};
pub use public_key::PublicKey;
pub use record::{Kind, Record};

use items::Items;

/// Where keys are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Encrypted with a passphrase that is asked for.
    File,
    /// Encrypted with a passphrase that everyone knows: for tests.
    Test,
    /// Nowhere: gone when the process ends.
    Memory,
}

impl Backend {
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "file" => Ok(Self::File),
            "test" => Ok(Self::Test),
            "memory" => Ok(Self::Memory),
            "os" | "kwallet" | "pass" => {
                bail!("keyring backend {name} is not in this binary; use --keyring-backend file (or test)")
            }
            _ => bail!("{name}: unknown keyring backend; use file or test"),
        }
    }
}

/// A private key of secp256k1. Its bytes are wiped when it goes.
pub struct PrivateKey(Zeroizing<[u8; 32]>);

impl PrivateKey {
    pub fn new(bytes: &[u8]) -> Result<Self> {
        let Ok(fixed) = <[u8; 32]>::try_from(bytes) else {
            bail!("a private key has 32 bytes, not {}", bytes.len());
        };
        let key = Self(Zeroizing::new(fixed));
        key.signing_key()?;
        Ok(key)
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    pub fn public_key(&self) -> Result<PublicKey> {
        let point = self.signing_key()?.verifying_key().to_encoded_point(true);
        Ok(PublicKey::Secp256k1(point.as_bytes().to_vec()))
    }

    /// Signs the SHA-256 of `message`; the nonce is that of RFC 6979 and `s` is low.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let signature: Signature = self.signing_key()?.sign(message);
        let signature = signature.normalize_s().unwrap_or(signature);
        Ok(signature.to_bytes().to_vec())
    }

    fn signing_key(&self) -> Result<SigningKey> {
        SigningKey::from_slice(self.0.as_slice())
            .map_err(|_| anyhow::anyhow!("these bytes are no private key of secp256k1"))
    }
}

/// The keys of one backend.
pub struct Keyring {
    items: Items,
}

impl Keyring {
    pub fn open(backend: Backend, folder: &Path) -> Result<Self> {
        Ok(Self { items: Items::open(backend, folder)? })
    }

    /// All keys, in the order of their names.
    pub fn list(&self) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        for name in self.items.names()? {
            if !name.ends_with(".info") {
                continue;
            }
            match self.read(&name) {
                Ok(Some(record)) => records.push(record),
                Ok(None) => {}
                Err(error) => eprintln!("cannot read key {name}: {error:#}"),
            }
        }
        Ok(records)
    }

    /// Whether every key can be read. Only the SDK before 0.46 wrote others, in amino; its keyrings are from before this binary.
    pub fn check(&self) -> Result<()> {
        for item in self.items.names()?.iter().filter(|name| name.ends_with(".info")) {
            self.read(item).with_context(|| {
                format!("{item} is not in the form of today; migrate the keyring with a binary of SDK 0.46 to 0.53")
            })?;
        }
        Ok(())
    }

    /// The key called `name`.
    pub fn key(&self, name: &str) -> Result<Record> {
        match self.find(name)? {
            Some(record) => Ok(record),
            None => bail!("{}: key not found", info(name)),
        }
    }

    pub fn find(&self, name: &str) -> Result<Option<Record>> {
        self.read(&info(name))
    }

    pub fn key_by_address(&self, address: &Address) -> Result<Option<Record>> {
        match self.items.get(&by_address(address))? {
            Some(name) if !name.is_empty() => self.read(std::str::from_utf8(&name)?),
            _ => Ok(None),
        }
    }

    pub fn private_key(&self, name: &str) -> Result<PrivateKey> {
        self.key(name)?.private_key()
    }

    /// Stores a key made from a mnemonic, unless its address is there under another name.
    pub fn add_account(&self, name: &str, key: &PrivateKey) -> Result<Record> {
        if self.key_by_address(&key.public_key()?.address())?.is_some() {
            bail!("duplicated address created");
        }
        self.add_local(name, key)
    }

    pub fn add_local(&self, name: &str, key: &PrivateKey) -> Result<Record> {
        self.write(Record::local(name, key)?)
    }

    /// Stores a public key: a multisig or one whose private key is elsewhere.
    pub fn add_public(&self, name: &str, key: &PublicKey) -> Result<Record> {
        self.write(Record::public(name, key))
    }

    pub fn delete(&self, name: &str) -> Result<()> {
        let record = self.key(name)?;
        self.items.remove(&by_address(&record.address()?))?;
        self.items.remove(&info(name))
    }

    pub fn rename(&self, old: &str, new: &str) -> Result<()> {
        if self.find(new)?.is_some() {
            bail!("rename failed, {new}: key already exists");
        }
        let key = self.private_key(old)?;
        self.delete(old)?;
        self.add_local(new, &key)?;
        Ok(())
    }

    pub fn export_armored(&self, name: &str, passphrase: &str) -> Result<String> {
        armor::encrypt_private_key(&self.private_key(name)?, passphrase)
    }

    pub fn import_armored(&self, name: &str, armored: &str, passphrase: &str) -> Result<()> {
        self.refuse_overwriting(name)?;
        let key = armor::decrypt_private_key(armored, passphrase)
            .map_err(|error| error.context("failed to decrypt private key"))?;
        self.add_local(name, &key)?;
        Ok(())
    }

    pub fn import_hex(&self, name: &str, text: &str) -> Result<()> {
        self.refuse_overwriting(name)?;
        let bytes = hex::decode(text.strip_prefix("0x").unwrap_or(text)).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| anyhow::anyhow!("a private key in hex has 64 digits 0-9 and a-f"))?;
        self.add_local(name, &PrivateKey::new(&bytes)?)?;
        Ok(())
    }

    fn refuse_overwriting(&self, name: &str) -> Result<()> {
        if self.find(name)?.is_some() {
            bail!("{name}: cannot overwrite key");
        }
        Ok(())
    }

    fn read(&self, item: &str) -> Result<Option<Record>> {
        let Some(data) = self.items.get(item)? else { return Ok(None) };
        Ok(Some(Record::decode(&data)?))
    }

    /// Two items a key: the record under its name, and the name under its address.
    fn write(&self, record: Record) -> Result<Record> {
        let item = info(record.name());
        if self.items.get(&item)?.is_some() {
            bail!("{item}: key already exists");
        }
        self.items.set(&item, &record.encode())?;
        self.items.set(&by_address(&record.address()?), item.as_bytes())?;
        Ok(record)
    }
}

/// The item of a key; a name that ends so already is taken as the item.
fn info(name: &str) -> String {
    if name.ends_with(".info") { name.to_owned() } else { format!("{name}.info") }
}

fn by_address(address: &Address) -> String {
    format!("{}.address", hex::encode(address.as_bytes()))
}

/// Bytes of a protobuf message that holds a secret, wiped when they go.
fn secret_bytes(message: &impl prost::Message) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(message.encode_to_vec())
}
