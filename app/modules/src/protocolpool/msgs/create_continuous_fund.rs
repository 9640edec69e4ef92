//! Governance grants someone a percentage of all that comes into the pool.

use iz_core::{Context, Dec, Error, Execute, Int, Result, Signer, Timestamp};
use iz_proto::cosmos::protocolpool::v1::{
    ContinuousFund, MsgCreateContinuousFund, MsgCreateContinuousFundResponse,
};

use crate::{
    Here, module_accounts,
    protocolpool::{keeper, types},
};

impl Execute<Here> for MsgCreateContinuousFund {
    type Response = MsgCreateContinuousFundResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.authority)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgCreateContinuousFundResponse> {
        keeper::require_authority(context, &self.authority)?;
        let recipient = context.addresses().parse_account(&self.recipient)?;
        if module_accounts::is_blocked(&recipient) {
            return Err(Error::plain(format!("recipient is blocked in the bank keeper: {}", self.recipient)));
        }
        if keeper::has_continuous_fund(context, &recipient)? {
            return Err(Error::plain(format!(
                "continuous fund already exists for recipient {}",
                self.recipient
            )));
        }
        let fund = ContinuousFund {
            recipient: self.recipient.clone(),
            percentage: self.percentage.clone(),
            expiry: self.expiry,
        };
        validate(&fund, context.time())?;
        require_room(context, types::percentage(&fund)?)?;
        keeper::set_continuous_fund(context, &recipient, fund)?;
        Ok(MsgCreateContinuousFundResponse {})
    }
}

fn validate(fund: &ContinuousFund, now: Timestamp) -> Result<()> {
    types::validate_fund(fund)
        .map_err(|error| error.obscure(|log| format!("invalid continuous fund: {log}")))?;
    if types::is_expired(fund, now) {
        let expiry = fund.expiry.as_ref().map_or(Timestamp::ZERO, Timestamp::from);
        return Err(Error::plain(format!(
            "expiry time {} cannot be less than the current block time {}",
            expiry.go_string(),
            now.go_string()
        )));
    }
    Ok(())
}

/// All funds together get no more than everything.
fn require_room(context: &mut Context, wanted: Dec) -> Result<()> {
    let mut granted = Dec::ZERO;
    for (_, fund) in keeper::continuous_funds(context)? {
        granted = granted.add(types::percentage(&fund)?)?;
    }
    if granted.add(wanted)? > Dec::one() {
        let percent = granted.mul_int(Int::from(100))?.truncate_int()?;
        return Err(Error::plain(format!(
            "cannot set continuous fund proposal\ntotal funds percentage exceeds 100\ncurrent total percentage: {percent}"
        )));
    }
    Ok(())
}
