//! Lineage and what it costs: which ancestors get how much of an artefact's inflow.
//!
//! Two layers. Relative: every parent gets a share that the child grants, at least what the parent asks. Absolute: an ancestor's
//! floor binds every descendant up to its number of generations, whoever stands between, so a wrapper put between an artefact and its use
//! takes nothing from it. An ancestor that is owed by both layers gets the larger share.

use iz_contract_math::parts::WHOLE;
use iz_contract_types::ainft::{Floor, Parent, Royalty};

use crate::error::ContractError;
use crate::state::Artefact;

pub const MOST_PARENTS: usize = 8;
pub const MOST_FLOORS: usize = 8;
pub const MOST_HOPS: u8 = 3;
pub const DEEPEST: u8 = 16;
/// All that goes upstream, in ten-thousandths.
pub const MOST_UPSTREAM: u16 = 3_000;
/// Of a sale, to the creator.
pub const MOST_OF_SALE: u16 = 1_000;

pub struct Lineage {
    pub depth: u8,
    pub floors: Vec<Floor>,
    pub upstream: Vec<Parent>,
}

pub fn check_royalty(royalty: &Royalty) -> Result<(), ContractError> {
    for (what, share, most) in [
        ("a relative share", royalty.share, MOST_UPSTREAM),
        ("a floor", royalty.floor, MOST_UPSTREAM),
        ("a share of sales", royalty.sale, MOST_OF_SALE),
    ] {
        if share > most {
            return Err(ContractError::ShareTooLarge { what, share: share.into(), most });
        }
    }
    let bounded = (royalty.floor == 0) == (royalty.hops == 0) && royalty.hops <= MOST_HOPS;
    if !bounded {
        return Err(ContractError::BadFloor { floor: royalty.floor, hops: royalty.hops, most: MOST_HOPS });
    }
    Ok(())
}

/// The lineage of a child of these parents; they exist, so it cannot be its own ancestor.
pub fn of(parents: &[(Parent, Artefact)]) -> Result<Lineage, ContractError> {
    let mut depth = 0;
    let mut floors: Vec<Floor> = vec![];
    for (parent, artefact) in parents {
        let minimum = artefact.royalty.share;
        if parent.share < minimum {
            return Err(ContractError::ShareTooSmall {
                parent: parent.id.clone(),
                share: parent.share,
                minimum,
            });
        }
        depth = depth.max(artefact.depth.saturating_add(1));
        if artefact.royalty.hops > 0 {
            merge(
                &mut floors,
                Floor {
                    ancestor: parent.id.clone(),
                    share: artefact.royalty.floor,
                    hops: artefact.royalty.hops,
                },
            );
        }
        for floor in artefact.floors.iter().filter(|floor| floor.hops > 1) {
            merge(&mut floors, Floor { hops: floor.hops - 1, ..floor.clone() });
        }
    }
    if depth > DEEPEST {
        return Err(ContractError::TooDeep { depth, most: DEEPEST });
    }
    if floors.len() > MOST_FLOORS {
        return Err(ContractError::TooMany { what: "floors", count: floors.len(), most: MOST_FLOORS });
    }
    floors.sort_by(|one, other| one.ancestor.cmp(&other.ancestor));

    let mut upstream: Vec<Parent> = parents.iter().map(|(parent, _)| parent.clone()).collect();
    for floor in &floors {
        match upstream.iter_mut().find(|entry| entry.id == floor.ancestor) {
            Some(entry) => entry.share = entry.share.max(floor.share),
            None => upstream.push(Parent { id: floor.ancestor.clone(), share: floor.share }),
        }
    }
    upstream.retain(|entry| entry.share > 0);
    upstream.sort_by(|one, other| one.id.cmp(&other.id));
    let sum: u32 = upstream.iter().map(|entry| u32::from(entry.share)).sum();
    if sum > u32::from(MOST_UPSTREAM) {
        return Err(ContractError::ShareTooLarge {
            what: "everything upstream",
            share: sum,
            most: MOST_UPSTREAM,
        });
    }
    Ok(Lineage { depth, floors, upstream })
}

/// One entry an ancestor, with the larger share and the longer reach.
fn merge(floors: &mut Vec<Floor>, floor: Floor) {
    match floors.iter_mut().find(|known| known.ancestor == floor.ancestor) {
        Some(known) => {
            known.share = known.share.max(floor.share);
            known.hops = known.hops.max(floor.hops);
        }
        None => floors.push(floor),
    }
}

/// A part of a price, rounded down.
pub fn part_of_price(price: cosmwasm_std::Uint128, share: u16) -> cosmwasm_std::Uint128 {
    price.multiply_ratio(share, WHOLE)
}
