//! What follows a round that is over: claims, bonds, the publication of its model.

use iz_contract_types::rounds::{EarnedResponse, ExecuteMsg, QueryMsg, RoundResponse};
use iz_round::publish::{MAX_BYTES, Manifest};
use iz_round::{Board as _, BoardError, RoleError, board};
use iz_rounds_machine::{Digest, Phase};
use iz_trainer_store::{Address, Local, Store as _};
use serde_json::json;

use super::Run;
use crate::board::ChainBoard;

impl Run<'_> {
    /// Once for a round that is over: what it earned is claimed, what it bonded comes back, what it made is published.
    pub(super) fn finish(&mut self, view: &RoundResponse) -> Result<(), RoleError> {
        let (id, phase) = (view.id, view.round.phase);
        // the roles forget what they kept for it
        self.step_roles(id);
        self.metrics.add("rounds_total", 1.0);
        if let Some(sheet) = &view.round.agreed {
            let part = |value: u32| (f64::from(value) / 1e6) as f32;
            let found = sheet.metrics;
            self.metrics.set("accuracy", f64::from(part(found.accuracy)));
            self.metrics.set("robustness", f64::from(part(found.robustness)));
            self.metrics.set("fairness", f64::from(part(found.fairness)));
            self.scalars(
                id,
                &[
                    ("model/accuracy", part(found.accuracy)),
                    ("model/robustness", part(found.robustness)),
                    ("model/fairness", part(found.fairness)),
                ],
            );
        }
        let published = self.publish(view)?;
        let merit = self.claim(id)?;
        self.context.say.answer(
            "over",
            Some(format!("round {id} is {phase:?}; merit earned: {merit}")),
            json!({
                "round": id,
                "phase": format!("{phase:?}"),
                "reason": view.round.reason.map(|reason| format!("{reason:?}")),
                "manifest": view.round.aggregate.map(|digest| digest.to_string()),
                "merit": merit.to_string(),
                "published": published,
            }),
        );
        Ok(())
    }

    fn publish(&mut self, view: &RoundResponse) -> Result<bool, RoleError> {
        let Some(manifest) = view.round.aggregate.filter(|_| view.round.phase == Phase::Final) else {
            return Ok(false);
        };
        if let Some(local) = &self.local {
            keep(&mut self.board, local, manifest);
        }
        if self.roles.aggregator.is_none() {
            return Ok(false);
        }
        match self.board.post(ExecuteMsg::Publish { round: view.id }, &[]) {
            Ok(()) => Ok(true),
            // another was faster, or the task publishes nothing
            Err(BoardError::Refused(reason)) => {
                tracing::info!(reason, "not published");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn claim(&mut self, round: u64) -> Result<u128, RoleError> {
        let member = self.board.address();
        if self.roles.client.is_some() && self.board.client(round)?.is_some() {
            self.lenient(ExecuteMsg::Withdraw { round, client: member.clone() })?;
        }
        let earned: EarnedResponse = match self.board.ask(&QueryMsg::Earned { round, member: member.clone() })
        {
            Ok(earned) => earned,
            // it had no part in the round
            Err(BoardError::Refused(_)) => return Ok(0),
            Err(error) => return Err(error.into()),
        };
        if earned.merit.is_zero() && earned.node_units.is_zero() {
            return Ok(0);
        }
        if !earned.claimed {
            self.lenient(ExecuteMsg::Claim { member, rounds: vec![round] })?;
        }
        self.metrics.add("merit_total", earned.merit.u128() as f64);
        Ok(earned.merit.u128())
    }

    /// A message that may have been sent before a restart, or by another.
    fn lenient(&mut self, message: ExecuteMsg) -> Result<(), RoleError> {
        match self.board.post(message, &[]) {
            Err(BoardError::Refused(reason)) => {
                tracing::info!(reason, "nothing to do");
                Ok(())
            }
            other => Ok(other?),
        }
    }
}

/// Takes a published model's files out of the rule about age, as far as they are here.
fn keep(board: &mut ChainBoard, local: &Local, manifest: Digest) {
    let Ok(bytes) = board::fetch(board, manifest, MAX_BYTES as u64) else { return };
    let Ok(parsed) = Manifest::parse(&bytes) else { return };
    let files = parsed.files.iter().map(|file| file.sha256).chain([manifest]);
    for digest in files {
        let address = Address(digest.0);
        if local.has(&address).unwrap_or(false)
            && let Err(error) = local.keep(&address)
        {
            tracing::warn!(%error, "a published model's file is not kept");
        }
    }
}
