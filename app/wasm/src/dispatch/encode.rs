//! Messages of contracts as messages of the modules (`x/wasm/keeper/handler_plugin_encoders.go`).

use iz_core::{Address, Context, Dec, Error, Result};
use iz_modules::convert::{coin_to_proto, coins_to_proto};
use iz_proto::{
    Any,
    cosmos::{
        bank::v1beta1::MsgSend,
        distribution::v1beta1::{MsgFundCommunityPool, MsgSetWithdrawAddress, MsgWithdrawDelegatorReward},
        gov::v1::{self, MsgVote, MsgVoteWeighted},
        staking::v1beta1::{MsgBeginRedelegate, MsgDelegate, MsgUndelegate},
    },
    cosmwasm::wasm::v1::{
        MsgClearAdmin, MsgExecuteContract, MsgInstantiateContract, MsgInstantiateContract2,
        MsgMigrateContract, MsgUpdateAdmin,
    },
    interfaces,
};
use prost::{Message, Name};

use super::ibc;
use crate::{
    errors,
    types::{
        AnyMsg, BankMsg, CosmosMsg, DistributionMsg, GovMsg, StakingMsg, VmCoin, VoteOption, WasmMsg,
        coin_from_vm, coins_from_vm,
    },
};

/// The longest message that a contract may pack by itself.
const MAX_ANY: usize = 512 * 1024;
/// What unpacking it costs, and each whole kibibyte.
const ANY_BASE: u64 = 5;
const ANY_PER_KIB: u64 = 1;

fn unknown(kind: &str) -> Error {
    errors::UNKNOWN_MSG.wrap(format!("unknown variant of {kind}"))
}

fn pack<M: Message + Name>(message: &M) -> Any {
    Any { type_url: M::type_url(), value: message.encode_to_vec() }
}

/// The module messages that a contract's message stands for: mostly one, none for a transfer of nothing.
pub(super) fn encode(context: &mut Context, contract: &Address, message: &CosmosMsg) -> Result<Vec<Any>> {
    let sender = context.addresses().account(contract);
    let one = match message {
        CosmosMsg { bank: Some(message), .. } => return bank(sender, message),
        CosmosMsg { custom: true, .. } => Err(errors::UNKNOWN_MSG.wrap("custom variant not supported")),
        CosmosMsg { distribution: Some(message), .. } => distribution(sender, message),
        CosmosMsg { ibc: Some(message), .. } => ibc::encode(context, contract, sender, message),
        CosmosMsg { ibc2: Some(message), .. } => ibc::encode_v2(sender, message),
        CosmosMsg { staking: Some(message), .. } => staking(sender, message),
        CosmosMsg { any: Some(message), .. } => any(context, message),
        CosmosMsg { wasm: Some(message), .. } => wasm(sender, message),
        CosmosMsg { gov: Some(message), .. } => gov(sender, message),
        _ => Err(unknown("Wasm")),
    };
    one.map(|any| vec![any])
}

fn bank(sender: String, message: &BankMsg) -> Result<Vec<Any>> {
    let Some(send) = &message.send else { return Err(unknown("Bank")) };
    if send.amount.is_empty() {
        return Ok(Vec::new());
    }
    let amount = coins_to_proto(&coins_from_vm(&send.amount)?);
    Ok(vec![pack(&MsgSend { from_address: sender, to_address: send.to_address.clone(), amount })])
}

fn distribution(sender: String, message: &DistributionMsg) -> Result<Any> {
    match message {
        DistributionMsg { set_withdraw_address: Some(message), .. } => Ok(pack(&MsgSetWithdrawAddress {
            delegator_address: sender,
            withdraw_address: message.address.clone(),
        })),
        DistributionMsg { withdraw_delegator_reward: Some(message), .. } => {
            Ok(pack(&MsgWithdrawDelegatorReward {
                delegator_address: sender,
                validator_address: message.validator.clone(),
            }))
        }
        DistributionMsg { fund_community_pool: Some(message), .. } => {
            let amount = coins_to_proto(&coins_from_vm(&message.amount)?);
            Ok(pack(&MsgFundCommunityPool { depositor: sender, amount }))
        }
        _ => Err(unknown("Distribution")),
    }
}

fn staking(sender: String, message: &StakingMsg) -> Result<Any> {
    let amount = |coin: &VmCoin| coin_from_vm(coin).map(|coin| Some(coin_to_proto(&coin)));
    match message {
        StakingMsg { delegate: Some(message), .. } => Ok(pack(&MsgDelegate {
            delegator_address: sender,
            validator_address: message.validator.clone(),
            amount: amount(&message.amount)?,
        })),
        StakingMsg { redelegate: Some(message), .. } => Ok(pack(&MsgBeginRedelegate {
            delegator_address: sender,
            validator_src_address: message.src_validator.clone(),
            validator_dst_address: message.dst_validator.clone(),
            amount: amount(&message.amount)?,
        })),
        StakingMsg { undelegate: Some(message), .. } => Ok(pack(&MsgUndelegate {
            delegator_address: sender,
            validator_address: message.validator.clone(),
            amount: amount(&message.amount)?,
        })),
        _ => Err(unknown("Staking")),
    }
}

