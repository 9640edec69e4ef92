//! Leave to act for another, used and withdrawn.

use serde_json::{Value, json};

use super::bank::send_message;
use super::staking::delegate_message;
use crate::corpus::plan::{Effect, Kind, Plan};
use crate::corpus::world::{Grant, World, coin, recent};
use crate::dice::Dice;
use crate::genesis::STAKE;

pub const KINDS: &[Kind] = &[
    Kind { module: "authz", name: "authz/grant", weight: 8, make: grant },
    Kind { module: "authz", name: "authz/exec", weight: 10, make: exec },
    Kind { module: "authz", name: "authz/revoke", weight: 3, make: revoke },
];

const SEND: &str = "/cosmos.bank.v1beta1.MsgSend";
const DELEGATE: &str = "/cosmos.staking.v1beta1.MsgDelegate";
const GENERIC: [&str; 6] = [
    SEND,
    "/cosmos.gov.v1.MsgVote",
    DELEGATE,
    "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
    "/cosmos.authz.v1beta1.MsgExec",
    "/cosmos.nothing.v1.MsgNothing",
];

fn grant(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (granter, grantee) = (world.somebody(dice), world.somebody(dice));
    let (authorization, url) = match dice.below(4) {
        0 => {
            let allowed: Vec<String> =
                if dice.one_in(2) { vec![] } else { (0..3).map(|_| world.recipient(dice)).collect() };
            (
                json!({ "@type": "/cosmos.bank.v1beta1.SendAuthorization", "spend_limit": world.coins(dice), "allow_list": allowed }),
                SEND,
            )
        }
        1 => {
            let validators: Vec<&str> = (0..dice.between(1, 3))
                .filter_map(|_| world.operators.get(world.operator(dice)).map(|o| o.address.as_str()))
                .collect();
            let list = if dice.one_in(3) { "deny_list" } else { "allow_list" };
            let (kind, url) = [
                ("AUTHORIZATION_TYPE_DELEGATE", DELEGATE),
                ("AUTHORIZATION_TYPE_UNDELEGATE", "/cosmos.staking.v1beta1.MsgUndelegate"),
                ("AUTHORIZATION_TYPE_REDELEGATE", "/cosmos.staking.v1beta1.MsgBeginRedelegate"),
                (
                    "AUTHORIZATION_TYPE_CANCEL_UNBONDING_DELEGATION",
                    "/cosmos.staking.v1beta1.MsgCancelUnbondingDelegation",
                ),
                ("AUTHORIZATION_TYPE_UNSPECIFIED", DELEGATE),
            ][[0, 0, 0, 0, 1, 1, 2, 2, 3, 4][dice.below(10) as usize]];
            let mut authorization =
                json!({ "@type": "/cosmos.staking.v1beta1.StakeAuthorization", "authorization_type": kind });
            authorization[list] = json!({ "address": validators });
            if dice.one_in(2) {
                authorization["max_tokens"] = coin(STAKE, dice.magnitude(9));
            }
            (authorization, url)
        }
        _ => {
            let url = dice.pick(&GENERIC).copied()?;
            (json!({ "@type": "/cosmos.authz.v1beta1.GenericAuthorization", "msg": url }), url)
        }
    };
    let mut inner = json!({ "authorization": authorization });
    match dice.below(4) {
        0 => {}
        1 => inner["expiration"] = json!(world.later(dice.between(0, 120) as i64 - 5)),
        _ => inner["expiration"] = json!(world.later(dice.between(10, 100_000) as i64)),
    }
    let message = json!({ "@type": "/cosmos.authz.v1beta1.MsgGrant", "granter": world.address(granter), "grantee": world.address(grantee), "grant": inner });
    Some(Plan::new(granter, message).with(Effect::Granted(Grant { granter, grantee, url: url.into() })))
}

fn granted(dice: &mut Dice, world: &World) -> Option<Grant> {
    recent(dice, &world.grants).cloned()
}

/// What the grant's message may look like, in the granter's name.
fn acted(dice: &mut Dice, world: &World, grant: &Grant) -> Value {
    match grant.url.as_str() {
        DELEGATE => {
            let operator = world.operator(dice);
            delegate_message(dice, world, grant.granter, operator)
        }
        "/cosmos.gov.v1.MsgVote" => json!({
            "@type": grant.url, "proposal_id": world.proposals.last().map_or(1, |p| p.id).to_string(), "voter": world.address(grant.granter), "option": "VOTE_OPTION_YES",
        }),
        "/cosmos.staking.v1beta1.MsgUndelegate" => {
            let mut message = delegate_message(
                dice,
                world,
                grant.granter,
                world.delegations.iter().find(|(d, _)| *d == grant.granter).map_or(0, |(_, o)| *o),
            );
            message["@type"] = json!(grant.url);
            message
        }
        "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward" => json!({
            "@type": grant.url, "delegator_address": world.address(grant.granter), "validator_address": world.operators.first().map(|o| o.address.as_str()),
        }),
        "/cosmos.authz.v1beta1.MsgExec" => {
            json!({ "@type": grant.url, "grantee": world.address(grant.granter), "msgs": [send_message(dice, world, grant.granter)] })
        }
        _ => send_message(dice, world, grant.granter),
    }
}

fn exec(dice: &mut Dice, world: &World) -> Option<Plan> {
    let (grantee, mut messages) = if dice.one_in(8) {
        // without leave, or for oneself, which needs none
        let grantee = world.somebody(dice);
        let from = if dice.one_in(2) { grantee } else { world.somebody(dice) };
        (grantee, vec![send_message(dice, world, from)])
    } else {
        let grant = granted(dice, world)?;
        (grant.grantee, vec![acted(dice, world, &grant)])
    };
    if dice.one_in(4) {
        messages.push(send_message(dice, world, grantee));
    }
    for _ in 0..if dice.one_in(10) { dice.between(1, 3) } else { 0 } {
        messages = vec![
            json!({ "@type": "/cosmos.authz.v1beta1.MsgExec", "grantee": world.address(grantee), "msgs": messages }),
        ];
    }
    Some(Plan::new(grantee, json!({ "@type": "/cosmos.authz.v1beta1.MsgExec", "grantee": world.address(grantee), "msgs": messages })).gas(700_000))
}

fn revoke(dice: &mut Dice, world: &World) -> Option<Plan> {
    let grant = granted(dice, world)?;
    let message = json!({
        "@type": "/cosmos.authz.v1beta1.MsgRevoke", "granter": world.address(grant.granter), "grantee": world.address(grant.grantee),
        "msg_type_url": if dice.one_in(8) { SEND } else { &grant.url },
    });
    Some(Plan::new(grant.granter, message).with(Effect::Revoked(grant)))
}
