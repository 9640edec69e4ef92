//! The plan, the marks of done upgrades, the versions of modules, and what IBC leaves here for an upgrade.

use bytes::Bytes;
use iz_core::{Context, Error, Result, errors::sdk, stores};
use iz_proto::cosmos::upgrade::v1beta1::{ModuleVersion, Plan};
use iz_store::KeyRange;

use super::{errors, keys, plan};

/// The plan that waits (`GetUpgradePlan`).
pub fn plan(context: &mut Context) -> Result<Option<Plan>> {
    context.get_message(stores::UPGRADE, keys::PLAN)
}

/// `ScheduleUpgrade`.
pub fn schedule(context: &mut Context, wanted: Plan) -> Result<()> {
    plan::validate(&wanted)?;
    if wanted.height < context.height() {
        return Err(sdk::INVALID_REQUEST.wrap("upgrade cannot be scheduled in the past"));
    }
    if done_height(context, &wanted.name)? != 0 {
        return Err(sdk::INVALID_REQUEST
            .wrap(format!("upgrade with name {} has already been completed", wanted.name)));
    }
    if let Some(old) = plan(context)? {
        clear_ibc_state(context, old.height)?;
    }
    context.set_message(stores::UPGRADE, keys::PLAN, &plan::complete(wanted))
}

/// `ClearUpgradePlan`: no plan is no error.
pub fn clear_plan(context: &mut Context) -> Result<()> {
    let Some(old) = plan(context)? else { return Ok(()) };
    clear_ibc_state(context, old.height)?;
    context.delete(stores::UPGRADE, keys::PLAN)
}

/// `ClearIBCState`.
pub fn clear_ibc_state(context: &mut Context, height: i64) -> Result<()> {
    context.delete(stores::UPGRADE, keys::upgraded_client(height))?;
    context.delete(stores::UPGRADE, keys::upgraded_consensus_state(height))
}

pub fn set_upgraded_client(context: &mut Context, height: i64, client: Vec<u8>) -> Result<()> {
    context.set(stores::UPGRADE, keys::upgraded_client(height), client)
}

pub fn upgraded_client(context: &mut Context, height: i64) -> Result<Bytes> {
    let stored = context.get(stores::UPGRADE, &keys::upgraded_client(height))?;
    stored.ok_or_else(|| (&errors::NO_UPGRADED_CLIENT_FOUND).into())
}

pub fn set_upgraded_consensus_state(context: &mut Context, height: i64, state: Vec<u8>) -> Result<()> {
    context.set(stores::UPGRADE, keys::upgraded_consensus_state(height), state)
}

pub fn upgraded_consensus_state(context: &mut Context, height: i64) -> Result<Bytes> {
    let stored = context.get(stores::UPGRADE, &keys::upgraded_consensus_state(height))?;
    stored.ok_or_else(|| (&errors::NO_UPGRADED_CONSENSUS_STATE_FOUND).into())
}

/// The height at which an upgrade was done; zero if it was not.
pub fn done_height(context: &mut Context, name: &str) -> Result<i64> {
    let mut cursor = context.iterate(stores::UPGRADE, KeyRange::prefix(vec![keys::DONE]))?;
    while let Some((key, _)) = cursor.entry() {
        let (done, height) = parse_done(key)?;
        if done == name {
            return Ok(height);
        }
        cursor.advance(context)?;
    }
    Ok(0)
}

/// The upgrade that was done last.
pub fn last_done(context: &mut Context) -> Result<Option<(String, i64)>> {
    let cursor = context.iterate_reverse(stores::UPGRADE, KeyRange::prefix(vec![keys::DONE]))?;
    let Some((key, _)) = cursor.entry() else { return Ok(None) };
    let (name, height) = parse_done(key)?;
    Ok(Some((name.to_owned(), height)))
}

fn parse_done(key: &[u8]) -> Result<(&str, i64)> {
    keys::parse_done(key)
        .ok_or_else(|| Error::panic(format!("expected key of length at least 10, got {}", key.len())))
}

