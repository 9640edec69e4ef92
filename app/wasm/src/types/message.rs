//! The messages that contracts send.

use super::VmCoin;
use crate::json::{Base64, Decode, JsonError, Present, Quoted, Reader, go_object};

/// One message: of the variants that are set, the first in this order counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CosmosMsg {
    pub bank: Option<BankMsg>,
    pub custom: bool,
    pub distribution: Option<DistributionMsg>,
    pub ibc: Option<IbcMsg>,
    pub ibc2: Option<Ibc2Msg>,
    pub staking: Option<StakingMsg>,
    pub any: Option<AnyMsg>,
    pub wasm: Option<WasmMsg>,
    pub gov: Option<GovMsg>,
}

go_object! {
    struct Wire as InternalCosmosMsg {
        bank: Option<BankMsg> = "bank",
        custom: Present = "custom",
        distribution: Option<DistributionMsg> = "distribution",
        gov: Option<GovMsg> = "gov",
        ibc: Option<IbcMsg> = "ibc",
        staking: Option<StakingMsg> = "staking",
        any: Option<AnyMsg> = "any",
        wasm: Option<WasmMsg> = "wasm",
        stargate: Option<AnyMsg> = "stargate",
        ibc2: Option<Ibc2Msg> = "ibc2",
    }
}

impl Decode for CosmosMsg {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        let mut wire = Wire::default();
        reader.apart(|reader| wire.decode(reader))?;
        let Wire { bank, custom, distribution, gov, ibc, staking, any, wasm, stargate, ibc2 } = wire;
        if any.is_some() && stargate.is_some() {
            let text = "invalid CosmosMsg: both 'any' and 'stargate' fields are set";
            return Err(JsonError::Value(text.to_owned()));
        }
        let any = any.or(stargate);
        *self = Self { bank, custom: custom.0, distribution, ibc, ibc2, staking, any, wasm, gov };
        Ok(())
    }

    fn go_type() -> String {
        "types.CosmosMsg".to_owned()
    }
}

go_object! {
    pub struct BankMsg { send: Option<SendMsg> = "send", burn: Option<BurnMsg> = "burn" }
}

go_object! {
    pub struct SendMsg { to_address: String = "to_address", amount: Vec<VmCoin> = "amount" apart }
}

go_object! {
    pub struct BurnMsg { amount: Vec<VmCoin> = "amount" apart }
}

go_object! {
    pub struct StakingMsg {
        delegate: Option<DelegateMsg> = "delegate",
        undelegate: Option<UndelegateMsg> = "undelegate",
        redelegate: Option<RedelegateMsg> = "redelegate",
    }
}

go_object! {
    pub struct DelegateMsg { validator: String = "validator", amount: VmCoin = "amount" }
}

go_object! {
    pub struct UndelegateMsg { validator: String = "validator", amount: VmCoin = "amount" }
}

go_object! {
    pub struct RedelegateMsg {
        src_validator: String = "src_validator",
        dst_validator: String = "dst_validator",
        amount: VmCoin = "amount",
    }
}

go_object! {
    pub struct DistributionMsg {
        set_withdraw_address: Option<SetWithdrawAddressMsg> = "set_withdraw_address",
        withdraw_delegator_reward: Option<WithdrawDelegatorRewardMsg> = "withdraw_delegator_reward",
        fund_community_pool: Option<FundCommunityPoolMsg> = "fund_community_pool",
    }
}

go_object! {
    pub struct SetWithdrawAddressMsg { address: String = "address" }
}

go_object! {
    pub struct WithdrawDelegatorRewardMsg { validator: String = "validator" }
}

go_object! {
    pub struct FundCommunityPoolMsg { amount: Vec<VmCoin> = "amount" apart }
}

go_object! {
    pub struct AnyMsg { type_url: String = "type_url", value: Base64 = "value" }
}

go_object! {
    pub struct WasmMsg {
        execute: Option<ExecuteMsg> = "execute",
        instantiate: Option<InstantiateMsg> = "instantiate",
        instantiate2: Option<Instantiate2Msg> = "instantiate2",
        migrate: Option<MigrateMsg> = "migrate",
        update_admin: Option<UpdateAdminMsg> = "update_admin",
        clear_admin: Option<ClearAdminMsg> = "clear_admin",
    }
}

go_object! {
    pub struct ExecuteMsg {
        contract_addr: String = "contract_addr",
        msg: Base64 = "msg",
        funds: Vec<VmCoin> = "funds" apart,
    }
}

go_object! {
    pub struct InstantiateMsg {
        code_id: u64 = "code_id",
        msg: Base64 = "msg",
        funds: Vec<VmCoin> = "funds" apart,
        label: String = "label",
        admin: String = "admin",
    }
}

go_object! {
    pub struct Instantiate2Msg {
        code_id: u64 = "code_id",
        msg: Base64 = "msg",
        funds: Vec<VmCoin> = "funds" apart,
        label: String = "label",
        admin: String = "admin",
        salt: Base64 = "salt",
    }
}

