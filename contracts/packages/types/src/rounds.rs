//! rounds: federated rounds from enrolment to merit. The phases and their rules are `iz_rounds_machine`'s.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Coin, HexBinary, Uint128};
use iz_rounds_machine::{Bitmap, Digest, Parameters, Round, score::Metrics};

use crate::keys::{KeyRegistration, Keys};

#[cw_serde]
pub struct InstantiateMsg {
    pub admin: String,
    pub contracts: Contracts,
    pub beacon: Beacon,
    /// Where forfeited bonds go.
    pub treasury: String,
}

/// The contracts that are called.
#[cw_serde]
pub struct Contracts {
    pub nodes: String,
    pub merit: String,
    /// Without it no weights are added.
    pub router: Option<String>,
    /// Without it nothing is published as an artefact.
    pub ainft: Option<String>,
}

/// A public chain of BLS signatures on BLS12-381, signatures in G1 over SHA-256 of the round number in eight bytes, big-endian
/// (drand's `bls-unchained-g1-rfc9380`, which its quicknet speaks).
#[cw_serde]
pub struct Beacon {
    /// 96 bytes, compressed.
    pub public_key: HexBinary,
    /// Unix time of round 1.
    pub genesis: u64,
    /// Seconds between rounds.
    pub period: u32,
    /// Seconds between a phase's end and the earliest beacon round that may decide what follows: more than block time can be
    /// behind true time.
    pub margin: u32,
}

#[cw_serde]
pub struct Task {
    pub name: String,
    /// Whether new rounds can be opened.
    pub active: bool,
    pub parameters: Parameters,
    /// Taken from each client at enrolment, forfeited by those who then submit nothing; zero for none.
    pub client_bond: Coin,
    /// Taken from who challenges an aggregate, forfeited where more than two thirds find the aggregate right.
    pub challenge_bond: Coin,
    /// The least bond of a node that stands for the committee.
    pub candidate_bond: Uint128,
    pub rewards: Rewards,
    /// Parents and terms of the models that the rounds publish.
    pub artefact: Option<ArtefactTerms>,
}

#[cw_serde]
pub struct Rewards {
    /// Merit of a final round for its clients together, shared by the scores of their groups.
    pub clients: Uint128,
    /// Merit of a final round for its evaluators together, each a seat's part times the agreement of its scores.
    pub evaluators: Uint128,
    /// Merit of a void round for the seats that did all that was asked of them, together.
    pub uptime: Uint128,
    /// Verified units that each dutiful seat of a final round is credited with as a node.
    pub node_units: Uint128,
    /// Pool of the revenue router that gets the same weights as merit is credited; this contract is its controller.
    pub pool: Option<String>,
}

