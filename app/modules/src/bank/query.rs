//! Queries about coins.

use iz_core::{
    Address, Coin, Context, Error, GrpcCode, Int, QueryRoute, Result, coin::validate_denom, stores,
};
use iz_proto::cosmos::bank::v1beta1::{
    DenomOwner, Metadata, QueryAllBalancesRequest, QueryAllBalancesResponse, QueryBalanceRequest,
    QueryBalanceResponse, QueryDenomMetadataByQueryStringRequest, QueryDenomMetadataByQueryStringResponse,
    QueryDenomMetadataRequest, QueryDenomMetadataResponse, QueryDenomOwnersByQueryRequest,
    QueryDenomOwnersByQueryResponse, QueryDenomOwnersRequest, QueryDenomOwnersResponse,
    QueryDenomsMetadataRequest, QueryDenomsMetadataResponse, QueryParamsRequest, QueryParamsResponse,
    QuerySendEnabledRequest, QuerySendEnabledResponse, QuerySpendableBalanceByDenomRequest,
    QuerySpendableBalanceByDenomResponse, QuerySpendableBalancesRequest, QuerySpendableBalancesResponse,
    QuerySupplyOfRequest, QuerySupplyOfResponse, QueryTotalSupplyRequest, QueryTotalSupplyResponse,
    SendEnabled,
};

use super::{balances, keys, metadata, params, supply};
use crate::{convert::coin_to_proto, pagination};

pub fn routes() -> Vec<QueryRoute> {
    vec![
        QueryRoute::new("/cosmos.bank.v1beta1.Query/Balance", balance),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/AllBalances", all_balances),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/SpendableBalances", spendable_balances),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom", spendable_balance_by_denom),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/TotalSupply", total_supply),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/SupplyOf", supply_of),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/Params", parameters),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/DenomsMetadata", denoms_metadata),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/DenomMetadata", denom_metadata),
        QueryRoute::new(
            "/cosmos.bank.v1beta1.Query/DenomMetadataByQueryString",
            denom_metadata_by_query_string,
        ),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/DenomOwners", denom_owners),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/DenomOwnersByQuery", denom_owners_by_query),
        QueryRoute::new("/cosmos.bank.v1beta1.Query/SendEnabled", send_enabled),
    ]
}

fn invalid(text: impl std::fmt::Display) -> Error {
    Error::status(GrpcCode::InvalidArgument, text)
}

/// The same failure as a status; panics stay what they are.
fn with_status(code: GrpcCode, prefix: &'static str) -> impl Fn(Error) -> Error {
    move |error| if error.is_fatal() { error } else { Error::status(code, format!("{prefix}{error}")) }
}

fn require_denom(denom: &str) -> Result<()> {
    validate_denom(denom).map_err(invalid)
}

fn require_address(context: &Context, text: &str) -> Result<Address> {
    context.addresses().parse_account(text).map_err(|error| invalid(format!("invalid address: {error}")))
}

fn coin(denom: &str, amount: Int) -> iz_proto::cosmos::base::v1beta1::Coin {
    coin_to_proto(&Coin { denom: denom.to_owned(), amount })
}

fn balance(context: &mut Context, request: QueryBalanceRequest) -> Result<QueryBalanceResponse> {
    require_denom(&request.denom)?;
    let address = require_address(context, &request.address)?;
    let amount = balances::balance(context, &address, &request.denom)?;
    Ok(QueryBalanceResponse { balance: Some(coin(&request.denom, amount)) })
}

fn all_balances(context: &mut Context, request: QueryAllBalancesRequest) -> Result<QueryAllBalancesResponse> {
    let address = require_address(context, &request.address)?;
    let (balances, page) = pagination::collection(
        context,
        stores::BANK,
        keys::BALANCES,
        &address.length_prefixed(),
        request.pagination.as_ref(),
        |context, denom, value| {
            let mut coin = balances::coin(denom, value)?;
            if request.resolve_denom
                && let Some(metadata) = metadata::metadata(context, &coin.denom)?
            {
                coin.denom = metadata.display;
            }
            Ok(coin_to_proto(&coin))
        },
    )
    .map_err(with_status(GrpcCode::InvalidArgument, "paginate: "))?;
    Ok(QueryAllBalancesResponse { balances, pagination: Some(page) })
}

fn spendable_balances(
    context: &mut Context,
    request: QuerySpendableBalancesRequest,
) -> Result<QuerySpendableBalancesResponse> {
    let address = require_address(context, &request.address)?;
    let (denoms, page) = pagination::collection(
        context,
        stores::BANK,
        keys::BALANCES,
        &address.length_prefixed(),
        request.pagination.as_ref(),
        |_, denom, value| balances::coin(denom, value),
    )
    .map_err(with_status(GrpcCode::InvalidArgument, "paginate: "))?;
    let spendable = balances::spendable_coins(context, &address)?;
    let balances = denoms.iter().map(|held| coin(&held.denom, spendable.amount_of(&held.denom))).collect();
    Ok(QuerySpendableBalancesResponse { balances, pagination: Some(page) })
}