pub(super) fn set_done(context: &mut Context, name: &str) -> Result<()> {
    let key = keys::done(name, context.height());
    context.set(stores::UPGRADE, key, vec![1])
}

/// `SetModuleVersionMap`: in the order of names.
pub fn set_module_versions(context: &mut Context, versions: &[(&str, u64)]) -> Result<()> {
    let mut versions = versions.to_vec();
    versions.sort_unstable();
    for (module, version) in versions {
        context.set(stores::UPGRADE, keys::version(module), version.to_be_bytes().to_vec())?;
    }
    Ok(())
}

/// The versions of all modules, by name.
pub fn module_versions(context: &mut Context) -> Result<Vec<ModuleVersion>> {
    let entries = context.collect(stores::UPGRADE, KeyRange::prefix(vec![keys::VERSIONS]))?;
    entries.iter().map(|(key, value)| parse_version(key, value)).collect()
}

/// The version of one module, found as Go finds it: by walking over all.
pub fn module_version(context: &mut Context, name: &str) -> Result<u64> {
    let mut cursor = context.iterate(stores::UPGRADE, KeyRange::prefix(vec![keys::VERSIONS]))?;
    while let Some((key, value)) = cursor.entry() {
        let found = parse_version(key, value)?;
        if found.name == name {
            return Ok(found.version);
        }
        cursor.advance(context)?;
    }
    Err((&errors::NO_MODULE_VERSION_FOUND).into())
}

fn parse_version(key: &[u8], value: &[u8]) -> Result<ModuleVersion> {
    let version = <[u8; 8]>::try_from(value)
        .map_err(|_| Error::panic("runtime error: index out of range [7] with length of a module version"))?;
    Ok(ModuleVersion {
        name: String::from_utf8_lossy(&key[1..]).into_owned(),
        version: u64::from_be_bytes(version),
    })
}

/// How often the chain was upgraded.
pub fn protocol_version(context: &mut Context) -> Result<u64> {
    if !context.has(stores::UPGRADE, keys::PROTOCOL_VERSION)? {
        return Ok(0);
    }
    let stored = context.get(stores::UPGRADE, keys::PROTOCOL_VERSION)?.unwrap_or_default();
    Ok(<[u8; 8]>::try_from(&stored[..]).map_or(0, u64::from_be_bytes))
}

pub(super) fn set_protocol_version(context: &mut Context, version: u64) -> Result<()> {
    context.set(stores::UPGRADE, keys::PROTOCOL_VERSION, version.to_be_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn wanted(height: i64) -> Plan {
        Plan { name: "v2".into(), height, ..Plan::default() }
    }

    #[test]
    fn a_plan_is_scheduled_once_and_never_in_the_past() {
        let mut context = testing::context_at(5, iz_core::Timestamp::EPOCH);
        assert!(schedule(&mut context, wanted(4)).is_err());
        schedule(&mut context, wanted(5)).unwrap();
        assert_eq!(plan(&mut context).unwrap(), Some(plan::complete(wanted(5))));
        set_done(&mut context, "v2").unwrap();
        assert_eq!(done_height(&mut context, "v2").unwrap(), 5);
        assert_eq!(last_done(&mut context).unwrap(), Some(("v2".to_owned(), 5)));
        assert!(schedule(&mut context, wanted(9)).unwrap_err().log().contains("already been completed"));
        clear_plan(&mut context).unwrap();
        clear_plan(&mut context).unwrap();
        assert_eq!(plan(&mut context).unwrap(), None);
    }

    #[test]
    fn module_versions_are_listed_by_name() {
        let mut context = testing::context();
        set_module_versions(&mut context, &[("gov", 5), ("auth", 5), ("bank", 4)]).unwrap();
        let names: Vec<_> =
            module_versions(&mut context).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["auth", "bank", "gov"]);
        assert_eq!(module_version(&mut context, "bank").unwrap(), 4);
        assert_eq!(module_version(&mut context, "nft").unwrap_err().code(), 2);
    }
}
