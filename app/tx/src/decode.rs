//! Bytes become a transaction once: split, checked for unknown fields, decoded, its keys and messages resolved. Only a [`CheckedTx`] runs.

use bytes::Bytes;
use iz_core::{Address, Chain, Coin, Coins, Error, Int, Message, Result, errors::sdk};
use iz_proto::{
    Any,
    cosmos::tx::v1beta1::{AuthInfo, Fee, TxBody},
    foreign_text,
    unknown_fields::reject_unknown_fields,
};
use prost::Name;

use crate::{kinds, public_key::PublicKey, raw::RawTx, signature::SignatureData};

/// A message of a transaction: its kind is known, and handled here if there is a `handler`.
pub struct TxMessage {
    pub type_url: String,
    pub handler: Option<Box<dyn Message>>,
    /// Why Go cannot tell its signers, if it cannot.
    signers_hidden: Option<String>,
}

/// A transaction that decoded: well formed, every kind in it known. Whether it may run is for the ante chain to say.
pub struct CheckedTx {
    pub bytes: Bytes,
    pub raw: RawTx,
    pub body: TxBody,
    pub auth_info: AuthInfo,
    pub messages: Vec<TxMessage>,
    /// Keys of the signer infos; accounts that signed before may leave them out.
    pub keys: Vec<Option<PublicKey>>,
    /// Who must sign: the signers of the messages in order of appearance, then the fee payer.
    signers: Result<Vec<Address>>,
    /// The fee's coins; `None` among the amounts is Go's nil integer.
    fee: Option<CheckedFee>,
}

struct CheckedFee {
    coins: Coins,
    has_nil: bool,
}

impl CheckedTx {
    pub fn decode(bytes: &Bytes, chain: &Chain) -> Result<Self> {
        let malformed = |why: String| sdk::TX_DECODE.wrap(why);
        let raw = RawTx::parse(bytes)?;
        reject_unknown_fields(&TxBody::full_name(), &raw.body, true)
            .map_err(|why| malformed(why.to_string()))?;
        let body = foreign_text::decode::<TxBody>(&raw.body).map_err(|error| malformed(error.to_string()))?;
        let messages =
            body.messages.iter().map(|any| decode_message(any, chain)).collect::<Result<Vec<_>>>()?;
        for option in body.extension_options.iter().chain(&body.non_critical_extension_options) {
            if !option.type_url.is_empty() {
                return Err(malformed("no registered implementations of type tx.TxExtensionOptionI".into()));
            }
        }
        reject_unknown_fields(&AuthInfo::full_name(), &raw.auth_info, false)
            .map_err(|why| malformed(why.to_string()))?;
        let auth_info =
            foreign_text::decode::<AuthInfo>(&raw.auth_info).map_err(|error| malformed(error.to_string()))?;
        let key = |any: &Option<Any>| match any {
            Some(any) if !any.type_url.is_empty() => PublicKey::from_any(any).map(Some),
            _ => Ok(None),
        };
        let keys =
            auth_info.signer_infos.iter().map(|info| key(&info.public_key)).collect::<Result<Vec<_>>>();
        let keys = keys.map_err(|error| malformed(error.log().to_owned()))?;
        let fee = auth_info.fee.as_ref().map(check_fee).transpose()?;
        let signers = signers_of(&messages, auth_info.fee.as_ref(), chain);
        Ok(Self { bytes: bytes.clone(), raw, body, auth_info, messages, keys, signers, fee })
    }

    /// The addresses that must sign, or why a message does not name them.
    pub fn signers(&self) -> Result<&[Address]> {
        self.signers.as_deref().map_err(Clone::clone)
    }

    /// The fee; Go panics where a transaction without one is asked for it.
    pub fn fee(&self) -> Result<&Fee> {
        self.auth_info.fee.as_ref().ok_or_else(nil_pointer)
    }

    pub fn fee_coins(&self) -> Result<&Coins> {
        self.fee.as_ref().map(|fee| &fee.coins).ok_or_else(nil_pointer)
    }

    /// Whether an amount of the fee is missing.
    #[must_use]
    pub fn fee_has_nil(&self) -> bool {
        self.fee.as_ref().is_some_and(|fee| fee.has_nil)
    }

    pub fn gas_limit(&self) -> Result<u64> {
        Ok(self.fee()?.gas_limit)
    }

