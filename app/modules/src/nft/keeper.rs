//! Classes and tokens in the store.

use iz_core::{Address, Context, Error, Result, stores};
use iz_proto::cosmos::nft::v1beta1::{Class, Nft};
use iz_store::KeyRange;

use super::keys;

/// Marks a token among those of its owner.
const PLACEHOLDER: u8 = 1;

/// `SaveClass`.
pub fn save_class(context: &mut Context, class: &Class) -> Result<()> {
    let key = keys::class(&class.id);
    if context.has(stores::NFT, &key)? {
        return Err(Error::panic(format!("{}: nft class already exists", class.id)));
    }
    context.set_message(stores::NFT, key, class)
}

/// `Mint`.
pub fn mint(context: &mut Context, token: &Nft, owner: &Address) -> Result<()> {
    let (class, id) = (&token.class_id, &token.id);
    if !context.has(stores::NFT, &keys::class(class))? {
        return Err(Error::panic(format!("{class}: nft class does not exist")));
    }
    let key = keys::token(class, id);
    if context.has(stores::NFT, &key)? {
        return Err(Error::panic(format!("{id}: nft already exists")));
    }
    context.set_message(stores::NFT, key, token)?;
    context.set(stores::NFT, keys::owner(class, id), owner.as_bytes().to_vec())?;
    context.set(stores::NFT, keys::owned(owner, class, id), vec![PLACEHOLDER])?;
    let supply = supply(context, class)?.saturating_add(1);
    context.set(stores::NFT, keys::supply(class), supply.to_be_bytes().to_vec())
}

fn supply(context: &mut Context, class: &str) -> Result<u64> {
    let Some(bytes) = context.get(stores::NFT, &keys::supply(class))? else { return Ok(0) };
    let bytes = <[u8; 8]>::try_from(&bytes[..]);
    Ok(u64::from_be_bytes(bytes.map_err(|_| Error::panic("nft: a supply in the store is damaged"))?))
}

pub fn classes(context: &mut Context) -> Result<Vec<Class>> {
    every(context, keys::CLASSES.to_vec())
}

pub fn tokens(context: &mut Context, class: &str) -> Result<Vec<Nft>> {
    every(context, keys::tokens(class))
}

pub fn owner(context: &mut Context, token: &Nft) -> Result<Address> {
    let bytes = context.get(stores::NFT, &keys::owner(&token.class_id, &token.id))?;
    Ok(Address::new(bytes.unwrap_or_default().to_vec()))
}

fn every<M: prost::Message + Default>(context: &mut Context, prefix: Vec<u8>) -> Result<Vec<M>> {
    let entries = context.collect(stores::NFT, KeyRange::prefix(prefix))?;
    let decode = |value: &[u8]| M::decode(value).map_err(|error| Error::panic(format!("nft: {error}")));
    entries.iter().map(|(_, value)| decode(value)).collect()
}
