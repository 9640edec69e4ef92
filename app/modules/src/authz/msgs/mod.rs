//! Messages of the authz module.

mod exec;
mod grant;
mod revoke;

pub use iz_proto::cosmos::authz::v1beta1::{MsgExec, MsgGrant, MsgRevoke};

use iz_core::{Address, Context, Result, errors::sdk};

use super::errors;
use crate::text::equal_fold;

/// Grantee and granter of a message, who must be two.
fn parties(context: &Context, grantee: &str, granter: &str) -> Result<(Address, Address)> {
    if equal_fold(grantee, granter) {
        return Err((&errors::GRANTEE_IS_GRANTER).into());
    }
    let parse = |name: &str, text: &str| {
        let parsed = context.addresses().parse_account(text);
        parsed.map_err(|error| sdk::INVALID_ADDRESS.wrap(format!("invalid {name} address: {error}")))
    };
    Ok((parse("grantee", grantee)?, parse("granter", granter)?))
}
