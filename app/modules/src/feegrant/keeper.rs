//! Allowances in the store: paying from one, replacing it, taking it back, pruning.

use iz_core::{Address, Coins, Context, Error, Event, Result, errors::sdk, stores};
use iz_proto::cosmos::feegrant::v1beta1::Grant;

use super::{keys, types::Allowance};

pub(super) mod event {
    pub const USE: &str = "use_feegrant";
    pub const REVOKE: &str = "revoke_feegrant";
    pub const SET: &str = "set_feegrant";
    pub const UPDATE: &str = "update_feegrant";
    pub const PRUNE: &str = "prune_feegrant";
    pub const GRANTER: &str = "granter";
    pub const GRANTEE: &str = "grantee";
    pub const PRUNER: &str = "pruner";
}

/// Lets `granter` pay `fee` for messages of these kinds, which `grantee` signed (`UseGrantedFees`).
pub fn use_granted_fees(
    context: &mut Context,
    granter: &Address,
    grantee: &Address,
    fee: &Coins,
    kinds: &[String],
) -> Result<()> {
    let mut allowance = allowance(context, granter, grantee)?;
    let verdict = allowance.accept(context, fee, kinds)?;
    if verdict.remove {
        match revoke_allowance(context, granter, grantee) {
            Err(error) if error.is_fatal() => return Err(error),
            // what was granted suffices for this transaction, so Go ignores a failure here
            _ => {}
        }
        verdict.outcome?;
        emit(context, event::USE, granter, grantee);
        return Ok(());
    }
    verdict.outcome?;
    emit(context, event::USE, granter, grantee);
    update_allowance(context, granter, grantee, &allowance)
}

/// The grant between two accounts.
pub fn grant(context: &mut Context, granter: &Address, grantee: &Address) -> Result<Grant> {
    let stored = context.get_message(stores::FEEGRANT, &keys::allowance(granter, grantee))?;
    stored.ok_or_else(|| sdk::NOT_FOUND.wrap("fee-grant not found"))
}

/// The allowance between two accounts.
pub fn allowance(context: &mut Context, granter: &Address, grantee: &Address) -> Result<Allowance> {
    Allowance::from_any(grant(context, granter, grantee)?.allowance.as_ref())
}

/// Whether there is an allowance, as Go asks: any error but a fatal one means no.
pub fn has_allowance(context: &mut Context, granter: &Address, grantee: &Address) -> Result<bool> {
    match allowance(context, granter, grantee) {
        Ok(_) => Ok(true),
        Err(error) if error.is_fatal() => Err(error),
        Err(_) => Ok(false),
    }
}

fn update_allowance(
    context: &mut Context,
    granter: &Address,
    grantee: &Address,
    allowance: &Allowance,
) -> Result<()> {
    grant(context, granter, grantee)?;
    store(context, granter, grantee, allowance)?;
    emit(context, event::UPDATE, granter, grantee);
    Ok(())
}

/// Writes the grant.
pub(super) fn store(
    context: &mut Context,
    granter: &Address,
    grantee: &Address,
    allowance: &Allowance,
) -> Result<()> {
    let grant = Grant {
        granter: context.addresses().account(granter),
        grantee: context.addresses().account(grantee),
        allowance: Some(allowance.to_any()),
    };
    context.set_message(stores::FEEGRANT, keys::allowance(granter, grantee), &grant)
}

/// Takes an allowance back.
pub fn revoke_allowance(context: &mut Context, granter: &Address, grantee: &Address) -> Result<()> {
    let allowance = allowance(context, granter, grantee)?;
    context.delete(stores::FEEGRANT, keys::allowance(granter, grantee))?;
    if let Some(end) = allowance.expires_at()? {
        // Go confuses the two accounts here: the entry stays in the queue until it is pruned
        context.delete(stores::FEEGRANT, keys::queue(end, grantee, granter))?;
    }
    emit(context, event::REVOKE, granter, grantee);
    Ok(())
}

