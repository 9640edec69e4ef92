//! What contracts ask the chain.

use crate::json::{Base64, Present, go_object};

go_object! {
    pub struct QueryRequest {
        bank: Option<BankQuery> = "bank",
        custom: Present = "custom",
        ibc: Option<IbcQuery> = "ibc",
        staking: Option<StakingQuery> = "staking",
        distribution: Option<DistributionQuery> = "distribution",
        stargate: Option<StargateQuery> = "stargate",
        grpc: Option<GrpcQuery> = "grpc",
        wasm: Option<WasmQuery> = "wasm",
    }
}

go_object! {
    pub struct BankQuery {
        supply: Option<SupplyQuery> = "supply",
        balance: Option<BalanceQuery> = "balance",
        all_balances: Option<AllBalancesQuery> = "all_balances",
        denom_metadata: Option<DenomMetadataQuery> = "denom_metadata",
        all_denom_metadata: Option<AllDenomMetadataQuery> = "all_denom_metadata",
    }
}

go_object! {
    pub struct SupplyQuery { denom: String = "denom" }
}

go_object! {
    pub struct DenomMetadataQuery { denom: String = "denom" }
}

go_object! {
    pub struct AllBalancesQuery { address: String = "address" }
}

go_object! {
    pub struct ValidatorQuery { address: String = "address" }
}

go_object! {
    pub struct BalanceQuery { address: String = "address", denom: String = "denom" }
}

go_object! {
    pub struct AllDenomMetadataQuery { pagination: Option<Page> = "pagination" }
}

go_object! {
    pub struct Page as PageRequest { key: Base64 = "key", limit: u32 = "limit", reverse: bool = "reverse" }
}

go_object! {
    pub struct IbcQuery as IBCQuery {
        port_id: Option<PortIdQuery> = "port_id",
        list_channels: Option<ListChannelsQuery> = "list_channels",
        channel: Option<ChannelQuery> = "channel",
    }
}

go_object! {
    pub struct PortIdQuery as PortIDQuery {}
}

go_object! {
    pub struct AllValidatorsQuery {}
}

go_object! {
    /// No type of its own in Go.
    pub struct Empty {}
}

go_object! {
    pub struct ListChannelsQuery { port_id: String = "port_id" }
}

go_object! {
    pub struct ChannelQuery { port_id: String = "port_id", channel_id: String = "channel_id" }
}

go_object! {
    pub struct StakingQuery {
        all_validators: Option<AllValidatorsQuery> = "all_validators",
        validator: Option<ValidatorQuery> = "validator",
        all_delegations: Option<AllDelegationsQuery> = "all_delegations",
        delegation: Option<DelegationQuery> = "delegation",
        bonded_denom: Option<Empty> = "bonded_denom",
    }
}

go_object! {
    pub struct AllDelegationsQuery { delegator: String = "delegator" }
}

go_object! {
    pub struct DelegationQuery { delegator: String = "delegator", validator: String = "validator" }
}

go_object! {
    pub struct DistributionQuery {
        delegator_withdraw_address: Option<DelegatorWithdrawAddressQuery> = "delegator_withdraw_address",
        delegation_rewards: Option<DelegationRewardsQuery> = "delegation_rewards",
        delegation_total_rewards: Option<DelegationTotalRewardsQuery> = "delegation_total_rewards",
        delegator_validators: Option<DelegatorValidatorsQuery> = "delegator_validators",
    }
}

go_object! {
    pub struct DelegatorWithdrawAddressQuery { delegator_address: String = "delegator_address" }
}

go_object! {
    pub struct DelegationTotalRewardsQuery { delegator_address: String = "delegator_address" }
}

go_object! {
    pub struct DelegatorValidatorsQuery { delegator_address: String = "delegator_address" }
}

go_object! {
    pub struct DelegationRewardsQuery {
        delegator_address: String = "delegator_address",
        validator_address: String = "validator_address",
    }
}

go_object! {
    pub struct StargateQuery { data: Base64 = "data", path: String = "path" }
}

go_object! {
    pub struct GrpcQuery { data: Base64 = "data", path: String = "path" }
}

go_object! {
    pub struct WasmQuery {
        smart: Option<SmartQuery> = "smart",
        raw: Option<RawQuery> = "raw",
        contract_info: Option<ContractInfoQuery> = "contract_info",
        code_info: Option<CodeInfoQuery> = "code_info",
        raw_range: Option<RawRangeQuery> = "raw_range",
    }
}

go_object! {
    pub struct SmartQuery { contract_addr: String = "contract_addr", msg: Base64 = "msg" }
}

go_object! {
    pub struct RawQuery { contract_addr: String = "contract_addr", key: Base64 = "key" }
}

go_object! {
    pub struct ContractInfoQuery { contract_addr: String = "contract_addr" }
}

go_object! {
    pub struct CodeInfoQuery { code_id: u64 = "code_id" }
}

go_object! {
    pub struct RawRangeQuery {
        contract_addr: String = "contract_addr",
        start: Base64 = "start",
        end: Base64 = "end",
        limit: u16 = "limit",
        order: String = "order",
    }
}
