//! ainft: what was made, from what, by whom, and who owns it. Messages and answers of cw721 and cw2981 come first, ours after.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Binary, HexBinary, Timestamp, Uint128, Uint256};
use cw20::{Cw20ReceiveMsg, Expiration};

use crate::asset::Asset;

#[cw_serde]
pub struct InstantiateMsg {
    pub admin: String,
    pub name: String,
    pub symbol: String,
    /// The contract that knows bonded nodes; without it nobody attests.
    pub nodes: Option<String>,
    /// Assets that inflow is taken in, at most 8.
    pub assets: Vec<Asset>,
}

#[cw_serde]
#[derive(Eq, Copy)]
pub enum Kind {
    Data,
    Model,
    Service,
    State,
    Recipe,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Model => "model",
            Self::Service => "service",
            Self::State => "state",
            Self::Recipe => "recipe",
        }
    }
}

/// What can be checked against bytes. All digests are SHA-256.
#[cw_serde]
#[derive(Eq)]
pub struct Manifest {
    /// Of the OpenSSF model-signing manifest, which lists every file with its digest.
    pub digest: HexBinary,
    /// CycloneDX ML-BOM.
    pub ml_bom: Option<HexBinary>,
    /// Croissant, for data.
    pub croissant: Option<HexBinary>,
    /// in-toto statement of how it was made.
    pub in_toto: Option<HexBinary>,
    /// Image that it runs in.
    pub oci_image: Option<HexBinary>,
    /// What a run has to give, for a recipe.
    pub result: Option<HexBinary>,
    /// Where the manifest can be had; nothing depends on it.
    pub uri: Option<String>,
}

/// What is said of an artefact and cannot be checked here, kept apart from the manifest for that reason.
#[cw_serde]
#[derive(Eq)]
pub struct Assertion {
    pub name: String,
    pub value: String,
}

/// A parent, and the part of the child's inflow that it gets, in ten-thousandths.
#[cw_serde]
#[derive(Eq)]
pub struct Parent {
    pub id: String,
    pub share: u16,
}

/// What an artefact asks of those that are built on it.
#[cw_serde]
#[derive(Eq, Default)]
pub struct Royalty {
    /// The least relative share of a direct child.
    pub share: u16,
    /// The least part of the inflow of every descendant up to `hops` generations down, whoever stands between.
    pub floor: u16,
    /// 0 (no floor) to 3.
    pub hops: u8,
    /// Of the price of a sale, to the creator.
    pub sale: u16,
}

#[cw_serde]
#[derive(Eq)]
pub struct Floor {
    pub ancestor: String,
    pub share: u16,
    /// Generations that it still reaches, this one included.
    pub hops: u8,
}

#[cw_serde]
#[derive(Eq, Copy)]
pub enum Outcome {
    Exact,
    WithinTolerance,
    Failed,
}

#[cw_serde]
pub enum ExecuteMsg {
    // cw721
    TransferNft {
        recipient: String,
        token_id: String,
    },
    SendNft {
        contract: String,
        token_id: String,
        msg: Binary,
    },
    Approve {
        spender: String,
        token_id: String,
        expires: Option<Expiration>,
    },
    Revoke {
        spender: String,
        token_id: String,
    },
    ApproveAll {
        operator: String,
        expires: Option<Expiration>,
    },
    RevokeAll {
        operator: String,
    },
    // ours
    /// Registers an artefact; its identifier follows from what it is. Parents are sorted by identifier.
    Register {
        kind: Kind,
        manifest: Manifest,
        assertions: Vec<Assertion>,
        parents: Vec<Parent>,
        royalty: Royalty,
        /// The sender, where nobody is named.
        owner: Option<String>,
    },
    /// Points a service to a new version; by the owner.
    NewVersion {
        id: String,
        uri: String,
        digest: HexBinary,
    },
    /// What a run of the recipe gave; once by each bonded node.
    AttestReproduction {
        id: String,
        result: HexBinary,
        outcome: Outcome,
    },
    /// Inflow of an artefact, in an asset that is listed.
    Fund {
        id: String,
    },
    /// Inflow and purchases from a cw20 token; the hook is `ReceiveMsg`.
    Receive(Cw20ReceiveMsg),
    /// Moves an artefact's inflow one hop up and the rest to its owner; anyone.
    Settle {
        id: String,
        asset: Asset,
    },
    /// Pays what the sender was credited as owner, seller or creator.
    Withdraw {
        asset: Asset,
    },
    /// Offers an artefact; it cannot be moved until it is sold or the offer is withdrawn.
    Offer {
        id: String,
        asset: Asset,
        price: Uint128,
        buyer: Option<String>,
        expires: Option<Timestamp>,
    },
    WithdrawOffer {
        id: String,
    },
    /// Buys at the price of the offer: the money has to be exactly that.
    Buy {
        id: String,
    },
    /// The following by the admin.
    SetAsset {
        asset: Asset,
        active: bool,
    },
    SetNodes {
        nodes: Option<String>,
    },
    UpdateAdmin {
        admin: String,
    },
}

