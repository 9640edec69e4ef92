//! The rules for consensus parameters: what an update changes, what values may be, and the text of an update.

use iz_core::{Error, Result, duration};
use tendermint_proto::v0_38::types::{
    AbciParams, BlockParams, ConsensusParams, EvidenceParams, ValidatorParams, VersionParams,
};

/// CometBFT's limit on the size of a block.
const MAX_BLOCK_BYTES: i64 = 104_857_600;

/// Keys a validator may have.
const KEY_KINDS: [&str; 2] = ["ed25519", "secp256k1"];

/// Parameters with every part present.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    pub block: BlockParams,
    pub evidence: EvidenceParams,
    pub validator: ValidatorParams,
    pub version: VersionParams,
    pub abci: AbciParams,
}

impl Params {
    /// Go reads through the pointers of block, evidence and validator, so a store without them ends the transaction.
    pub fn from_wire(wire: ConsensusParams) -> Result<Self> {
        let missing = || Error::panic("runtime error: invalid memory address or nil pointer dereference");
        Ok(Self {
            block: wire.block.ok_or_else(missing)?,
            evidence: wire.evidence.ok_or_else(missing)?,
            validator: wire.validator.ok_or_else(missing)?,
            version: wire.version.unwrap_or_default(),
            abci: wire.abci.unwrap_or_default(),
        })
    }

    #[must_use]
    pub fn into_wire(self) -> ConsensusParams {
        ConsensusParams {
            block: Some(self.block),
            evidence: Some(self.evidence),
            validator: Some(self.validator),
            version: Some(self.version),
            abci: Some(self.abci),
        }
    }

    /// These parameters with the parts that `update` has.
    #[must_use]
    pub fn updated(mut self, update: &ConsensusParams) -> Self {
        if let Some(block) = update.block {
            self.block = block;
        }
        if let Some(evidence) = update.evidence {
            self.evidence = evidence;
        }
        if let Some(validator) = &update.validator {
            self.validator = validator.clone();
        }
        if let Some(version) = update.version {
            self.version = version;
        }
        if let Some(abci) = update.abci {
            self.abci = abci;
        }
        self
    }

    /// `ConsensusParams.ValidateBasic`.
    pub fn validate(&self) -> Result<()> {
        self.validate_block()?;
        self.validate_evidence()?;
        let height = self.abci.vote_extensions_enable_height;
        if height < 0 {
            return refuse(format!("ABCI.VoteExtensionsEnableHeight cannot be negative. Got: {height}"));
        }
        if self.validator.pub_key_types.is_empty() {
            return refuse("len(Validator.PubKeyTypes) must be greater than 0");
        }
        for (place, kind) in self.validator.pub_key_types.iter().enumerate() {
            if !KEY_KINDS.contains(&kind.as_str()) {
                return refuse(format!(
                    "params.Validator.PubKeyTypes[{place}], {kind}, is an unknown pubkey type"
                ));
            }
        }
        Ok(())
    }

    fn validate_block(&self) -> Result<()> {
        let BlockParams { max_bytes, max_gas } = self.block;
        if max_bytes == 0 {
            return refuse("block.MaxBytes cannot be 0");
        }
        if max_bytes < -1 {
            return refuse(format!("block.MaxBytes must be -1 or greater than 0. Got {max_bytes}"));
        }
        if max_bytes > MAX_BLOCK_BYTES {
            return refuse(format!("block.MaxBytes is too big. {max_bytes} > {MAX_BLOCK_BYTES}"));
        }
        if max_gas < -1 {
            return refuse(format!("block.MaxGas must be greater or equal to -1. Got {max_gas}"));
        }
        Ok(())
    }

    fn validate_evidence(&self) -> Result<()> {
        let EvidenceParams { max_age_num_blocks, max_age_duration, max_bytes } = &self.evidence;
        if *max_age_num_blocks <= 0 {
            return refuse(format!(
                "evidence.MaxAgeNumBlocks must be greater than 0. Got {max_age_num_blocks}"
            ));
        }
        let age = duration::nanos(max_age_duration.as_ref());
        if age <= 0 {
            return refuse(format!(
                "evidence.MaxAgeDuration must be grater than 0 if provided, Got {}",
                duration::go_string(age)
            ));
        }
        let block = self.block.max_bytes;
        let bound = if block == -1 { MAX_BLOCK_BYTES } else { block };
        if *max_bytes > bound {
            return refuse(format!(
                "evidence.MaxBytesEvidence is greater than upper bound, {max_bytes} > {block}"
            ));
        }
        if *max_bytes < 0 {
            return refuse(format!("evidence.MaxBytes must be non negative. Got: {max_bytes}"));
        }
        Ok(())
    }