pub(super) fn emit(context: &mut Context, kind: &'static str, granter: &Address, grantee: &Address) {
    let (granter, grantee) = (context.addresses().account(granter), context.addresses().account(grantee));
    context.emit(Event::new(kind).with(event::GRANTER, granter).with(event::GRANTEE, grantee));
}

/// Removes at most `limit` allowances that have ended.
pub fn remove_expired(context: &mut Context, limit: u32) -> Result<()> {
    let range = keys::queue_until(context.time());
    let mut cursor = context.iterate(stores::FEEGRANT, range)?;
    let mut count = 0;
    while let Some((key, _)) = cursor.entry().cloned() {
        context.delete(stores::FEEGRANT, key.clone())?;
        let (granter, grantee) = keys::queue_parties(&key)
            .ok_or_else(|| Error::panic(format!("expected key of length at least {}", key.len())))?;
        context.delete(stores::FEEGRANT, keys::allowance(&granter, &grantee))?;
        count += 1;
        if count == limit {
            return Ok(());
        }
        cursor.advance(context)?;
    }
    Ok(())
}

/// Every grant, in key order.
pub fn grants(context: &mut Context) -> Result<Vec<Grant>> {
    let mut grants = Vec::new();
    for (_, value) in context.collect(stores::FEEGRANT, iz_store::KeyRange::prefix(vec![keys::ALLOWANCES]))? {
        grants.push(decode(&value)?);
    }
    Ok(grants)
}

pub(super) fn decode(value: &[u8]) -> Result<Grant> {
    prost::Message::decode(value).map_err(|error| Error::plain(error.to_string()))
}

#[cfg(test)]
mod tests {
    use iz_core::{Coin, Timestamp};
    use iz_proto::cosmos::feegrant::v1beta1::BasicAllowance;

    use super::*;
    use crate::{convert::coins_to_proto, testing};

    fn basic(limit: i64, end: Option<Timestamp>) -> Allowance {
        let spend_limit = coins_to_proto(&Coins::one(Coin::new("stake", limit)));
        Allowance::Basic(BasicAllowance { spend_limit, expiration: end.map(Into::into) })
    }

    #[test]
    fn a_fee_is_taken_and_the_last_one_ends_the_grant() {
        let mut context = testing::context();
        let (granter, grantee) = (testing::account(1), testing::account(2));
        store(&mut context, &granter, &grantee, &basic(3, None)).unwrap();
        let fee = Coins::one(Coin::new("stake", 2));
        use_granted_fees(&mut context, &granter, &grantee, &fee, &[]).unwrap();
        let kinds: Vec<_> = context.take_events().iter().map(|event| event.kind.to_string()).collect();
        assert_eq!(kinds, [event::USE, event::UPDATE]);
        assert_eq!(use_granted_fees(&mut context, &granter, &grantee, &fee, &[]).unwrap_err().code(), 2);
        let rest = Coins::one(Coin::new("stake", 1));
        use_granted_fees(&mut context, &granter, &grantee, &rest, &[]).unwrap();
        let kinds: Vec<_> = context.take_events().iter().map(|event| event.kind.to_string()).collect();
        assert_eq!(kinds, [event::REVOKE, event::USE]);
        let missing = use_granted_fees(&mut context, &granter, &grantee, &rest, &[]).unwrap_err();
        assert_eq!((missing.codespace(), missing.code()), ("sdk", 38));
    }

    #[test]
    fn ended_grants_are_pruned_up_to_the_limit() {
        let mut context = testing::context();
        let end = context.time().plus_nanos(-1);
        for byte in 1..=3 {
            let (granter, grantee) = (testing::account(byte), testing::account(9));
            store(&mut context, &granter, &grantee, &basic(1, Some(end))).unwrap();
            context.set(stores::FEEGRANT, keys::queue(end, &granter, &grantee), Vec::new()).unwrap();
        }
        remove_expired(&mut context, 2).unwrap();
        assert_eq!(grants(&mut context).unwrap().len(), 1);
        remove_expired(&mut context, 2).unwrap();
        assert!(grants(&mut context).unwrap().is_empty());
    }
}
