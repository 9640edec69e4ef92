//! A super admin, or governance, lets an account switch messages off.

use iz_core::{Context, Event, Execute, Result, Signer, errors::sdk};
use iz_proto::cosmos::circuit::v1::{
    MsgAuthorizeCircuitBreaker, MsgAuthorizeCircuitBreakerResponse, Permissions, permissions::Level,
};

use crate::{Here, circuit::keeper};

impl Execute<Here> for MsgAuthorizeCircuitBreaker {
    type Response = MsgAuthorizeCircuitBreakerResponse;

    fn signers(&self) -> Vec<Signer<'_>> {
        vec![Signer::Account(&self.granter)]
    }

    fn execute(&self, context: &mut Context) -> Result<MsgAuthorizeCircuitBreakerResponse> {
        let granter = context.addresses().parse_account(&self.granter)?;
        if !keeper::is_authority(&granter) {
            let permissions = keeper::permissions(context, &granter)?;
            if permissions.is_none_or(|permissions| permissions.level() != Level::SuperAdmin) {
                return Err(sdk::UNAUTHORIZED.wrap("only super admins can authorize users"));
            }
        }
        let grantee = context.addresses().parse_account(&self.grantee)?;
        let Some(permissions) = &self.permissions else {
            return Err(sdk::INVALID_REQUEST.wrap("permissions cannot be nil"));
        };
        keeper::set_permissions(context, &grantee, permissions)?;
        let event = Event::new("authorize_circuit_breaker")
            .with("granter", self.granter.clone())
            .with("grantee", self.grantee.clone())
            .with("permission", go_text(permissions));
        context.emit(event);
        Ok(MsgAuthorizeCircuitBreakerResponse { success: true })
    }
}

/// The compact text form of gogoproto, which puts a space after every field.
fn go_text(permissions: &Permissions) -> String {
    let mut text = String::new();
    match (permissions.level, Level::try_from(permissions.level)) {
        (0, _) => {}
        (_, Ok(level)) => text += &format!("level:{} ", level.as_str_name()),
        (number, Err(_)) => text += &format!("level:{number} "),
    }
    for type_url in &permissions.limit_type_urls {
        text += &format!("limit_type_urls:{type_url:?} ");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_read_as_in_go() {
        let permissions = Permissions { level: 1, limit_type_urls: vec!["/a.B".into()] };
        assert_eq!(go_text(&permissions), "level:LEVEL_SOME_MSGS limit_type_urls:\"/a.B\" ");
    }
}
