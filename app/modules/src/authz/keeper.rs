//! Grants in the store, and the queue of their ends.

use iz_core::{Address, Context, Error, Event, Result, Timestamp, stores};
use iz_proto::{
    Any,
    cosmos::authz::v1beta1::{EventGrant, EventRevoke, Grant, GrantQueueItem},
};
use iz_store::KeyRange;
use prost::Name;

use super::{errors, keys, types::Authorization};
use crate::canonical;

/// What a look at one entry of the queue costs.
const GAS_PER_QUEUE_ENTRY: u64 = 20;

pub fn grant(context: &mut Context, key: &[u8]) -> Result<Option<Grant>> {
    context.get_message(stores::AUTHZ, key)
}

/// `SaveGrant`: a new grant, or one in the place of an old one, with the authorization as it came.
pub fn save_grant(
    context: &mut Context,
    grantee: &Address,
    granter: &Address,
    (authorization, packed): (&Authorization, &Any),
    expiration: Option<Timestamp>,
) -> Result<()> {
    let kind = authorization.message_kind()?;
    let key = keys::grant(grantee, granter, &kind);
    let now = context.time();
    if let Some(end) = expiration
        && end <= now
    {
        return Err(errors::INVALID_EXPIRATION_TIME.wrap(format!(
            "expiration must be after the current block time ({}), got {}",
            whole_seconds(now),
            whole_seconds(end)
        )));
    }
    let old = grant(context, &key)?.and_then(|grant| grant.expiration).as_ref().map(Timestamp::from);
    if old != expiration {
        if let Some(old) = old {
            leave_queue(context, &kind, granter, grantee, old)?;
        }
        if let Some(end) = expiration {
            join_queue(context, &kind, granter, grantee, end)?;
        }
    }
    // packed anew from what came: what was read may stand for bytes that are no UTF-8
    let stored =
        Grant { authorization: Some(canonical::any(packed)), expiration: expiration.map(Into::into) };
    context.set_message(stores::AUTHZ, key, &stored)?;
    emit(context, EventGrant::full_name(), kind, granter, grantee);
    Ok(())
}

/// `DeleteGrant`.
pub fn delete_grant(context: &mut Context, grantee: &Address, granter: &Address, kind: &str) -> Result<()> {
    let key = keys::grant(grantee, granter, kind);
    let Some(stored) = grant(context, &key)? else {
        return Err(errors::NO_AUTHORIZATION_FOUND
            .wrap(format!("failed to delete grant with key {}", String::from_utf8_lossy(&key))));
    };
    if let Some(end) = stored.expiration.as_ref().map(Timestamp::from) {
        leave_queue(context, kind, granter, grantee, end)?;
    }
    context.delete(stores::AUTHZ, key)?;
    emit(context, EventRevoke::full_name(), kind.to_owned(), granter, grantee);
    Ok(())
}

/// Puts another authorization into a grant.
pub fn update_grant(
    context: &mut Context,
    grantee: &Address,
    granter: &Address,
    updated: &Authorization,
) -> Result<()> {
    let key = keys::grant(grantee, granter, &updated.message_kind()?);
    let Some(mut stored) = grant(context, &key)? else {
        return Err((&errors::NO_AUTHORIZATION_FOUND).into());
    };
    stored.authorization = Some(updated.to_any());
    context.set_message(stores::AUTHZ, key, &stored)
}

/// Go's `time.RFC3339`, which drops fractions.
fn whole_seconds(moment: Timestamp) -> String {
    Timestamp { nanos: 0, ..moment }.rfc3339()
}

fn join_queue(
    context: &mut Context,
    kind: &str,
    granter: &Address,
    grantee: &Address,
    end: Timestamp,
) -> Result<()> {
    let key = keys::queue(end, granter, grantee);
    let mut item: GrantQueueItem = context.get_message(stores::AUTHZ, &key)?.unwrap_or_default();
    item.msg_type_urls.push(kind.to_owned());
    context.set_message(stores::AUTHZ, key, &item)
}

fn leave_queue(
    context: &mut Context,
    kind: &str,
    granter: &Address,
    grantee: &Address,
    end: Timestamp,
) -> Result<()> {
    let key = keys::queue(end, granter, grantee);
    let Some(mut item) = context.get_message::<GrantQueueItem>(stores::AUTHZ, &key)? else {
        return Err(
            errors::NO_GRANT_KEY_FOUND.wrap("can't remove grant from the expire queue, grant key not found")
        );
    };
    for place in 0..item.msg_type_urls.len() {
        context.consume_gas(GAS_PER_QUEUE_ENTRY, "grant queue")?;
        if item.msg_type_urls[place] == kind {
            item.msg_type_urls.swap_remove(place);
            return context.set_message(stores::AUTHZ, key, &item);
        }
    }
    Ok(())
}

/// A typed event: its values are JSON.
fn emit(context: &mut Context, name: String, kind: String, granter: &Address, grantee: &Address) {
    let (granter, grantee) = (context.addresses().account(granter), context.addresses().account(grantee));
    context.emit(
        Event::new(name)
            .with("grantee", format!("\"{grantee}\""))
            .with("granter", format!("\"{granter}\""))
            .with("msg_type_url", format!("\"{kind}\"")),
    );
}

/// Removes every grant that has ended, with its place in the queue.
pub fn delete_expired(context: &mut Context) -> Result<()> {
    let range = keys::queue_until(context.time());
    let mut cursor = context.iterate(stores::AUTHZ, range)?;
    while let Some((key, value)) = cursor.entry().cloned() {
        let item: GrantQueueItem =
            prost::Message::decode(value).map_err(|error| Error::plain(error.to_string()))?;
        let (granter, grantee) = keys::queue_parties(&key)
            .ok_or_else(|| Error::panic(format!("expected key of length at least {}", key.len())))?;
        context.delete(stores::AUTHZ, key)?;
        for kind in &item.msg_type_urls {
            context.delete(stores::AUTHZ, keys::grant(&grantee, &granter, kind))?;
        }
        cursor.advance(context)?;
    }
    Ok(())
}

