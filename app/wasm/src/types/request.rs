//! What contracts ask the chain.

use crate::json::{Base64, Present, go_object};

go_object! {
    pub struct QueryRequest {
        bank: Option<BankQuery> = "bank",
        custom: Present = "custom",
        ibc: Option<IbcQuery> = "ibc",
        staking: Option<StakingQuery> = "staking",
        distribution: Option<DistributionQuery> = "distribution",
        stargate: Option<PathQuery> = "stargate",
        grpc: Option<PathQuery> = "grpc",
        wasm: Option<WasmQuery> = "wasm",
    }
}

go_object! {
    pub struct BankQuery {
        supply: Option<DenomQuery> = "supply",
        balance: Option<BalanceQuery> = "balance",
        all_balances: Option<AddressQuery> = "all_balances",
        denom_metadata: Option<DenomQuery> = "denom_metadata",
        all_denom_metadata: Option<AllDenomMetadataQuery> = "all_denom_metadata",
    }
}

go_object! {
    pub struct DenomQuery { denom: String = "denom" }
}

go_object! {
    pub struct AddressQuery { address: String = "address" }
}

go_object! {
    pub struct BalanceQuery { address: String = "address", denom: String = "denom" }
}

go_object! {
    pub struct AllDenomMetadataQuery { pagination: Option<Page> = "pagination" }
}

go_object! {
    pub struct Page { key: Base64 = "key", limit: u32 = "limit", reverse: bool = "reverse" }
}

go_object! {
    pub struct IbcQuery {
        port_id: Option<Empty> = "port_id",
        list_channels: Option<ListChannelsQuery> = "list_channels",
        channel: Option<ChannelQuery> = "channel",
    }
}

go_object! {
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
        all_validators: Option<Empty> = "all_validators",
        validator: Option<AddressQuery> = "validator",
        all_delegations: Option<DelegationQuery> = "all_delegations",
        delegation: Option<DelegationQuery> = "delegation",
        bonded_denom: Option<Empty> = "bonded_denom",
    }
}

go_object! {
    pub struct DelegationQuery { delegator: String = "delegator", validator: String = "validator" }
}

go_object! {
    pub struct DistributionQuery {
        delegator_withdraw_address: Option<RewardsQuery> = "delegator_withdraw_address",
        delegation_rewards: Option<RewardsQuery> = "delegation_rewards",
        delegation_total_rewards: Option<RewardsQuery> = "delegation_total_rewards",
        delegator_validators: Option<RewardsQuery> = "delegator_validators",
    }
}

go_object! {
    pub struct RewardsQuery {
        delegator_address: String = "delegator_address",
        validator_address: String = "validator_address",
    }
}

go_object! {
    pub struct PathQuery { data: Base64 = "data", path: String = "path" }
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
