//! An account that never unlocks: its coins can only be delegated.

use iz_core::{Context, Execute, Result, Signer};
use iz_proto::cosmos::vesting::v1beta1::{
    MsgCreatePermanentLockedAccount, MsgCreatePermanentLockedAccountResponse,
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

impl Execute<Here> for MsgCreatePermanentLockedAccount {
    type Response = MsgCreatePermanentLockedAccountResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.from_address)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgCreatePermanentLockedAccountResponse> {
        let (from, to) = parties(context, &self.from_address, &self.to_address)?;
        let amount = coins_from_proto(&self.amount)?;
        validate_amount(&amount)?;
        bank::require_send_enabled(context, &amount)?;
        require_free(context, &to, &self.to_address)?;
        create(context, (&from, &to), Vesting::new(amount, 0, Schedule::Permanent), Vesting::validate)?;
        Ok(MsgCreatePermanentLockedAccountResponse {})
    }
}
