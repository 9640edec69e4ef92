//! An account that unlocks in steps.

use iz_core::{Coins, Context, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::vesting::v1beta1::{
    MsgCreatePeriodicVestingAccount, MsgCreatePeriodicVestingAccountResponse,
};

use crate::{
    Here,
    bank::keeper as bank,
    convert::coins_from_proto,
    vesting::{
        create::{create, parties, require_free, validate_amount},
        types::{Schedule, Vesting},
    },
};

impl Execute<Here> for MsgCreatePeriodicVestingAccount {
    type Response = MsgCreatePeriodicVestingAccountResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.from_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgCreatePeriodicVestingAccountResponse> {
        let (from, to) = parties(context, &self.from_address, &self.to_address)?;
        if self.start_time < 1 {
            return Err(sdk::INVALID_REQUEST
                .wrap(format!("invalid start time of {}, length must be greater than 0", self.start_time)));
        }
        let (mut total, mut periods, mut end) = (Coins::empty(), Vec::new(), self.start_time);
        for (place, period) in self.vesting_periods.iter().enumerate() {
            if period.length < 1 {
                return Err(sdk::INVALID_REQUEST.wrap(format!(
                    "invalid period length of {} in period {place}, length must be greater than 0",
                    period.length
                )));
            }
            let amount = coins_from_proto(&period.amount)?;
            validate_amount(&amount)?;
            total = total.add(&amount)?;
            end = end.wrapping_add(period.length);
            periods.push((period.length, amount));
        }
        require_free(context, &to, &self.to_address)?;
        bank::require_send_enabled(context, &total)?;
        let schedule = Schedule::Periodic { start: self.start_time, periods };
        create(context, (&from, &to), Vesting::new(total, end, schedule), Vesting::validate)?;
        Ok(MsgCreatePeriodicVestingAccountResponse {})
    }
}