go_object! {
    pub struct MigrateMsg {
        contract_addr: String = "contract_addr",
        new_code_id: u64 = "new_code_id",
        msg: Base64 = "msg",
    }
}

go_object! {
    pub struct UpdateAdminMsg { contract_addr: String = "contract_addr", admin: String = "admin" }
}

go_object! {
    pub struct ClearAdminMsg { contract_addr: String = "contract_addr" }
}

go_object! {
    pub struct IbcMsg as IBCMsg {
        transfer: Option<TransferMsg> = "transfer",
        send_packet: Option<SendPacketMsg> = "send_packet",
        write_acknowledgement: Option<WriteAcknowledgementMsg> = "write_acknowledgement",
        close_channel: Option<CloseChannelMsg> = "close_channel",
    }
}

go_object! {
    pub struct TransferMsg {
        channel_id: String = "channel_id",
        to_address: String = "to_address",
        amount: VmCoin = "amount",
        timeout: IbcTimeout = "timeout",
        memo: String = "memo",
    }
}

go_object! {
    pub struct IbcTimeout as IBCTimeout { block: Option<IbcTimeoutBlock> = "block", timestamp: Quoted = "timestamp" }
}

go_object! {
    pub struct IbcTimeoutBlock as IBCTimeoutBlock { revision: u64 = "revision", height: u64 = "height" }
}

go_object! {
    pub struct SendPacketMsg {
        channel_id: String = "channel_id",
        data: Base64 = "data",
        timeout: IbcTimeout = "timeout",
    }
}

go_object! {
    pub struct WriteAcknowledgementMsg {
        ack: IbcAcknowledgement = "ack",
        channel_id: String = "channel_id",
        packet_sequence: u64 = "packet_sequence",
    }
}

go_object! {
    pub struct IbcAcknowledgement as IBCAcknowledgement { data: Base64 = "data" }
}

go_object! {
    pub struct CloseChannelMsg { channel_id: String = "channel_id" }
}

go_object! {
    pub struct Ibc2Msg as IBC2Msg {
        send_packet: Option<Ibc2SendPacketMsg> = "send_packet",
        write_acknowledgement: Option<Ibc2WriteAcknowledgementMsg> = "write_acknowledgement",
    }
}

go_object! {
    pub struct Ibc2SendPacketMsg as IBC2SendPacketMsg {
        source_client: String = "source_client",
        payloads: Vec<Ibc2Payload> = "payloads",
        timeout: Quoted = "timeout",
    }
}

go_object! {
    pub struct Ibc2Payload as IBC2Payload {
        source_port: String = "source_port",
        destination_port: String = "destination_port",
        version: String = "version",
        encoding: String = "encoding",
        value: Base64 = "value",
    }
}

go_object! {
    pub struct Ibc2WriteAcknowledgementMsg as IBC2WriteAcknowledgementMsg {
        ack: IbcAcknowledgement = "ack",
        source_client: String = "source_client",
        destination_client: String = "destination_client",
        packet_sequence: u64 = "packet_sequence",
    }
}

go_object! {
    pub struct GovMsg { vote: Option<VoteMsg> = "vote", vote_weighted: Option<VoteWeightedMsg> = "vote_weighted" }
}

/// The four ways to vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VoteOption {
    /// Left out, which the chain refuses.
    #[default]
    Unset,
    Yes,
    No,
    Abstain,
    NoWithVeto,
}

impl Decode for VoteOption {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        let mut text = String::new();
        reader.apart(|reader| text.decode(reader))?;
        *self = match &*text {
            "yes" => Self::Yes,
            "no" => Self::No,
            "abstain" => Self::Abstain,
            "no_with_veto" => Self::NoWithVeto,
            _ => return Err(JsonError::Value(format!("invalid vote option '{text}'"))),
        };
        Ok(())
    }

    fn go_type() -> String {
        "types.voteOption".to_owned()
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct VoteMsg {
    pub proposal_id: u64,
    pub option: VoteOption,
}

go_object! {
    struct VoteWire as InternalVoteMsg {
        proposal_id: u64 = "proposal_id",
        option: Option<VoteOption> = "option",
        vote: Option<VoteOption> = "vote",
    }
}

impl Decode for VoteMsg {
    fn decode(&mut self, reader: &mut Reader<'_>) -> Result<(), JsonError> {
        let mut wire = VoteWire::default();
        reader.apart(|reader| wire.decode(reader))?;
        if wire.option.is_some() && wire.vote.is_some() {
            let text = "invalid VoteMsg: both 'option' and 'vote' fields are set";
            return Err(JsonError::Value(text.to_owned()));
        }
        let option = wire.option.or(wire.vote).ok_or(JsonError::Panic)?;
        *self = Self { proposal_id: wire.proposal_id, option };
        Ok(())
    }

    fn go_type() -> String {
        "types.VoteMsg".to_owned()
    }
}

go_object! {
    pub struct VoteWeightedMsg {
        proposal_id: u64 = "proposal_id",
        options: Vec<WeightedVoteOption> = "options",
    }
}

go_object! {
    pub struct WeightedVoteOption { option: VoteOption = "option", weight: String = "weight" }
}
