//! The one kind of evidence there is: a validator signed two blocks of the same height.

use iz_core::{Error, Result, Timestamp, errors::sdk};
use iz_proto::{Any, cosmos::evidence::v1beta1::Equivocation as Wire};
use prost::{Message, Name};
use sha2::{Digest, Sha256};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivocation {
    pub height: i64,
    pub time: Timestamp,
    pub power: i64,
    /// As text.
    pub consensus_address: String,
}

impl Equivocation {
    /// Reads packed evidence; an empty type URL gives none, as in Go, where nothing is then unpacked.
    pub fn from_any(any: &Any) -> Result<Option<Self>> {
        if any.type_url.is_empty() {
            return Ok(None);
        }
        if any.type_url.rsplit('/').next() != Some(&*Wire::full_name()) {
            return Err(sdk::TX_DECODE.wrap(format!("unable to resolve type URL {}", any.type_url)));
        }
        let wire = Wire::decode(&any.value[..]).map_err(|error| sdk::TX_DECODE.wrap(error))?;
        Ok(Some(Self {
            height: wire.height,
            time: wire.time.as_ref().map_or(Timestamp::ZERO, Timestamp::from),
            power: wire.power,
            consensus_address: wire.consensus_address,
        }))
    }

    fn to_wire(&self) -> Wire {
        Wire {
            height: self.height,
            time: Some(self.time.into()),
            power: self.power,
            consensus_address: self.consensus_address.clone(),
        }
    }

    #[must_use]
    pub fn to_any(&self) -> Any {
        Any { type_url: Wire::type_url(), value: self.to_wire().encode_to_vec() }
    }

    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.to_wire().encode_to_vec()).to_vec()
    }

    pub fn validate(&self) -> Result<()> {
        let fail = |text: String| Err(Error::plain(text));
        if self.time.seconds <= 0 {
            return fail(format!("invalid equivocation time: {}", self.time.go_string()));
        }
        if self.height < 1 {
            return fail(format!("invalid equivocation height: {}", self.height));
        }
        if self.power < 1 {
            return fail(format!("invalid equivocation validator power: {}", self.power));
        }
        if self.consensus_address.is_empty() {
            return fail("invalid equivocation validator consensus address: ".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_survives_packing_and_is_checked() {
        let mut evidence = Equivocation {
            height: 3,
            time: Timestamp { seconds: 1_600_000_000, nanos: 1 },
            power: 10,
            consensus_address: "wasmvalcons1".into(),
        };
        assert!(evidence.validate().is_ok());
        assert_eq!(Equivocation::from_any(&evidence.to_any()).unwrap(), Some(evidence.clone()));
        assert_eq!(Equivocation::from_any(&Any::default()).unwrap(), None);
        let foreign = Any { type_url: "/cosmos.bank.v1beta1.MsgSend".into(), value: vec![] };
        assert!(Equivocation::from_any(&foreign).is_err());
        evidence.power = 0;
        assert_eq!(evidence.validate().unwrap_err().log(), "invalid equivocation validator power: 0");
        evidence.time = Timestamp::ZERO;
        assert_eq!(
            evidence.validate().unwrap_err().log(),
            "invalid equivocation time: 0001-01-01 00:00:00 +0000 UTC"
        );
    }
}
