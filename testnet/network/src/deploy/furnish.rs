//! The money and the reports that the contracts begin with. Every step looks whether it was done, so that a second try does the rest.

use anyhow::Result;
use cosmwasm_std::Decimal;
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, TreasuryResponse};
use iz_contract_types::nodes::{self, CoverResponse};
use iz_contract_types::stable_token::{self, BackstopResponse};

use super::terms::DOLLAR;
use crate::client::Client;
use crate::files::Network;

pub fn furnish(client: &mut Client, network: &Network) -> Result<()> {
    report_prices(client, network)?;
    let junior: BackstopResponse = client.ask("stable-token", &stable_token::QueryMsg::Backstop {})?;
    if junior.shares.is_zero() {
        let deposit = stable_token::ExecuteMsg::DepositJunior { min_shares: None };
        client.execute("foundation", "stable-token", &deposit, 500_000 * DOLLAR)?;
    }
    let question = constitution::QueryMsg::Treasury { asset: Asset::native(&network.settlement) };
    let treasury: TreasuryResponse = client.ask("constitution", &question)?;
    if treasury.balance.is_zero() {
        let deposit = constitution::ExecuteMsg::Deposit {};
        client.execute("foundation", "constitution", &deposit, 1_000_000 * DOLLAR)?;
    }
    let cover: CoverResponse = client.ask("nodes", &nodes::QueryMsg::Cover {})?;
    if cover.insurance.is_zero() {
        client.execute("foundation", "nodes", &nodes::ExecuteMsg::FundInsurance {}, 10_000 * DOLLAR)?;
    }
    if cover.bonus.is_zero() {
        client.execute("foundation", "nodes", &nodes::ExecuteMsg::FundBonus {}, 10_000 * DOLLAR)?;
    }
    Ok(())
}

/// The reporters say that a dollar is a dollar.
pub fn report_prices(client: &mut Client, network: &Network) -> Result<()> {
    for name in ["rita", "sam", "tom"] {
        let report = stable_token::ExecuteMsg::ReportReserve {
            denom: network.settlement.clone(),
            price: Decimal::one(),
        };
        client.execute(name, "stable-token", &report, 0)?;
    }
    Ok(())
}
