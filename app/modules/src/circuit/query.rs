//! Queries about the circuit breaker.

use iz_core::{Address, Context, QueryRoute, Result, stores};
use iz_proto::cosmos::circuit::v1::{
    AccountResponse, AccountsResponse, DisabledListResponse, GenesisAccountPermissions, Permissions,
    QueryAccountRequest, QueryAccountsRequest, QueryDisabledListRequest,
};

use super::{keeper, keys};
use crate::{collections, pagination};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.circuit.v1.Query/Account", account),
        QueryRoute::new("/cosmos.circuit.v1.Query/Accounts", accounts),
        QueryRoute::new("/cosmos.circuit.v1.Query/DisabledList", disabled_list),
    ]
}

fn account(context: &mut Context, request: QueryAccountRequest) -> Result<AccountResponse> {
    let address = context.addresses().parse_account(&request.address)?;
    let text = format!("hexBytes:{}", hex::encode(&address));
    let key = keys::permissions(&address);
    let permission: Permissions = collections::entry(context, stores::CIRCUIT, &key, &text)?;
    Ok(AccountResponse { permission: Some(permission) })
}

fn accounts(context: &mut Context, request: QueryAccountsRequest) -> Result<AccountsResponse> {
    let (accounts, page) = pagination::collection(
        context,
        stores::CIRCUIT,
        keys::PERMISSIONS,
        &[],
        request.pagination.as_ref(),
        |context, address, value| {
            let address = context.addresses().account(&Address::new(address));
            Ok(GenesisAccountPermissions { address, permissions: Some(keeper::decode(value)?) })
        },
    )?;
    Ok(AccountsResponse { accounts, pagination: Some(page) })
}

fn disabled_list(context: &mut Context, _request: QueryDisabledListRequest) -> Result<DisabledListResponse> {
    Ok(DisabledListResponse { disabled_list: keeper::disabled(context)? })
}
