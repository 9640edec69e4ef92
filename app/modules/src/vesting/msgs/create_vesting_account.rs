//! An account that unlocks evenly, or all at once at the end.

use iz_core::{Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::vesting::v1beta1::{MsgCreateVestingAccount, MsgCreateVestingAccountResponse};

use crate::{
    Here,
    bank::keeper as bank,
    convert::coins_from_proto,
    vesting::{
        create::{create, parties, require_free, validate_amount},
        types::{Schedule, Vesting},
    },
};

impl Execute<Here> for MsgCreateVestingAccount {
    type Response = MsgCreateVestingAccountResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.from_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgCreateVestingAccountResponse> {
        let (from, to) = parties(context, &self.from_address, &self.to_address)?;
        let amount = coins_from_proto(&self.amount)?;
        validate_amount(&amount)?;
        if self.end_time <= 0 {
            return Err(sdk::INVALID_REQUEST.wrap("invalid end time"));
        }
        bank::require_send_enabled(context, &amount)?;
        require_free(context, &to, &self.to_address)?;
        let schedule = if self.delayed {
            Schedule::Delayed
        } else {
            Schedule::Continuous { start: context.time().seconds }
        };
        // the schedule itself is not checked: it may end before it begins
        create(context, (&from, &to), Vesting::new(amount, self.end_time, schedule), Vesting::validate_base)?;
        Ok(MsgCreateVestingAccountResponse {})
    }
}