    /// Vote extensions may be switched on at a future height, and taken back before it is reached.
    pub fn validate_update(&self, update: &ConsensusParams, height: i64) -> Result<()> {
        let Some(abci) = update.abci else { return Ok(()) };
        let (old, new) = (self.abci.vote_extensions_enable_height, abci.vote_extensions_enable_height);
        if new < 0 {
            return refuse("VoteExtensionsEnableHeight must be positive");
        }
        if (old <= 0 && new == 0) || old == new {
            return Ok(());
        }
        if old > 0 && new == 0 {
            if old <= height {
                return refuse(format!(
                    "vote extensions cannot be disabled once enabledold enable height: {old}, current height {height}"
                ));
            }
            return Ok(());
        }
        if new <= height {
            return refuse(format!(
                "vote extensions cannot be updated to a past or current height, enable height: {new}, current height {height}"
            ));
        }
        if old > 0 && old <= height {
            return refuse(format!(
                "vote extensions cannot be modified once enabledenable height: {old}, current height {height}"
            ));
        }
        Ok(())
    }
}

fn refuse(text: impl Into<String>) -> Result<()> {
    Err(Error::plain(text))
}

/// The update in protobuf's compact text form, which the event carries.
#[must_use]
pub fn compact_text(update: &ConsensusParams) -> String {
    let mut out = String::new();
    if let Some(block) = &update.block {
        let mut fields = String::new();
        number(&mut fields, "max_bytes", block.max_bytes);
        number(&mut fields, "max_gas", block.max_gas);
        nested(&mut out, "block", &fields);
    }
    if let Some(evidence) = &update.evidence {
        let mut fields = String::new();
        number(&mut fields, "max_age_num_blocks", evidence.max_age_num_blocks);
        let span = evidence.max_age_duration.unwrap_or_default();
        let mut parts = String::new();
        number(&mut parts, "seconds", span.seconds);
        number(&mut parts, "nanos", i64::from(span.nanos));
        nested(&mut fields, "max_age_duration", &parts);
        number(&mut fields, "max_bytes", evidence.max_bytes);
        nested(&mut out, "evidence", &fields);
    }
    if let Some(validator) = &update.validator {
        let mut fields = String::new();
        for kind in &validator.pub_key_types {
            fields.push_str(&format!("pub_key_types:{kind:?} "));
        }
        nested(&mut out, "validator", &fields);
    }
    if let Some(version) = &update.version {
        let mut fields = String::new();
        if version.app != 0 {
            fields.push_str(&format!("app:{} ", version.app));
        }
        nested(&mut out, "version", &fields);
    }
    if let Some(abci) = &update.abci {
        let mut fields = String::new();
        number(&mut fields, "vote_extensions_enable_height", abci.vote_extensions_enable_height);
        nested(&mut out, "abci", &fields);
    }
    out
}

fn number(out: &mut String, name: &str, value: i64) {
    if value != 0 {
        out.push_str(&format!("{name}:{value} "));
    }
}

fn nested(out: &mut String, name: &str, fields: &str) {
    out.push_str(&format!("{name}:<{fields}> "));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params() -> Params {
        Params {
            block: BlockParams { max_bytes: 22_020_096, max_gas: -1 },
            evidence: EvidenceParams {
                max_age_num_blocks: 100_000,
                max_age_duration: Some(duration::seconds(172_800)),
                max_bytes: 1_048_576,
            },
            validator: ValidatorParams { pub_key_types: vec!["ed25519".to_owned()] },
            version: VersionParams::default(),
            abci: AbciParams::default(),
        }
    }

    #[test]
    fn the_defaults_are_valid_and_limits_are_named() {
        assert!(params().validate().is_ok());
        let mut wrong = params();
        wrong.block.max_bytes = 0;
        assert_eq!(wrong.validate().unwrap_err().log(), "block.MaxBytes cannot be 0");
        let mut wrong = params();
        wrong.evidence.max_age_duration = None;
        assert_eq!(
            wrong.validate().unwrap_err().log(),
            "evidence.MaxAgeDuration must be grater than 0 if provided, Got 0s"
        );
    }

    #[test]
    fn vote_extensions_can_only_be_planned_ahead() {
        let at = |height| AbciParams { vote_extensions_enable_height: height };
        let update = |height| ConsensusParams { abci: Some(at(height)), ..ConsensusParams::default() };
        let old = |height| Params { abci: at(height), ..params() };
        assert!(old(0).validate_update(&update(10), 5).is_ok());
        assert!(old(0).validate_update(&update(5), 5).is_err());
        assert!(old(10).validate_update(&update(0), 5).is_ok());
        assert!(old(5).validate_update(&update(0), 5).is_err());
        assert!(old(5).validate_update(&update(9), 5).is_err());
    }

    #[test]
    fn an_update_reads_as_in_go() {
        assert_eq!(
            compact_text(&params().into_wire()),
            "block:<max_bytes:22020096 max_gas:-1 > evidence:<max_age_num_blocks:100000 \
             max_age_duration:<seconds:172800 > max_bytes:1048576 > validator:<pub_key_types:\"ed25519\" > \
             version:<> abci:<> "
        );
    }
}