fn spendable_balance_by_denom(
    context: &mut Context,
    request: QuerySpendableBalanceByDenomRequest,
) -> Result<QuerySpendableBalanceByDenomResponse> {
    let address = require_address(context, &request.address)?;
    require_denom(&request.denom)?;
    let amount = balances::spendable_coin(context, &address, &request.denom)?;
    Ok(QuerySpendableBalanceByDenomResponse { balance: Some(coin(&request.denom, amount)) })
}

fn total_supply(context: &mut Context, request: QueryTotalSupplyRequest) -> Result<QueryTotalSupplyResponse> {
    let (supply, page) = pagination::collection(
        context,
        stores::BANK,
        keys::SUPPLY,
        &[],
        request.pagination.as_ref(),
        |_, denom, value| Ok(coin_to_proto(&balances::coin(denom, value)?)),
    )
    .map_err(with_status(GrpcCode::Internal, ""))?;
    Ok(QueryTotalSupplyResponse { supply, pagination: Some(page) })
}

fn supply_of(context: &mut Context, request: QuerySupplyOfRequest) -> Result<QuerySupplyOfResponse> {
    require_denom(&request.denom)?;
    let amount = supply::supply(context, &request.denom)?;
    Ok(QuerySupplyOfResponse { amount: Some(coin(&request.denom, amount)) })
}

fn parameters(context: &mut Context, _request: QueryParamsRequest) -> Result<QueryParamsResponse> {
    Ok(QueryParamsResponse { params: Some(params::get(context)?) })
}

fn denoms_metadata(
    context: &mut Context,
    request: QueryDenomsMetadataRequest,
) -> Result<QueryDenomsMetadataResponse> {
    let mut metadatas = Vec::new();
    let page = pagination::paginate(
        context,
        stores::BANK,
        keys::METADATA,
        request.pagination.as_ref(),
        |_, _, value| {
            metadatas.push(metadata::decode(value)?);
            Ok(())
        },
    )
    .map_err(with_status(GrpcCode::Internal, ""))?;
    Ok(QueryDenomsMetadataResponse { metadatas, pagination: Some(page) })
}

fn required_metadata(context: &mut Context, denom: &str) -> Result<Metadata> {
    require_denom(denom)?;
    metadata::metadata(context, denom)?
        .ok_or_else(|| Error::status(GrpcCode::NotFound, format!("client metadata for denom {denom}")))
}

fn denom_metadata(
    context: &mut Context,
    request: QueryDenomMetadataRequest,
) -> Result<QueryDenomMetadataResponse> {
    Ok(QueryDenomMetadataResponse { metadata: Some(required_metadata(context, &request.denom)?) })
}

fn denom_metadata_by_query_string(
    context: &mut Context,
    request: QueryDenomMetadataByQueryStringRequest,
) -> Result<QueryDenomMetadataByQueryStringResponse> {
    let metadata = required_metadata(context, &request.denom)?;
    Ok(QueryDenomMetadataByQueryStringResponse { metadata: Some(metadata) })
}

fn denom_owners(context: &mut Context, request: QueryDenomOwnersRequest) -> Result<QueryDenomOwnersResponse> {
    let denom = &request.denom;
    require_denom(denom)?;
    let part = [denom.as_bytes(), &[0]].concat();
    let (denom_owners, page) = pagination::collection(
        context,
        stores::BANK,
        keys::OWNERS,
        &part,
        request.pagination.as_ref(),
        |context, rest, _| {
            let address = Address::new(rest.get(1..).unwrap_or_default());
            let amount = balances::balance(context, &address, denom)?;
            let address = context.addresses().account(&address);
            Ok(DenomOwner { address, balance: Some(coin(denom, amount)) })
        },
    )?;
    Ok(QueryDenomOwnersResponse { denom_owners, pagination: Some(page) })
}

fn denom_owners_by_query(
    context: &mut Context,
    request: QueryDenomOwnersByQueryRequest,
) -> Result<QueryDenomOwnersByQueryResponse> {
    let request = QueryDenomOwnersRequest { denom: request.denom, pagination: request.pagination };
    let QueryDenomOwnersResponse { denom_owners, pagination } = denom_owners(context, request)?;
    Ok(QueryDenomOwnersByQueryResponse { denom_owners, pagination })
}

fn send_enabled(context: &mut Context, request: QuerySendEnabledRequest) -> Result<QuerySendEnabledResponse> {
    if request.denoms.is_empty() {
        let (send_enabled, page) = pagination::collection(
            context,
            stores::BANK,
            keys::SEND_ENABLED,
            &[],
            request.pagination.as_ref(),
            |_, denom, value| params::entry(denom, value),
        )
        .map_err(with_status(GrpcCode::Internal, ""))?;
        return Ok(QuerySendEnabledResponse { send_enabled, pagination: Some(page) });
    }
    let mut send_enabled = Vec::new();
    for denom in request.denoms {
        if let Some(enabled) = params::send_enabled(context, &denom)? {
            send_enabled.push(SendEnabled { denom, enabled });
        }
    }
    Ok(QuerySendEnabledResponse { send_enabled, pagination: None })
}
