//! Balances, supply and denominations.

use iz_core::{Address, Coin, Context, Error, Int, Result, coin, errors::sdk};
use iz_modules::bank::keeper as bank;
use iz_proto::cosmos::{
    bank::v1beta1::{Metadata, QueryDenomsMetadataRequest, QueryDenomsMetadataResponse},
    base::query::v1beta1::PageRequest,
};

use super::{Answer, module_query, unsupported};
use crate::{
    json::{Object, object},
    types::{AllDenomMetadataQuery, BankQuery, put_coin},
};

pub(super) fn address(context: &Context, text: &str) -> Result<Address> {
    context.addresses().account_from_bech32(text).map_err(|_| sdk::INVALID_ADDRESS.wrap(text))
}

fn one(coin: &Coin) -> Vec<u8> {
    object(|answer| answer.object("amount", |amount| put_coin(amount, coin)))
}

pub(super) fn answer(context: &mut Context, query: &BankQuery) -> Answer {
    if let Some(query) = &query.all_balances {
        let address = address(context, &query.address)?;
        let coins = bank::all_balances(context, &address)?;
        return Ok(object(|answer| {
            answer.array("amount", |list| {
                for coin in &coins {
                    list.object(|object| put_coin(object, coin));
                }
            });
        }));
    }
    if let Some(query) = &query.balance {
        let address = address(context, &query.address)?;
        let amount = bank::balance(context, &address, &query.denom)?;
        return Ok(one(&coin_of(&query.denom, amount)?));
    }
    if let Some(query) = &query.supply {
        let amount = bank::supply(context, &query.denom)?;
        return Ok(one(&coin_of(&query.denom, amount)?));
    }
    if let Some(query) = &query.denom_metadata {
        let metadata = bank::metadata(context, &query.denom)?;
        let metadata = metadata.ok_or_else(|| sdk::NOT_FOUND.wrap(&query.denom))?;
        return Ok(object(|answer| answer.object("metadata", |object| put_metadata(object, &metadata))));
    }
    match &query.all_denom_metadata {
        Some(query) => all_metadata(context, query),
        None => Err(unsupported("unknown BankQuery variant")),
    }
}

/// `sdk.NewCoin`, which panics for what is no denomination.
fn coin_of(denom: &str, amount: Int) -> Result<Coin> {
    coin::validate_denom(denom).map_err(|error| Error::panic(error.log()))?;
    Ok(Coin { denom: denom.to_owned(), amount })
}

fn all_metadata(context: &mut Context, query: &AllDenomMetadataQuery) -> Answer {
    let pagination = query.pagination.as_ref().map(|page| PageRequest {
        key: page.key.bytes().to_vec(),
        limit: page.limit.into(),
        reverse: page.reverse,
        ..PageRequest::default()
    });
    let request = QueryDenomsMetadataRequest { pagination };
    let found: Result<QueryDenomsMetadataResponse, _> =
        module_query(context, "/cosmos.bank.v1beta1.Query/DenomsMetadata", &request);
    let found =
        found.map_err(|error| if error.is_fatal() { error } else { (&sdk::INVALID_REQUEST).into() })?;
    Ok(object(|answer| {
        answer.array("metadata", |list| {
            for metadata in &found.metadatas {
                list.object(|object| put_metadata(object, metadata));
            }
        });
        answer.some_base64("next_key", &found.pagination.unwrap_or_default().next_key);
    }))
}

fn put_metadata(object: &mut Object<'_>, metadata: &Metadata) {
    object.text("description", &metadata.description);
    object.array("denom_units", |units| {
        for unit in &metadata.denom_units {
            units.object(|object| {
                object.text("denom", &unit.denom);
                object.number("exponent", unit.exponent.into());
                object.array("aliases", |aliases| unit.aliases.iter().for_each(|alias| aliases.text(alias)));
            });
        }
    });
    object.text("base", &metadata.base);
    object.text("display", &metadata.display);
    object.text("name", &metadata.name);
    object.text("symbol", &metadata.symbol);
    object.text("uri", &metadata.uri);
    object.text("uri_hash", &metadata.uri_hash);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coin_of_no_denomination_is_gos_panic() {
        assert!(coin_of("", Int::ZERO).unwrap_err().is_panic());
        assert!(coin_of("1stake", Int::ZERO).unwrap_err().is_panic());
        assert_eq!(coin_of("stake", Int::ZERO).unwrap().denom, "stake");
    }
}
