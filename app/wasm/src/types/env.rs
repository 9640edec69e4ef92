//! What a contract is told of the block, of its address and of its caller.

use iz_core::{Address, Coins, Context, Error, Result};
use sha2::{Digest, Sha256};

use super::put_coin;
use crate::json::object;

/// The environment of a call (`NewEnv`).
pub fn contract_environment(context: &Context, contract: &Address) -> Result<Vec<u8>> {
    let height =
        u64::try_from(context.height()).map_err(|_| Error::panic("Block height must never be negative"))?;
    let time = context.time();
    let nanos =
        time.seconds.checked_mul(1_000_000_000).and_then(|nanos| nanos.checked_add(time.nanos.into()));
    let Some(nanos) = nanos.filter(|nanos| *nanos > 0) else {
        return Err(Error::panic("Block (unix) time must never be empty or negative "));
    };
    Ok(object(|env| {
        env.object("block", |block| {
            block.number("height", height);
            block.text("time", &nanos.to_string());
            block.text("chain_id", &context.block.chain_id);
        });
        match context.tx_counter {
            Some(index) => env.object("transaction", |transaction| {
                transaction.number("index", index.into());
                transaction.base64("hash", &Sha256::digest(&context.tx_bytes));
            }),
            None => env.null("transaction"),
        }
        env.object("contract", |place| place.text("address", &context.addresses().account(contract)));
    }))
}

/// Who calls, and with how much.
pub fn message_info(context: &Context, sender: &Address, funds: &Coins) -> Vec<u8> {
    object(|info| {
        info.text("sender", &context.addresses().account(sender));
        info.array("funds", |coins| {
            for coin in funds {
                coins.object(|object| put_coin(object, coin));
            }
        });
    })
}

/// Who migrates, and from what the old code says its state is.
pub fn migrate_info(context: &Context, sender: &Address, old_version: Option<u64>) -> Vec<u8> {
    object(|info| {
        info.text("sender", &context.addresses().account(sender));
        match old_version {
            Some(version) => info.number("old_migrate_version", version),
            None => info.null("old_migrate_version"),
        }
    })
}
