//! Queries of every module with parameters from the world, good and bad, and reads of the stores with proofs.

use serde_json::{Value, json};
use tendermint_proto::v0_38::abci::RequestQuery;

use super::contract_queries;
use super::world::World;
use crate::descriptors;
use crate::dice::Dice;
use crate::genesis::{OTHERS, STAKE};
use crate::keys::bech32;

/// Stores that a proof can be asked of.
pub const STORES: [&str; 22] = [
    "acc",
    "authz",
    "bank",
    "circuit",
    "consensus",
    "distribution",
    "epochs",
    "evidence",
    "feegrant",
    "gov",
    "group",
    "ibc",
    "icacontroller",
    "icahost",
    "mint",
    "nft",
    "protocolpool",
    "slashing",
    "staking",
    "transfer",
    "upgrade",
    "wasm",
];

/// A random query.
pub fn any(dice: &mut Dice, world: &World) -> Option<RequestQuery> {
    let height =
        if dice.one_in(5) && world.height > 3 { dice.between(1, world.height as u64 + 1) as i64 } else { 0 };
    if dice.one_in(6) {
        return Some(store(dice, world, height));
    }
    if dice.one_in(40) {
        return Some(nonsense(dice));
    }
    let (path, request) = module(dice, world)?;
    let name = input_type(path)?;
    let data = descriptors::encode(&name, &request).ok()?;
    Some(RequestQuery { path: path.into(), data: data.into(), height, prove: false })
}

/// The request type of a method given as `/package.Service/Method`.
fn input_type(path: &str) -> Option<String> {
    let (service, method) = path.trim_start_matches('/').split_once('/')?;
    let service = descriptors::pool().get_service_by_name(service)?;
    let method = service.methods().find(|m| m.name() == method)?;
    Some(method.input().full_name().to_owned())
}

fn store(dice: &mut Dice, world: &World, height: i64) -> RequestQuery {
    let name = dice.pick(&STORES).copied().unwrap_or("bank");
    let mut key = match name {
        "acc" => [&[1], world.actors[world.somebody(dice)].raw.as_slice()].concat(),
        "bank" => {
            let raw = &world.actors[world.somebody(dice)].raw;
            [&[2, raw.len() as u8], raw.as_slice(), STAKE.as_bytes()].concat()
        }
        "gov" => [&[0], dice.between(1, 20).to_be_bytes().as_slice()].concat(),
        "mint" | "distribution" => vec![0],
        _ => vec![dice.below(256) as u8],
    };
    if dice.one_in(4) {
        key.push(dice.below(256) as u8);
    }
    RequestQuery { path: format!("/store/{name}/key"), data: key.into(), height, prove: !dice.one_in(4) }
}

fn nonsense(dice: &mut Dice) -> RequestQuery {
    let paths = [
        "",
        "/",
        "/store",
        "/store/bank",
        "/store/none/key",
        "/app",
        "/app/version",
        "/p2p/filter/addr/1",
        "/custom/bank",
        "/cosmos.bank.v1beta1.Query/Nothing",
        "app/nothing",
    ];
    let path = dice.pick(&paths).copied().unwrap_or_default().to_owned();
    let count = dice.below(6) as usize;
    RequestQuery { path, data: dice.bytes(count).into(), height: 0, prove: dice.one_in(5) }
}

fn page(dice: &mut Dice) -> Value {
    match dice.below(6) {
        0 => json!({ "limit": dice.between(1, 5).to_string() }),
        1 => {
            json!({ "limit": dice.between(1, 5).to_string(), "offset": dice.below(6).to_string(), "count_total": true })
        }
        2 => json!({ "limit": dice.between(1, 3).to_string(), "reverse": true }),
        _ => Value::Null,
    }
}

