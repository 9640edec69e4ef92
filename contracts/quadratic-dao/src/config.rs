//! Within which limits a config may be. No vote can make the DAO hasty: these are code.

use iz_contract_types::constitution::Class;
use iz_contract_types::quadratic_dao::{ClassRules, Config};

use crate::error::ContractError;

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const CLASSES: [Class; 7] = [
    Class::Parameter,
    Class::Grant,
    Class::Model,
    Class::Architecture,
    Class::TrainingGoal,
    Class::Code,
    Class::Constitution,
];

pub fn check(config: &Config) -> Result<(), ContractError> {
    let within = |name: &str, value: u64, least: u64, most: u64| {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        let reason = format!("{name} is {value}, not within {least} and {most}");
        Err(ContractError::InvalidConfig { reason })
    };
    within("epoch_seconds", config.epoch_seconds, DAY, 60 * DAY)?;
    within("bond_step", config.bond_step.into(), 1, 64)?;
    within("max_proposals", config.max_proposals.into(), 1, 64)?;
    within("max_options", config.max_options.into(), 1, 16)?;
    within("refund_bps", config.refund_bps.into(), 0, 5_000)?;
    within("swing_seconds", config.swing_seconds, HOUR, 3 * DAY)?;
    within("extension_seconds", config.extension_seconds, 12 * HOUR, 7 * DAY)?;
    within("grace_seconds", config.grace_seconds, DAY, 60 * DAY)?;
    within("bytes of the bond's denomination", config.bond.denom.len() as u64, 1, 128)?;
    if config.bond.amount.is_zero() {
        return Err(ContractError::InvalidConfig { reason: "a bond of nothing".to_string() });
    }
    if !config.classes.iter().map(|rules| rules.class).eq(CLASSES) {
        let reason = format!("the classes are not these, in this order: {CLASSES:?}");
        return Err(ContractError::InvalidConfig { reason });
    }
    for rules in &config.classes {
        let constitutional = rules.class == Class::Constitution;
        within("delay_seconds", rules.delay_seconds, 2 * DAY, 30 * DAY)?;
        within("period_seconds", rules.period_seconds, 3 * DAY, 30 * DAY)?;
        within("timelock_seconds", rules.timelock_seconds, 3 * DAY, 60 * DAY)?;
        within("quorum_bps", rules.quorum_bps.into(), if constitutional { 2_000 } else { 100 }, 6_000)?;
        // Half at least: an option that passes has more votes for it than against it.
        within(
            "threshold_bps",
            rules.threshold_bps.into(),
            if constitutional { 6_667 } else { 5_000 },
            9_000,
        )?;
        within("slots", rules.slots.into(), 1, config.max_options.into())?;
        if let Some(seconds) = rules.reveal_seconds {
            within("reveal_seconds", seconds, DAY, 14 * DAY)?;
        }
    }
    Ok(())
}

pub fn rules_of(config: &Config, class: Class) -> Result<ClassRules, ContractError> {
    config
        .classes
        .iter()
        .find(|rules| rules.class == class)
        .cloned()
        .ok_or_else(|| ContractError::InvalidConfig { reason: format!("the class {class:?} has no rules") })
}