#[cw_serde]
pub enum ReceiveMsg {
    Fund { id: String },
    Buy { id: String },
}

/// What `SendNft` calls the receiver with: `{"receive_nft": {…}}`.
#[cw_serde]
pub struct Cw721ReceiveMsg {
    pub sender: String,
    pub token_id: String,
    pub msg: Binary,
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
pub enum Cw2981QueryMsg {
    RoyaltyInfo { token_id: String, sale_price: Uint128 },
    CheckRoyalties {},
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    // cw721
    #[returns(OwnerOfResponse)]
    OwnerOf { token_id: String, include_expired: Option<bool> },
    #[returns(ApprovalResponse)]
    Approval { token_id: String, spender: String, include_expired: Option<bool> },
    #[returns(ApprovalsResponse)]
    Approvals { token_id: String, include_expired: Option<bool> },
    #[returns(OperatorResponse)]
    Operator { owner: String, operator: String, include_expired: Option<bool> },
    #[returns(OperatorsResponse)]
    AllOperators {
        owner: String,
        include_expired: Option<bool>,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    #[returns(NumTokensResponse)]
    NumTokens {},
    #[returns(ContractInfoResponse)]
    ContractInfo {},
    #[returns(NftInfoResponse)]
    NftInfo { token_id: String },
    #[returns(AllNftInfoResponse)]
    AllNftInfo { token_id: String, include_expired: Option<bool> },
    #[returns(TokensResponse)]
    Tokens { owner: String, start_after: Option<String>, limit: Option<u32> },
    #[returns(TokensResponse)]
    AllTokens { start_after: Option<String>, limit: Option<u32> },
    /// Anyone registers: there is no minter.
    #[returns(MinterResponse)]
    Minter {},
    // cw2981, at the top and as cw721's extension
    #[returns(RoyaltiesInfoResponse)]
    RoyaltyInfo { token_id: String, sale_price: Uint128 },
    #[returns(CheckRoyaltiesResponse)]
    CheckRoyalties {},
    #[returns(Binary)]
    Extension { msg: Cw2981QueryMsg },
    // ours
    #[returns(ConfigResponse)]
    Config {},
    /// The identifier that `Register` by this creator would give.
    #[returns(String)]
    Identifier { kind: Kind, digest: HexBinary, parents: Vec<String>, creator: String },
    #[returns(ArtefactResponse)]
    Artefact { id: String },
    #[returns(LineageResponse)]
    Lineage { id: String },
    #[returns(Vec<Floor>)]
    Floors { id: String },
    #[returns(Vec<InflowResponse>)]
    Inflow { id: String },
    #[returns(Uint128)]
    Owed { address: String, asset: Asset },
    #[returns(Vec<VersionResponse>)]
    Versions { id: String, start_after: Option<u32>, limit: Option<u32> },
    #[returns(ReproductionsResponse)]
    Reproductions { id: String, start_after: Option<String>, limit: Option<u32> },
    #[returns(Option<OfferResponse>)]
    Offer { id: String },
    /// What the contract holds for others.
    #[returns(Vec<AssetResponse>)]
    Assets {},
}

#[cw_serde]
pub struct Approval {
    pub spender: String,
    pub expires: Expiration,
}

#[cw_serde]
pub struct OwnerOfResponse {
    pub owner: String,
    pub approvals: Vec<Approval>,
}

#[cw_serde]
pub struct ApprovalResponse {
    pub approval: Approval,
}

#[cw_serde]
pub struct ApprovalsResponse {
    pub approvals: Vec<Approval>,
}

#[cw_serde]
pub struct OperatorResponse {
    pub approval: Approval,
}

#[cw_serde]
pub struct OperatorsResponse {
    pub operators: Vec<Approval>,
}

#[cw_serde]
pub struct NumTokensResponse {
    pub count: u64,
}

#[cw_serde]
pub struct ContractInfoResponse {
    pub name: String,
    pub symbol: String,
}

#[cw_serde]
pub struct NftInfoResponse {
    pub token_uri: Option<String>,
    pub extension: Extension,
}

/// The metadata of cw721's extension: what cw2981 shows, and what an artefact is.
#[cw_serde]
pub struct Extension {
    pub name: Option<String>,
    pub royalty_payment_address: Option<String>,
    /// In hundredths, rounded down; `RoyaltyInfo` is exact.
    pub royalty_percentage: Option<u64>,
    pub kind: Kind,
    pub manifest: Manifest,
}

#[cw_serde]
pub struct AllNftInfoResponse {
    pub access: OwnerOfResponse,
    pub info: NftInfoResponse,
}

#[cw_serde]
pub struct TokensResponse {
    pub tokens: Vec<String>,
}

#[cw_serde]
pub struct MinterResponse {
    pub minter: Option<String>,
}

#[cw_serde]
pub struct RoyaltiesInfoResponse {
    pub address: String,
    pub royalty_amount: Uint128,
}

#[cw_serde]
pub struct CheckRoyaltiesResponse {
    pub royalty_payments: bool,
}

#[cw_serde]
pub struct ConfigResponse {
    pub admin: Addr,
    pub nodes: Option<Addr>,
}

#[cw_serde]
pub struct ArtefactResponse {
    pub id: String,
    pub kind: Kind,
    pub creator: Addr,
    pub owner: Addr,
    pub manifest: Manifest,
    pub assertions: Vec<Assertion>,
    pub royalty: Royalty,
    pub registered: Timestamp,
}

#[cw_serde]
pub struct LineageResponse {
    pub parents: Vec<Parent>,
    /// 0 for what has no parents.
    pub depth: u8,
    /// Where inflow goes at a settle: parents and floors, each once.
    pub upstream: Vec<Parent>,
}

#[cw_serde]
pub struct InflowResponse {
    pub asset: Asset,
    /// All that ever came in.
    pub total: Uint256,
    /// What is not settled yet.
    pub pending: Uint128,
}

#[cw_serde]
pub struct VersionResponse {
    pub version: u32,
    pub uri: String,
    pub digest: HexBinary,
    pub published: Timestamp,
}

#[cw_serde]
pub struct ReproductionsResponse {
    pub exact: u32,
    pub within_tolerance: u32,
    pub failed: u32,
    pub attestations: Vec<AttestationResponse>,
}

#[cw_serde]
pub struct AttestationResponse {
    pub node: Addr,
    pub result: HexBinary,
    pub outcome: Outcome,
    pub at: Timestamp,
}

#[cw_serde]
pub struct OfferResponse {
    pub seller: Addr,
    pub asset: Asset,
    pub price: Uint128,
    pub buyer: Option<Addr>,
    pub expires: Option<Timestamp>,
}

#[cw_serde]
pub struct AssetResponse {
    pub asset: Asset,
    pub active: bool,
    pub held: Uint128,
}
