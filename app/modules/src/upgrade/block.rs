//! Before each block: a due upgrade is carried out, skipped, or stops the node.

use iz_core::{Context, Error, Result};
use iz_proto::cosmos::upgrade::v1beta1::Plan;

use super::{info_file::InfoFile, keeper, plan};

/// Upgrades this program knows: those of wasmd, which migrate nothing from the versions that are current here.
const HANDLERS: [&str; 1] = ["v0.60"];

fn has_handler(name: &str) -> bool {
    HANDLERS.contains(&name)
}

pub fn pre_block(context: &mut Context) -> Result<()> {
    let height = context.height();
    let skipped = context.chain.skip_upgrade_heights.contains(&height);
    let waiting = keeper::plan(context)?;
    let due = waiting.as_ref().is_some_and(|waiting| plan::is_due(waiting, height));
    if !due || skipped {
        require_known_past(context)?;
    }
    let Some(waiting) = waiting else { return Ok(()) };
    if !due {
        return if has_handler(&waiting.name) { Err(too_early(&waiting)) } else { Ok(()) };
    }
    if skipped {
        return keeper::clear_plan(context);
    }
    if !has_handler(&waiting.name) {
        if let Some(file) = context.chain.services.get::<InfoFile>() {
            file.write(&Plan { height, ..waiting.clone() })?;
        }
        return Err(Error::plain(plan::needed(&waiting)));
    }
    apply(context, &waiting)
}

/// A program that does not know the last upgrade is older than the state.
fn require_known_past(context: &mut Context) -> Result<()> {
    let Some((name, _)) = keeper::last_done(context)? else { return Ok(()) };
    if name.is_empty() || has_handler(&name) {
        return Ok(());
    }
    let version = context.block.consensus_params.version.unwrap_or_default().app;
    Err(Error::plain(format!(
        "wrong app version {version}, upgrade handler is missing for {name} upgrade plan"
    )))
}

fn too_early(waiting: &Plan) -> Error {
    Error::plain(format!(
        "BINARY UPDATED BEFORE TRIGGER! UPGRADE \"{}\" - in binary but not executed on chain. Downgrade your binary",
        waiting.name
    ))
}

/// `ApplyUpgrade`: no module has anything to migrate, so every version is written as it was.
fn apply(context: &mut Context, waiting: &Plan) -> Result<()> {
    let versions = keeper::module_versions(context)?;
    let versions: Vec<_> = versions.iter().map(|entry| (entry.name.as_str(), entry.version)).collect();
    keeper::set_module_versions(context, &versions)?;
    let next = keeper::protocol_version(context)?.wrapping_add(1);
    keeper::set_protocol_version(context, next)?;
    keeper::clear_ibc_state(context, waiting.height)?;
    keeper::clear_plan(context)?;
    keeper::set_done(context, &waiting.name)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use iz_core::{AddressCodec, Chain, Router};

    use super::*;
    use crate::testing;

    fn context(name: &str, height: i64, now: i64) -> Context {
        let mut context = testing::context_at(1, iz_core::Timestamp::EPOCH);
        keeper::schedule(&mut context, Plan { name: name.into(), height, ..Plan::default() }).unwrap();
        let mut later = testing::context_at(now, iz_core::Timestamp::EPOCH);
        *later.overlay_mut() = context.into_overlay();
        later
    }

    #[test]
    fn an_unknown_upgrade_stops_the_node_when_it_is_due() {
        assert!(pre_block(&mut context("v2", 10, 9)).is_ok());
        let error = pre_block(&mut context("v2", 10, 10)).unwrap_err();
        assert_eq!(error.log(), "UPGRADE \"v2\" NEEDED at height: 10: ");
    }

    #[test]
    fn a_known_upgrade_must_not_wait_and_is_done_at_its_height() {
        assert!(pre_block(&mut context("v0.60", 10, 9)).unwrap_err().log().starts_with("BINARY UPDATED"));
        let mut due = context("v0.60", 10, 10);
        pre_block(&mut due).unwrap();
        assert_eq!(keeper::plan(&mut due).unwrap(), None);
        assert_eq!(keeper::done_height(&mut due, "v0.60").unwrap(), 10);
        assert_eq!(keeper::protocol_version(&mut due).unwrap(), 1);
        pre_block(&mut due).unwrap();
    }

    #[test]
    fn a_skipped_height_clears_the_plan() {
        let mut due = context("v2", 10, 10);
        due.chain = Arc::new(Chain {
            addresses: AddressCodec::new("wasm").unwrap(),
            router: Router::default(),
            skip_upgrade_heights: BTreeSet::from([10]),
            services: Default::default(),
        });
        pre_block(&mut due).unwrap();
        assert_eq!(keeper::plan(&mut due).unwrap(), None);
    }
}