/// Every grant with its granter and grantee, in key order.
pub fn grants(context: &mut Context) -> Result<Vec<(Address, Address, Grant)>> {
    let mut grants = Vec::new();
    for (key, value) in context.collect(stores::AUTHZ, KeyRange::prefix(vec![keys::GRANTS]))? {
        let (granter, grantee) = keys::parties(&key[1..])
            .ok_or_else(|| Error::panic(format!("expected key of length at least {}", key.len())))?;
        grants.push((granter, grantee, decode(&value)?));
    }
    Ok(grants)
}

pub(super) fn decode(value: &[u8]) -> Result<Grant> {
    prost::Message::decode(value).map_err(|error| Error::plain(error.to_string()))
}

#[cfg(test)]
mod tests {
    use iz_proto::cosmos::authz::v1beta1::GenericAuthorization;

    use super::*;
    use crate::testing;

    fn generic(kind: &str) -> Authorization {
        Authorization::Generic(GenericAuthorization { msg: kind.to_owned() })
    }

    fn save(
        context: &mut Context,
        grantee: &Address,
        granter: &Address,
        authorization: &Authorization,
        expiration: Option<Timestamp>,
    ) -> Result<()> {
        save_grant(context, grantee, granter, (authorization, &authorization.to_any()), expiration)
    }

    #[test]
    fn what_is_no_utf8_in_a_grant_is_kept_as_it_came() {
        use iz_proto::{
            cosmos::staking::v1beta1::{
                AuthorizationType, StakeAuthorization,
                stake_authorization::{Policy, Validators},
            },
            wire::{Reader, Value},
        };
        use prost::Message;
        let mut context = testing::context();
        let (granter, grantee) = (testing::account(1), testing::account(2));
        let stake = StakeAuthorization {
            max_tokens: Some(iz_proto::cosmos::base::v1beta1::Coin {
                denom: "stakeXYZ".to_owned(),
                amount: "15".to_owned(),
            }),
            authorization_type: AuthorizationType::Delegate.into(),
            policy: Some(Policy::AllowList(Validators { address: vec![b"wasmvaloper1".to_vec()] })),
        };
        let mut value = stake.encode_to_vec();
        let place = value.windows(3).position(|bytes| bytes == b"XYZ").unwrap();
        value[place..place + 3].copy_from_slice(&[0xff, 0x80, 0xc3]);
        let packed = Any { type_url: StakeAuthorization::type_url(), value };
        let authorization = Authorization::from_any(Some(&packed)).unwrap();
        save_grant(&mut context, &grantee, &granter, (&authorization, &packed), None).unwrap();
        let key = keys::grant(&grantee, &granter, &authorization.message_kind().unwrap());
        let stored = context.get(stores::AUTHZ, &key).unwrap().unwrap();
        let mut fields = Reader::new(&stored);
        let Some((1, Value::Bytes(kept))) = fields.field().unwrap() else { panic!("no authorization") };
        assert_eq!(kept, packed.encode_to_vec());
    }

    #[test]
    fn a_grant_moves_in_the_queue_and_leaves_it() {
        let mut context = testing::context();
        let (granter, grantee) = (testing::account(1), testing::account(2));
        let soon = context.time().plus_nanos(1);
        let late = context.time().plus_nanos(2);
        save(&mut context, &grantee, &granter, &generic("/a"), Some(soon)).unwrap();
        save(&mut context, &grantee, &granter, &generic("/b"), Some(soon)).unwrap();
        save(&mut context, &grantee, &granter, &generic("/a"), Some(late)).unwrap();
        let queued = |context: &mut Context, end| -> Vec<String> {
            let key = keys::queue(end, &granter, &grantee);
            context.get_message::<GrantQueueItem>(stores::AUTHZ, &key).unwrap().unwrap().msg_type_urls
        };
        assert_eq!(queued(&mut context, soon), ["/b"]);
        assert_eq!(queued(&mut context, late), ["/a"]);
        delete_grant(&mut context, &grantee, &granter, "/b").unwrap();
        assert!(queued(&mut context, soon).is_empty());
        let gone = delete_grant(&mut context, &grantee, &granter, "/b").unwrap_err();
        assert_eq!((gone.codespace(), gone.code()), ("authz", 2));
    }

    #[test]
    fn a_grant_must_end_in_the_future() {
        let mut context = testing::context();
        let (granter, grantee) = (testing::account(1), testing::account(2));
        let now = context.time();
        let error = save(&mut context, &grantee, &granter, &generic("/a"), Some(now)).unwrap_err();
        assert_eq!(
            error.log(),
            "expiration must be after the current block time (2023-11-14T22:13:20Z), got 2023-11-14T22:13:20Z: \
             expiration time of authorization should be more than current time"
        );
    }

    #[test]
    fn ended_grants_are_gone_with_the_next_block() {
        let mut context = testing::context();
        let (granter, grantee) = (testing::account(1), testing::account(2));
        let end = context.time().plus_nanos(1);
        save(&mut context, &grantee, &granter, &generic("/a"), Some(end)).unwrap();
        save(&mut context, &grantee, &granter, &generic("/b"), None).unwrap();
        let mut next = testing::context_at(2, end.plus_nanos(1));
        *next.overlay_mut() = context.into_overlay();
        delete_expired(&mut next).unwrap();
        assert_eq!(grants(&mut next).unwrap().len(), 1);
    }
}
