//! Offer, WithdrawOffer, Buy: a sale where the artefact is held by the registry's rules until it is paid. The price goes to the seller less the
//! creator's part; both withdraw. A buyer pays exactly the price that stands, so a price that changed meanwhile ends the purchase.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Timestamp, Uint128};
use iz_contract_types::asset::Asset;
use iz_contract_types::payment::Payment;

use crate::error::ContractError;
use crate::ledger;
use crate::lineage::part_of_price;
use crate::state::{ASSETS, OFFERS, Offer};
use crate::tokens;

pub struct Terms {
    pub asset: Asset,
    pub price: Uint128,
    pub buyer: Option<String>,
    pub expires: Option<Timestamp>,
}

pub fn offer(
    deps: DepsMut<'_>,
    env: Env,
    info: MessageInfo,
    id: String,
    terms: Terms,
) -> Result<Response, ContractError> {
    tokens::check_owner(&info, &tokens::load(deps.storage, &id)?)?;
    tokens::check_not_offered(deps.storage, &env, &id)?;
    ASSETS.check_active(deps.storage, &terms.asset)?;
    if terms.price.is_zero() {
        return Err(ContractError::ZeroPrice {});
    }
    if let Some(at) = terms.expires.filter(|at| *at <= env.block.time) {
        return Err(ContractError::OfferEnded { at });
    }
    let buyer = terms.buyer.map(|buyer| deps.api.addr_validate(&buyer)).transpose()?;
    let asset = terms.asset.key();
    let offer = Offer { asset: terms.asset, price: terms.price, buyer, expires: terms.expires };
    OFFERS.save(deps.storage, &id, &offer)?;
    Ok(Response::new()
        .add_attribute("action", "offer")
        .add_attribute("token_id", id)
        .add_attribute("asset", asset)
        .add_attribute("price", terms.price))
}

pub fn withdraw_offer(deps: DepsMut<'_>, info: MessageInfo, id: String) -> Result<Response, ContractError> {
    tokens::check_owner(&info, &tokens::load(deps.storage, &id)?)?;
    if !OFFERS.has(deps.storage, &id) {
        return Err(ContractError::NotForSale { id });
    }
    OFFERS.remove(deps.storage, &id);
    Ok(Response::new().add_attribute("action", "withdraw_offer").add_attribute("token_id", id))
}

pub fn buy(
    deps: DepsMut<'_>,
    env: Env,
    buyer: Addr,
    payment: Payment,
    id: String,
) -> Result<Response, ContractError> {
    let token = tokens::load(deps.storage, &id)?;
    let offer =
        OFFERS.may_load(deps.storage, &id)?.ok_or_else(|| ContractError::NotForSale { id: id.clone() })?;
    if let Some(at) = offer.expires.filter(|at| *at <= env.block.time) {
        return Err(ContractError::OfferEnded { at });
    }
    if let Some(wanted) = offer.buyer.filter(|wanted| *wanted != buyer) {
        return Err(ContractError::NotTheBuyer { buyer: wanted });
    }
    if payment.asset != offer.asset || payment.amount != offer.price {
        return Err(ContractError::WrongPrice {
            price: offer.price,
            asset: offer.asset.key(),
            paid: payment.amount,
            with: payment.asset.key(),
        });
    }
    ASSETS.receive(deps.storage, &payment)?;
    let artefact = tokens::artefact(deps.storage, &id)?;
    let asset = payment.asset.key();
    let royalty = part_of_price(payment.amount, artefact.royalty.sale);
    ledger::owe(deps.storage, &artefact.creator, &asset, royalty)?;
    ledger::owe(deps.storage, &token.owner, &asset, payment.amount.checked_sub(royalty)?)?;
    let seller = token.owner.clone();
    tokens::hand_over(deps, &env, &id, token, buyer.clone())?;
    Ok(Response::new()
        .add_attribute("action", "buy")
        .add_attribute("token_id", id)
        .add_attribute("seller", seller)
        .add_attribute("buyer", buyer)
        .add_attribute("asset", asset)
        .add_attribute("price", payment.amount)
        .add_attribute("royalty", royalty))
}
