//! Queries about accounts.

use iz_core::{Address, Context, Error, GrpcCode, QueryRoute, Result, stores};
use iz_proto::cosmos::auth::v1beta1::{
    AddressBytesToStringRequest, AddressBytesToStringResponse, AddressStringToBytesRequest,
    AddressStringToBytesResponse, BaseAccount, Bech32PrefixRequest, Bech32PrefixResponse,
    QueryAccountAddressByIdRequest, QueryAccountAddressByIdResponse, QueryAccountInfoRequest,
    QueryAccountInfoResponse, QueryAccountRequest, QueryAccountResponse, QueryAccountsRequest,
    QueryAccountsResponse, QueryModuleAccountByNameRequest, QueryModuleAccountByNameResponse,
    QueryModuleAccountsRequest, QueryModuleAccountsResponse, QueryParamsRequest, QueryParamsResponse,
};

use super::{encoding, keeper, keys, params, types::Account};
use crate::{module_accounts, pagination};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.auth.v1beta1.Query/Accounts", accounts),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/Account", account),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/AccountAddressByID", account_address_by_id),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/Params", parameters),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/ModuleAccounts", module_accounts),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/ModuleAccountByName", module_account_by_name),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/Bech32Prefix", bech32_prefix),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/AddressBytesToString", address_bytes_to_string),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/AddressStringToBytes", address_string_to_bytes),
        QueryRoute::new("/cosmos.auth.v1beta1.Query/AccountInfo", account_info),
    ]
}

fn accounts(context: &mut Context, request: QueryAccountsRequest) -> Result<QueryAccountsResponse> {
    let (accounts, page) = pagination::collection(
        context,
        stores::AUTH,
        keys::ACCOUNTS,
        &[],
        request.pagination.as_ref(),
        |_, _, bytes| Ok(encoding::to_any(&encoding::unpack(bytes)?)),
    )?;
    Ok(QueryAccountsResponse { accounts, pagination: Some(page) })
}

fn account(context: &mut Context, request: QueryAccountRequest) -> Result<QueryAccountResponse> {
    if request.address.is_empty() {
        return Err(Error::status(GrpcCode::InvalidArgument, "Address cannot be empty"));
    }
    let account = existing(context, &request.address)?;
    Ok(QueryAccountResponse { account: Some(encoding::to_any(&account)) })
}

fn existing(context: &mut Context, text: &str) -> Result<Account> {
    let address = context.addresses().parse_account(text)?;
    keeper::account(context, &address)?
        .ok_or_else(|| Error::status(GrpcCode::NotFound, format!("account {text} not found")))
}

#[expect(deprecated, reason = "the old field is still on the wire, and refused")]
fn account_address_by_id(
    context: &mut Context,
    request: QueryAccountAddressByIdRequest,
) -> Result<QueryAccountAddressByIdResponse> {
    if request.id != 0 {
        return Err(Error::status(
            GrpcCode::InvalidArgument,
            "requesting with id isn't supported, try to request using account-id",
        ));
    }
    let number = request.account_id;
    let address = context.get(stores::AUTH, &keys::by_number(number))?.ok_or_else(|| {
        Error::status(GrpcCode::NotFound, format!("account address not found with account number {number}"))
    })?;
    let account_address = context.addresses().account(&Address::new(address.to_vec()));
    Ok(QueryAccountAddressByIdResponse { account_address })
}

fn parameters(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(params::get(context)?) })
}

/// Accounts that modules do not have yet are made in the query's own branch of the state, and so have numbers that will not last.
fn module_accounts(
    context: &mut Context,
    _request: QueryModuleAccountsRequest,
) -> Result<QueryModuleAccountsResponse> {
    let mut accounts = Vec::new();
    for entry in module_accounts::all() {
        let account = keeper::module_account(context, entry.name)?;
        accounts.extend(account.as_ref().map(encoding::to_any));
    }
    Ok(QueryModuleAccountsResponse { accounts })
}

fn module_account_by_name(
    context: &mut Context,
    request: QueryModuleAccountByNameRequest,
) -> Result<QueryModuleAccountByNameResponse> {
    if request.name.is_empty() {
        return Err(Error::status(GrpcCode::InvalidArgument, "module name is empty"));
    }
    let account = keeper::module_account(context, &request.name)?
        .ok_or_else(|| Error::status(GrpcCode::NotFound, format!("account {} not found", request.name)))?;
    Ok(QueryModuleAccountByNameResponse { account: Some(encoding::to_any(&account)) })
}

fn bech32_prefix(context: &mut Context, _request: Bech32PrefixRequest) -> Result<Bech32PrefixResponse> {
    Ok(Bech32PrefixResponse { bech32_prefix: context.addresses().prefix().to_owned() })
}

fn address_bytes_to_string(
    context: &mut Context,
    request: AddressBytesToStringRequest,
) -> Result<AddressBytesToStringResponse> {
    if request.address_bytes.is_empty() {
        return Err(Error::plain("empty address bytes is not allowed"));
    }
    let address_string = context.addresses().account(&Address::new(request.address_bytes));
    Ok(AddressBytesToStringResponse { address_string })
}

fn address_string_to_bytes(
    context: &mut Context,
    request: AddressStringToBytesRequest,
) -> Result<AddressStringToBytesResponse> {
    let address = context.addresses().parse_account(&request.address_string)?;
    Ok(AddressStringToBytesResponse { address_bytes: address.as_bytes().to_vec() })
}

fn account_info(context: &mut Context, request: QueryAccountInfoRequest) -> Result<QueryAccountInfoResponse> {
    if request.address.is_empty() {
        return Err(Error::status(GrpcCode::InvalidArgument, "address cannot be empty"));
    }
    let account = existing(context, &request.address)?;
    Ok(QueryAccountInfoResponse { info: Some(BaseAccount { address: request.address, ..account.base }) })
}
