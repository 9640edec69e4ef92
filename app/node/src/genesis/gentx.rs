//! The transaction that makes a validator in the genesis.

use anyhow::{Context as _, Result, anyhow, bail};
use iz_core::{Coin, Coins, Dec, Int};
use iz_proto::{
    Any,
    cosmos::{
        bank::v1beta1::GenesisState as BankState,
        base::v1beta1::Coin as ProtoCoin,
        staking::v1beta1::{CommissionRates, Description, GenesisState as StakingState, MsgCreateValidator},
        tx::{
            signing::v1beta1::SignMode,
            v1beta1::{AuthInfo, Fee, ModeInfo, SignDoc, SignerInfo, Tx, TxBody, mode_info},
        },
    },
};
use prost::{Message, Name as _};

use super::{AppState, accounts, state};
use crate::{
    keyring::{PrivateKey, PublicKey, Record},
    setup::Setup,
};

/// What the validator says of itself.
pub struct Validator {
    pub description: Description,
    pub rate: String,
    pub max_rate: String,
    pub max_change_rate: String,
    pub min_self_delegation: String,
    pub consensus_key: PublicKey,
    pub stake: Coin,
}

/// What the transaction carries beside its message.
pub struct Envelope {
    pub chain_id: String,
    pub memo: String,
    pub fee: Coins,
    pub gas: u64,
    pub account_number: u64,
    pub sequence: u64,
}

/// The message, for the account behind `key`.
pub fn message(setup: &Setup, key: &Record, validator: &Validator) -> Result<MsgCreateValidator> {
    let rate = |text: &str, name: &str| -> Result<String> {
        let dec: Dec = text.parse().map_err(|error| anyhow!("{name}: {error}"))?;
        Ok(dec.to_wire())
    };
    let least: Int = validator
        .min_self_delegation
        .parse()
        .map_err(|_| anyhow!("minimum self delegation must be a positive integer"))?;
    Ok(MsgCreateValidator {
        description: Some(validator.description.clone()),
        commission: Some(CommissionRates {
            rate: rate(&validator.rate, "--commission-rate")?,
            max_rate: rate(&validator.max_rate, "--commission-max-rate")?,
            max_change_rate: rate(&validator.max_change_rate, "--commission-max-change-rate")?,
        }),
        min_self_delegation: least.to_string(),
        validator_address: setup.addresses.validator(&key.address()?),
        pubkey: Some(validator.consensus_key.to_any()),
        value: Some(ProtoCoin {
            denom: validator.stake.denom.clone(),
            amount: validator.stake.amount.to_string(),
        }),
        ..MsgCreateValidator::default()
    })
}

/// The transaction without a signature.
pub fn unsigned(message: &MsgCreateValidator, envelope: &Envelope) -> Tx {
    Tx {
        body: Some(TxBody {
            messages: vec![Any { type_url: MsgCreateValidator::type_url(), value: message.encode_to_vec() }],
            memo: envelope.memo.clone().into_bytes(),
            ..TxBody::default()
        }),
        auth_info: Some(AuthInfo {
            signer_infos: Vec::new(),
            fee: Some(Fee {
                amount: accounts::to_proto(&envelope.fee),
                gas_limit: envelope.gas,
                ..Fee::default()
            }),
            ..AuthInfo::default()
        }),
        signatures: Vec::new(),
    }
}

/// Signs in mode DIRECT.
pub fn sign(mut tx: Tx, key: &PrivateKey, envelope: &Envelope) -> Result<Tx> {
    let (Some(body), Some(auth_info)) = (&tx.body, &mut tx.auth_info) else {
        bail!("the transaction is incomplete")
    };
    auth_info.signer_infos = vec![SignerInfo {
        public_key: Some(key.public_key()?.to_any()),
        mode_info: Some(ModeInfo {
            sum: Some(mode_info::Sum::Single(mode_info::Single { mode: SignMode::Direct.into() })),
        }),
        sequence: envelope.sequence,
    }];
    let document = SignDoc {
        body_bytes: body.encode_to_vec(),
        auth_info_bytes: auth_info.encode_to_vec(),
        chain_id: envelope.chain_id.clone(),
        account_number: envelope.account_number,
    };
    tx.signatures = vec![key.sign(&document.encode_to_vec())?];
    Ok(tx)
}

/// The account must have the stake.
pub fn check_funds(setup: &Setup, genesis: &AppState, key: &Record, stake: &Coins) -> Result<()> {
    let bond_denom = bond_denom(genesis)?;
    let address = setup.addresses.account(&key.address()?);
    let bank: BankState = state::get(genesis, "bank")?;
    let Some(balance) = bank.balances.iter().find(|balance| balance.address.eq_ignore_ascii_case(&address))
    else {
        bail!("account {address} does not have a balance in the genesis state");
    };
    let has = accounts::to_coins(&balance.coins)?.amount_of(&bond_denom);
    let wants = stake.amount_of(&bond_denom);
    if wants > has {
        bail!(
            "account {address} has a balance in genesis, but it only has {has}{bond_denom} available to stake, not \
             {wants}{bond_denom}"
        );
    }
    Ok(())
}

fn bond_denom(genesis: &AppState) -> Result<String> {
    let staking: StakingState = state::get(genesis, "staking")?;
    Ok(staking.params.context("the genesis has no staking params")?.bond_denom)
}