#[cw_serde]
pub struct ArtefactTerms {
    /// Sorted by identifier.
    pub parents: Vec<crate::ainft::Parent>,
    pub royalty: crate::ainft::Royalty,
    pub owner: String,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Stores the sender's keys; a client needs them to enrol.
    RegisterKeys {
        keys: KeyRegistration,
    },
    /// Begins the next round of a task if none runs; anyone.
    Open {
        task: u64,
    },
    /// Takes a seat as a client, with the task's bond.
    Enrol {
        round: u64,
    },
    /// Stands for the committee, as the operator of a bonded node.
    Stand {
        round: u64,
    },
    /// Posts the beacon value that the round waits for; anyone.
    Beacon {
        round: u64,
        signature: HexBinary,
    },
    /// Once by each client: digests of the masked upload and of the sealed shares.
    Submit {
        round: u64,
        upload: Digest,
        shares: Digest,
    },
    /// Once by each member: whose upload and share it holds.
    Witness {
        round: u64,
        clients: Bitmap,
    },
    /// Once by each member: digest of its sum over exactly the fixed set, with its signature over
    /// `iz_rounds_machine::keys::sum_statement`.
    PostSum {
        round: u64,
        set: Digest,
        sum: Digest,
        signature: HexBinary,
    },
    /// Once by each member: digest of the manifest of the model that follows from the sums.
    Attest {
        round: u64,
        aggregate: Digest,
    },
    CommitScores {
        round: u64,
        commitment: Digest,
    },
    RevealScores {
        round: u64,
        scores: Vec<u32>,
        metrics: Metrics,
        salt: Digest,
    },
    /// Says, with a bond, that the aggregate is wrong; anyone, once a round.
    Challenge {
        round: u64,
        claim: Digest,
    },
    Judge {
        round: u64,
        upheld: bool,
    },
    /// Moves a round on when its phase has ended; anyone.
    Advance {
        round: u64,
    },
    /// Credits what a member earned in up to 16 rounds that are over; anyone, for the member.
    Claim {
        member: String,
        rounds: Vec<u64>,
    },
    /// All that one round which is over owes to up to 64 of those who took part, sorted by address and each once: what `Claim` credits,
    /// and clients' bonds. Whoever was settled before is passed over, and a bond that cannot be sent stays for `Withdraw`. Anyone.
    Settle {
        round: u64,
        members: Vec<String>,
    },
    /// Returns a client's bond, or sends it to the treasury if it is forfeited; anyone.
    Withdraw {
        round: u64,
        client: String,
    },
    /// The same for a challenger's bond.
    WithdrawChallenge {
        round: u64,
    },
    /// Has a member that missed a duty slashed for a fault; anyone.
    Punish {
        round: u64,
        operator: String,
    },
    /// Shows a sum that a member signed beside the one it may sign; the node loses its bond. Anyone.
    ReportSecondSum {
        round: u64,
        operator: String,
        set: Digest,
        sum: Digest,
        signature: HexBinary,
    },
    /// Registers a final round's model as an artefact; anyone.
    Publish {
        round: u64,
    },
    /// The following by the admin. Rounds that run keep the terms that they were opened with.
    CreateTask {
        task: Task,
    },
    UpdateTask {
        id: u64,
        task: Task,
    },
    SetContracts {
        contracts: Contracts,
    },
    SetBeacon {
        beacon: Beacon,
    },
    UpdateAdmin {
        admin: String,
    },
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    #[returns(ConfigResponse)]
    Config {},
    #[returns(TaskResponse)]
    Task { id: u64 },
    #[returns(Vec<TaskResponse>)]
    Tasks { start_after: Option<u64>, limit: Option<u32> },
    #[returns(RoundResponse)]
    Round { id: u64 },
    /// Clients by address.
    #[returns(Vec<ClientResponse>)]
    Clients { round: u64, start_after: Option<String>, limit: Option<u32> },
    #[returns(ClientResponse)]
    Client { round: u64, client: String },
    /// The drawn committee, by seat.
    #[returns(Vec<MemberResponse>)]
    Committee { round: u64 },
    #[returns(Option<Keys>)]
    Keys { owner: String },
    /// What `Claim` would credit for one round.
    #[returns(EarnedResponse)]
    Earned { round: u64, member: String },
}

#[cw_serde]
pub struct ConfigResponse {
    pub admin: Addr,
    pub contracts: Contracts,
    pub beacon: Beacon,
    pub treasury: Addr,
}

#[cw_serde]
pub struct TaskResponse {
    pub id: u64,
    /// Counts the terms from 1.
    pub version: u32,
    pub task: Task,
    /// The round that runs, or the last that ran.
    pub round: Option<u64>,
}

#[cw_serde]
pub struct RoundResponse {
    pub id: u64,
    pub task: u64,
    pub version: u32,
    pub round: Round,
    pub enrolled: u16,
    pub submitted: Bitmap,
    pub candidates: u32,
    pub challenger: Option<Addr>,
    /// Of the beacon round waited for.
    pub beacon_message: Option<HexBinary>,
}

#[cw_serde]
pub struct ClientResponse {
    pub client: Addr,
    pub index: u8,
    pub submission: Option<Submission>,
    pub included: bool,
    /// Once groups are drawn, of the included.
    pub group: Option<u8>,
}

#[cw_serde]
pub struct Submission {
    pub upload: Digest,
    pub shares: Digest,
}

#[cw_serde]
pub struct MemberResponse {
    pub seat: u8,
    pub operator: Addr,
    /// Weight of its scores.
    pub merit: Uint128,
    pub keys: Keys,
    pub sum: Option<Digest>,
}

#[cw_serde]
pub struct EarnedResponse {
    pub merit: Uint128,
    pub node_units: Uint128,
    pub claimed: bool,
}
