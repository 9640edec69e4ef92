//! What a plan may say, and when it is due.

#![allow(deprecated, reason = "the fields a plan must not use any more still have to be refused and written")]

use iz_core::{Result, Timestamp, errors::sdk};
use iz_proto::cosmos::upgrade::v1beta1::Plan;

/// `Plan.ValidateBasic`.
pub fn validate(plan: &Plan) -> Result<()> {
    let timed = plan.time.as_ref().is_some_and(|time| !Timestamp::from(time).is_zero());
    let why = if timed {
        "time-based upgrades have been deprecated in the SDK"
    } else if plan.upgraded_client_state.is_some() {
        "upgrade logic for IBC has been moved to the IBC module"
    } else if plan.name.is_empty() {
        "name cannot be empty"
    } else if plan.height <= 0 {
        "height must be greater than 0"
    } else {
        return Ok(());
    };
    Err(sdk::INVALID_REQUEST.wrap(why))
}

/// The plan with the field that Go always writes.
#[must_use]
pub fn complete(mut plan: Plan) -> Plan {
    plan.time.get_or_insert_with(|| Timestamp::ZERO.into());
    plan
}

#[must_use]
pub fn is_due(plan: &Plan, height: i64) -> bool {
    plan.height > 0 && plan.height <= height
}

/// The words with which a node stops that does not have the upgrade.
#[must_use]
pub fn needed(plan: &Plan) -> String {
    format!("UPGRADE \"{}\" NEEDED at height: {}: {}", plan.name, plan.height, plan.info)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan { name: "v2".into(), height: 10, info: "info".into(), ..Plan::default() }
    }

    #[test]
    fn a_plan_has_a_name_and_a_height_and_no_time() {
        assert!(validate(&plan()).is_ok() && validate(&complete(plan())).is_ok());
        let timed = Plan { time: Some(Timestamp::EPOCH.into()), ..plan() };
        assert!(validate(&timed).unwrap_err().log().starts_with("time-based upgrades"));
        assert!(validate(&Plan { name: String::new(), ..plan() }).is_err());
        assert!(validate(&Plan { height: 0, ..plan() }).is_err());
        assert!(is_due(&plan(), 10) && !is_due(&plan(), 9));
        assert_eq!(needed(&plan()), "UPGRADE \"v2\" NEEDED at height: 10: info");
    }
}