fn module(dice: &mut Dice, world: &World) -> Option<(&'static str, Value)> {
    if dice.one_in(3)
        && let Some(query) = contract_queries::any(dice, world)
    {
        return Some(query);
    }
    let address = if dice.one_in(20) {
        "nonsense".to_owned()
    } else {
        let who = world.somebody(dice);
        world.address(who).to_owned()
    };
    let other = world.recipient(dice);
    let operator = world.operators.get(world.operator(dice))?;
    let (valoper, valcons) =
        (operator.address.clone(), bech32("wasmvalcons", &operator.consensus_address).ok()?);
    let second = world.operators.get(world.operator(dice))?.address.clone();
    let (delegator, delegated) = world
        .delegations
        .iter()
        .nth(dice.below(world.delegations.len() as u64) as usize)
        .copied()
        .unwrap_or_default();
    let (delegator, delegated) =
        (world.address(delegator).to_owned(), world.operators.get(delegated)?.address.clone());
    let grant = world.grants.get(dice.below(world.grants.len() as u64) as usize);
    let (granter, grantee) = grant.map_or((address.clone(), other.clone()), |g| {
        (world.address(g.granter).to_owned(), world.address(g.grantee).to_owned())
    });
    let fees = world.allowances.get(dice.below(world.allowances.len() as u64) as usize);
    let (payer, paid) = fees.map_or((address.clone(), other.clone()), |(a, b)| {
        (world.address(*a).to_owned(), world.address(*b).to_owned())
    });
    let proposal = dice.between(0, world.proposals.last().map_or(1, |p| p.id) + 1).to_string();
    let denom = if dice.one_in(8) {
        "nothing"
    } else {
        dice.pick(&[STAKE, OTHERS[0], OTHERS[1], OTHERS[2]]).copied()?
    };
    let page = page(dice);
    let all: Vec<(&'static str, Value)> = vec![
        ("/cosmos.auth.v1beta1.Query/Accounts", json!({ "pagination": page })),
        ("/cosmos.auth.v1beta1.Query/Account", json!({ "address": address })),
        ("/cosmos.auth.v1beta1.Query/AccountInfo", json!({ "address": address })),
        (
            "/cosmos.auth.v1beta1.Query/AccountAddressByID",
            json!({ "account_id": dice.below(80).to_string() }),
        ),
        ("/cosmos.auth.v1beta1.Query/Params", json!({})),
        ("/cosmos.auth.v1beta1.Query/ModuleAccounts", json!({})),
        ("/cosmos.auth.v1beta1.Query/ModuleAccountByName", json!({ "name": "gov" })),
        ("/cosmos.auth.v1beta1.Query/Bech32Prefix", json!({})),
        (
            "/cosmos.auth.v1beta1.Query/AddressBytesToString",
            json!({ "address_bytes": "AAECAwQFBgcICQoLDA0ODxAREhM=" }),
        ),
        ("/cosmos.auth.v1beta1.Query/AddressStringToBytes", json!({ "address_string": address })),
        ("/cosmos.bank.v1beta1.Query/Balance", json!({ "address": address, "denom": denom })),
        ("/cosmos.bank.v1beta1.Query/AllBalances", json!({ "address": address, "pagination": page })),
        ("/cosmos.bank.v1beta1.Query/SpendableBalances", json!({ "address": address, "pagination": page })),
        ("/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom", json!({ "address": address, "denom": denom })),
        ("/cosmos.bank.v1beta1.Query/TotalSupply", json!({ "pagination": page })),
        ("/cosmos.bank.v1beta1.Query/SupplyOf", json!({ "denom": denom })),
        ("/cosmos.bank.v1beta1.Query/Params", json!({})),
        ("/cosmos.bank.v1beta1.Query/DenomsMetadata", json!({ "pagination": page })),
        ("/cosmos.bank.v1beta1.Query/DenomMetadata", json!({ "denom": denom })),
        ("/cosmos.bank.v1beta1.Query/DenomMetadataByQueryString", json!({ "denom": denom })),
        ("/cosmos.bank.v1beta1.Query/DenomOwners", json!({ "denom": denom, "pagination": page })),
        ("/cosmos.bank.v1beta1.Query/DenomOwnersByQuery", json!({ "denom": denom, "pagination": page })),
        (
            "/cosmos.bank.v1beta1.Query/SendEnabled",
            json!({ "denoms": if dice.one_in(2) { json!([]) } else { json!([denom]) }, "pagination": page }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/Validators",
            json!({ "status": if dice.one_in(2) { "" } else { "BOND_STATUS_BONDED" }, "pagination": page }),
        ),
        ("/cosmos.staking.v1beta1.Query/Validator", json!({ "validator_addr": valoper })),
        (
            "/cosmos.staking.v1beta1.Query/ValidatorDelegations",
            json!({ "validator_addr": valoper, "pagination": page }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/ValidatorUnbondingDelegations",
            json!({ "validator_addr": valoper, "pagination": page }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/Delegation",
            json!({ "delegator_addr": delegator, "validator_addr": delegated }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/UnbondingDelegation",
            json!({ "delegator_addr": delegator, "validator_addr": delegated }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/DelegatorDelegations",
            json!({ "delegator_addr": delegator, "pagination": page }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations",
            json!({ "delegator_addr": delegator, "pagination": page }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/Redelegations",
            json!({ "delegator_addr": delegator, "pagination": page }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/Redelegations",
            json!({ "src_validator_addr": valoper, "pagination": page }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/Redelegations",
            json!({ "delegator_addr": delegator, "src_validator_addr": valoper, "dst_validator_addr": second }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/DelegatorValidators",
            json!({ "delegator_addr": delegator, "pagination": page }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/DelegatorValidator",
            json!({ "delegator_addr": delegator, "validator_addr": delegated }),
        ),
        (
            "/cosmos.staking.v1beta1.Query/HistoricalInfo",
            json!({ "height": dice.between(0, world.height as u64 + 1).to_string() }),
        ),
        ("/cosmos.staking.v1beta1.Query/Pool", json!({})),
        ("/cosmos.staking.v1beta1.Query/Params", json!({})),
        ("/cosmos.slashing.v1beta1.Query/Params", json!({})),
        ("/cosmos.slashing.v1beta1.Query/SigningInfo", json!({ "cons_address": valcons })),
        ("/cosmos.slashing.v1beta1.Query/SigningInfos", json!({ "pagination": page })),
        ("/cosmos.distribution.v1beta1.Query/Params", json!({})),
        (
            "/cosmos.distribution.v1beta1.Query/ValidatorDistributionInfo",
            json!({ "validator_address": valoper }),
        ),
        (
            "/cosmos.distribution.v1beta1.Query/ValidatorOutstandingRewards",
            json!({ "validator_address": valoper }),
        ),
        ("/cosmos.distribution.v1beta1.Query/ValidatorCommission", json!({ "validator_address": valoper })),
        (
            "/cosmos.distribution.v1beta1.Query/ValidatorSlashes",
            json!({ "validator_address": valoper, "starting_height": "1", "ending_height": world.height.to_string(), "pagination": page }),
        ),
        (
            "/cosmos.distribution.v1beta1.Query/DelegationRewards",
            json!({ "delegator_address": delegator, "validator_address": delegated }),
        ),
        (
            "/cosmos.distribution.v1beta1.Query/DelegationTotalRewards",
            json!({ "delegator_address": delegator }),
        ),
        ("/cosmos.distribution.v1beta1.Query/DelegatorValidators", json!({ "delegator_address": delegator })),
        (
            "/cosmos.distribution.v1beta1.Query/DelegatorWithdrawAddress",
            json!({ "delegator_address": delegator }),
        ),
        ("/cosmos.distribution.v1beta1.Query/CommunityPool", json!({})),
        ("/cosmos.mint.v1beta1.Query/Params", json!({})),
        ("/cosmos.mint.v1beta1.Query/Inflation", json!({})),
        ("/cosmos.mint.v1beta1.Query/AnnualProvisions", json!({})),
        ("/cosmos.gov.v1.Query/Constitution", json!({})),
        ("/cosmos.gov.v1.Query/Proposal", json!({ "proposal_id": proposal })),
        (
            "/cosmos.gov.v1.Query/Proposals",
            json!({ "proposal_status": "PROPOSAL_STATUS_UNSPECIFIED", "pagination": page }),
        ),
        (
            "/cosmos.gov.v1.Query/Proposals",
            json!({ "proposal_status": "PROPOSAL_STATUS_PASSED", "voter": address, "pagination": page }),
        ),
        ("/cosmos.gov.v1.Query/Vote", json!({ "proposal_id": proposal, "voter": address })),
        ("/cosmos.gov.v1.Query/Votes", json!({ "proposal_id": proposal, "pagination": page })),
        (
            "/cosmos.gov.v1.Query/Params",
            json!({ "params_type": dice.pick(&["", "voting", "deposit", "tallying", "nothing"])? }),
        ),
        ("/cosmos.gov.v1.Query/Deposit", json!({ "proposal_id": proposal, "depositor": address })),
        ("/cosmos.gov.v1.Query/Deposits", json!({ "proposal_id": proposal, "pagination": page })),
        ("/cosmos.gov.v1.Query/TallyResult", json!({ "proposal_id": proposal })),
        (
            "/cosmos.authz.v1beta1.Query/Grants",
            json!({ "granter": granter, "grantee": grantee, "pagination": page }),
        ),
        (
            "/cosmos.authz.v1beta1.Query/Grants",
            json!({ "granter": granter, "grantee": grantee, "msg_type_url": "/cosmos.bank.v1beta1.MsgSend" }),
        ),
        ("/cosmos.authz.v1beta1.Query/GranterGrants", json!({ "granter": granter, "pagination": page })),
        ("/cosmos.authz.v1beta1.Query/GranteeGrants", json!({ "grantee": grantee, "pagination": page })),
        ("/cosmos.feegrant.v1beta1.Query/Allowance", json!({ "granter": payer, "grantee": paid })),
        ("/cosmos.feegrant.v1beta1.Query/Allowances", json!({ "grantee": paid, "pagination": page })),
        (
            "/cosmos.feegrant.v1beta1.Query/AllowancesByGranter",
            json!({ "granter": payer, "pagination": page }),
        ),
        ("/cosmos.evidence.v1beta1.Query/AllEvidence", json!({ "pagination": page })),
        ("/cosmos.upgrade.v1beta1.Query/CurrentPlan", json!({})),
        ("/cosmos.upgrade.v1beta1.Query/ModuleVersions", json!({})),
        ("/cosmos.upgrade.v1beta1.Query/AppliedPlan", json!({ "name": "v1" })),
        ("/cosmos.upgrade.v1beta1.Query/Authority", json!({})),
        ("/cosmos.consensus.v1.Query/Params", json!({})),
        ("/cosmos.epochs.v1beta1.Query/EpochInfos", json!({})),
        (
            "/cosmos.epochs.v1beta1.Query/CurrentEpoch",
            json!({ "identifier": dice.pick(&["minute", "hour", "nothing", ""])? }),
        ),
        ("/cosmos.protocolpool.v1.Query/CommunityPool", json!({})),
        ("/cosmos.protocolpool.v1.Query/ContinuousFunds", json!({})),
        (
            "/cosmos.protocolpool.v1.Query/ContinuousFund",
            json!({ "recipient": world.funds.iter().next().unwrap_or(&address) }),
        ),
        ("/cosmos.protocolpool.v1.Query/Params", json!({})),
    ];
    dice.pick(&all).cloned()
}
