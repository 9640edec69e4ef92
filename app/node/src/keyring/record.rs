//! What the keyring knows of a key: the SDK's `Record`.

use std::fmt;

use anyhow::{Context as _, Result, bail};
use iz_core::Address;
use iz_proto::{
    Any,
    cosmos::crypto::{
        keyring::v1::{
            Record as Stored,
            record::{self, Item},
        },
        secp256k1,
    },
};
use prost::{Message as _, Name as _};
use zeroize::{Zeroize as _, Zeroizing};

use super::{PrivateKey, PublicKey, secret_bytes};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Local,
    Ledger,
    Offline,
    Multi,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Local => "local",
            Self::Ledger => "ledger",
            Self::Offline => "offline",
            Self::Multi => "multi",
        })
    }
}

pub struct Record(Stored);

impl Record {
    pub fn local(name: &str, key: &PrivateKey) -> Result<Self> {
        let secret = secp256k1::PrivKey { key: key.as_bytes().to_vec() };
        let value = secret_bytes(&secret).to_vec();
        let item = Item::Local(record::Local {
            priv_key: Some(Any { type_url: secp256k1::PrivKey::type_url(), value }),
        });
        let mut secret = secret;
        secret.key.zeroize();
        Ok(Self::new(name, &key.public_key()?, item))
    }

    pub fn public(name: &str, key: &PublicKey) -> Self {
        let item = match key {
            PublicKey::Multisig { .. } => Item::Multi(record::Multi {}),
            _ => Item::Offline(record::Offline {}),
        };
        Self::new(name, key, item)
    }

    fn new(name: &str, key: &PublicKey, item: Item) -> Self {
        Self(Stored { name: name.to_owned(), pub_key: Some(key.to_any()), item: Some(item) })
    }

    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let stored =
            Stored::decode(bytes).context("this key is not in the form the keyring writes since 0.46")?;
        if stored.pub_key.is_none() || stored.item.is_none() {
            bail!("this key's record is incomplete");
        }
        Ok(Self(stored))
    }

    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        secret_bytes(&self.0)
    }

    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub fn kind(&self) -> Kind {
        match &self.0.item {
            Some(Item::Local(_)) => Kind::Local,
            Some(Item::Ledger(_)) => Kind::Ledger,
            Some(Item::Multi(_)) => Kind::Multi,
            Some(Item::Offline(_)) | None => Kind::Offline,
        }
    }

    pub fn public_key(&self) -> Result<PublicKey> {
        match &self.0.pub_key {
            Some(any) => PublicKey::from_any(any),
            None => bail!("the key {} has no public key", self.0.name),
        }
    }

    pub fn address(&self) -> Result<Address> {
        Ok(self.public_key()?.address())
    }

    pub fn private_key(&self) -> Result<PrivateKey> {
        let Some(Item::Local(local)) = &self.0.item else {
            bail!("private key extraction works only for Local");
        };
        let Some(any) = &local.priv_key else { bail!("private key is not available") };
        if any.type_url != secp256k1::PrivKey::type_url() {
            bail!("a private key of kind {} is not supported", any.type_url);
        }
        let secret = secp256k1::PrivKey::decode(any.value.as_slice())?;
        let bytes = Zeroizing::new(secret.key);
        PrivateKey::new(&bytes)
    }
}

/// The private key inside is wiped.
impl Drop for Record {
    fn drop(&mut self) {
        if let Some(Item::Local(record::Local { priv_key: Some(any) })) = &mut self.0.item {
            any.value.zeroize();
        }
    }
}