    /// Who pays: the payer that the fee names, or the first signer.
    pub fn fee_payer(&self, chain: &Chain) -> Result<Address> {
        let fee = self.fee()?;
        if !fee.payer.is_empty() {
            return chain.addresses.parse_account(&fee.payer).map_err(|error| Error::panic(error.log()));
        }
        match self.signers() {
            Ok([first, ..]) => Ok(first.clone()),
            // Go takes a transaction whose signers it cannot tell to be paid for by nobody
            Err(_) => Ok(Address::default()),
            Ok([]) => Err(Error::panic("runtime error: index out of range [0] with length 0")),
        }
    }

    /// The granter that the fee names.
    pub fn fee_granter(&self, chain: &Chain) -> Result<Option<Address>> {
        let fee = self.fee()?;
        if fee.granter.is_empty() {
            return Ok(None);
        }
        chain.addresses.parse_account(&fee.granter).map(Some).map_err(|error| Error::panic(error.log()))
    }

    /// Each signer info's signature: none where simulation left the mode out.
    pub fn signatures(&self) -> Result<Vec<Option<SignatureData>>> {
        let given = &self.raw.signatures;
        let join = |(index, info): (usize, &iz_proto::cosmos::tx::v1beta1::SignerInfo)| match &info.mode_info
        {
            None => Ok(None),
            Some(mode) => match given.get(index) {
                Some(raw) => SignatureData::new(mode, raw).map(Some),
                None => Err(out_of_range(index, given.len())),
            },
        };
        self.auth_info.signer_infos.iter().enumerate().map(join).collect()
    }
}

/// Go's panic for an index beyond the end of a list.
pub(crate) fn out_of_range(index: usize, length: usize) -> Error {
    Error::panic(format!("runtime error: index out of range [{index}] with length {length}"))
}

pub(crate) fn nil_pointer() -> Error {
    Error::panic("runtime error: invalid memory address or nil pointer dereference")
}

fn decode_message(any: &Any, chain: &Chain) -> Result<TxMessage> {
    if !kinds::is_message(&any.type_url) {
        let why =
            format!("no concrete type registered for type URL {} against interface *types.Msg", any.type_url);
        return Err(sdk::TX_DECODE.wrap(why));
    }
    let handler = chain.router.decode(any)?;
    // Go knows the messages of IBC by their descriptors alone, and reads those strictly: those that it handles when it looks for
    // their signers, the others at once
    let name = any.type_url.strip_prefix('/').unwrap_or_default();
    let lenient = name.starts_with("cosmos.") || name.starts_with("cosmwasm.");
    let foreign = if lenient { None } else { foreign_text::first(name, &any.value) };
    if foreign.is_some() && handler.is_none() {
        return Err(sdk::TX_DECODE.wrap("string field contains invalid UTF-8"));
    }
    let signers_hidden = foreign.map(|field| {
        format!("cannot unmarshal msg {}: proto: field {field} contains invalid UTF-8", any.type_url)
    });
    Ok(TxMessage { type_url: any.type_url.clone(), handler, signers_hidden })
}

fn check_fee(fee: &Fee) -> Result<CheckedFee> {
    let mut coins = Vec::with_capacity(fee.amount.len());
    let mut has_nil = false;
    for coin in &fee.amount {
        has_nil |= coin.amount.is_empty();
        let amount = Int::from_wire(&coin.amount).map_err(|error| sdk::TX_DECODE.wrap(error.log()))?;
        coins.push(Coin::new(coin.denom.clone(), amount));
    }
    Ok(CheckedFee { coins: Coins::from_list(coins), has_nil })
}

fn signers_of(messages: &[TxMessage], fee: Option<&Fee>, chain: &Chain) -> Result<Vec<Address>> {
    let mut signers: Vec<Address> = Vec::new();
    let mut add = |signer: Address| {
        if !signers.contains(&signer) {
            signers.push(signer);
        }
    };
    for message in messages {
        if let Some(why) = &message.signers_hidden {
            return Err(Error::plain(why.clone()));
        }
        if let Some(handler) = &message.handler {
            handler.signers(chain)?.into_iter().for_each(&mut add);
        }
    }
    if let Some(payer) = fee.map(|fee| &fee.payer).filter(|payer| !payer.is_empty()) {
        add(chain.addresses.parse_account(payer)?);
    }
    Ok(signers)
}