/// A message that the contract packed by itself.
fn any(context: &mut Context, message: &AnyMsg) -> Result<Any> {
    let length = message.value.bytes().len();
    if length > MAX_ANY {
        return Err(errors::LIMIT.wrap(format!("AnyMsg value size {length} exceeds limit {MAX_ANY}")));
    }
    context.consume_gas(ANY_BASE + ANY_PER_KIB * (length as u64) / 1024, "unpacking AnyMsg")?;
    let any = Any { type_url: message.type_url.clone(), value: message.value.bytes().to_vec() };
    let known = interfaces::implements("cosmos.base.v1beta1.Msg", &any.type_url);
    if !known || context.chain.router.decode(&any).is_err() {
        return Err(
            errors::INVALID_MSG.wrap(format!("Cannot unpack proto message with type URL: {}", any.type_url))
        );
    }
    Ok(any)
}

fn wasm(sender: String, message: &WasmMsg) -> Result<Any> {
    let funds = |coins: &[VmCoin]| coins_from_vm(coins).map(|coins| coins_to_proto(&coins));
    match message {
        WasmMsg { execute: Some(message), .. } => Ok(pack(&MsgExecuteContract {
            sender,
            contract: message.contract_addr.clone(),
            msg: message.msg.bytes().to_vec(),
            funds: funds(&message.funds)?,
        })),
        WasmMsg { instantiate: Some(message), .. } => Ok(pack(&MsgInstantiateContract {
            sender,
            admin: message.admin.clone(),
            code_id: message.code_id,
            label: message.label.clone(),
            msg: message.msg.bytes().to_vec(),
            funds: funds(&message.funds)?,
        })),
        WasmMsg { instantiate2: Some(message), .. } => Ok(pack(&MsgInstantiateContract2 {
            sender,
            admin: message.admin.clone(),
            code_id: message.code_id,
            label: message.label.clone(),
            msg: message.msg.bytes().to_vec(),
            funds: funds(&message.funds)?,
            salt: message.salt.bytes().to_vec(),
            fix_msg: false,
        })),
        WasmMsg { migrate: Some(message), .. } => Ok(pack(&MsgMigrateContract {
            sender,
            contract: message.contract_addr.clone(),
            code_id: message.new_code_id,
            msg: message.msg.bytes().to_vec(),
        })),
        WasmMsg { clear_admin: Some(message), .. } => {
            Ok(pack(&MsgClearAdmin { sender, contract: message.contract_addr.clone() }))
        }
        WasmMsg { update_admin: Some(message), .. } => Ok(pack(&MsgUpdateAdmin {
            sender,
            new_admin: message.admin.clone(),
            contract: message.contract_addr.clone(),
        })),
        _ => Err(unknown("Wasm")),
    }
}

fn gov(sender: String, message: &GovMsg) -> Result<Any> {
    match message {
        GovMsg { vote: Some(message), .. } => Ok(pack(&MsgVote {
            proposal_id: message.proposal_id,
            voter: sender,
            option: vote_option(message.option)?.into(),
            metadata: Vec::new(),
        })),
        GovMsg { vote_weighted: Some(message), .. } => {
            let option = |(place, option): (usize, &crate::types::WeightedVoteOption)| {
                let weight = option.weight.parse::<Dec>();
                let weight = weight.map_err(|error| error.wrap(format!("weight for vote {}", place + 1)))?;
                let option = vote_option(option.option)?.into();
                Ok(v1::WeightedVoteOption { option, weight: weight.to_string() })
            };
            let options = message.options.iter().enumerate().map(option).collect::<Result<_>>()?;
            Ok(pack(&MsgVoteWeighted {
                proposal_id: message.proposal_id,
                voter: sender,
                options,
                metadata: Vec::new(),
            }))
        }
        _ => Err(unknown("gov")),
    }
}

fn vote_option(option: VoteOption) -> Result<v1::VoteOption> {
    match option {
        VoteOption::Yes => Ok(v1::VoteOption::Yes),
        VoteOption::No => Ok(v1::VoteOption::No),
        VoteOption::NoWithVeto => Ok(v1::VoteOption::NoWithVeto),
        VoteOption::Abstain => Ok(v1::VoteOption::Abstain),
        VoteOption::Unset => Err(errors::INVALID.wrap("vote option")),
    }
}
