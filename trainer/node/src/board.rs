//! The board of a real round: the contract `rounds` on a chain, and blobs in a store with peers.

use std::sync::Arc;

use cosmwasm_std::Coin;
use iz_chain_client::{ChainError, Wallet};
use iz_contract_types::rounds::{
    ClientResponse, ExecuteMsg, MemberResponse, QueryMsg, RoundResponse, TaskResponse,
};
use iz_round::board::{Board, BoardError, Place};
use iz_rounds_machine::{Digest, Phase};
use iz_trainer_store::{Address, PeerError, Peers, Store, StoreError};

/// Clients asked for at once.
const PAGE: u32 = 100;
/// How many rounds back the last model of a task is looked for.
const LOOK_BACK: u64 = 1000;

pub struct ChainBoard {
    wallet: Arc<Wallet>,
    rounds: String,
    store: Arc<dyn Store>,
    peers: Arc<Peers>,
}

impl ChainBoard {
    pub fn new(wallet: Arc<Wallet>, rounds: &str, store: Arc<dyn Store>, peers: Arc<Peers>) -> Self {
        Self { wallet, rounds: rounds.to_owned(), store, peers }
    }

    pub fn ask<T: serde::de::DeserializeOwned>(&self, question: &QueryMsg) -> Result<T, BoardError> {
        self.wallet.chain().smart(&self.rounds, question).map_err(told)
    }
}

/// What refuses, apart from what cannot be reached.
fn told(error: ChainError) -> BoardError {
    match error {
        ChainError::Query { log, .. } | ChainError::Refused { log, .. } | ChainError::Failed { log, .. } => {
            BoardError::Refused(log)
        }
        ChainError::Message(reason) => BoardError::Refused(reason),
        other => BoardError::Unavailable(other.to_string()),
    }
}

fn stored(error: StoreError) -> BoardError {
    match error {
        StoreError::TooLarge { size, limit } => BoardError::TooLarge { limit, found: size },
        StoreError::NoPeer { address, reasons }
            if reasons.iter().all(|(_, reason)| *reason == PeerError::Missing) =>
        {
            BoardError::Missing(Digest(address.0))
        }
        other => BoardError::Unavailable(other.to_string()),
    }
}

impl Board for ChainBoard {
    fn place(&self) -> Place {
        Place { chain: self.wallet.chain().id().to_owned(), contract: self.rounds.clone() }
    }

    fn address(&self) -> String {
        self.wallet.address().to_owned()
    }

    fn now(&mut self) -> Result<u64, BoardError> {
        let status = self.wallet.chain().status().map_err(told)?;
        u64::try_from(status.time).map_err(|_| BoardError::Unavailable("a block before 1970".into()))
    }

    fn round(&mut self, round: u64) -> Result<RoundResponse, BoardError> {
        self.ask(&QueryMsg::Round { id: round })
    }

    fn task(&mut self, task: u64) -> Result<TaskResponse, BoardError> {
        self.ask(&QueryMsg::Task { id: task })
    }

    fn clients(&mut self, round: u64) -> Result<Vec<ClientResponse>, BoardError> {
        let mut found: Vec<ClientResponse> = Vec::new();
        loop {
            let start_after = found.last().map(|client| client.client.to_string());
            let page: Vec<ClientResponse> =
                self.ask(&QueryMsg::Clients { round, start_after, limit: Some(PAGE) })?;
            if page.is_empty() {
                return Ok(found);
            }
            found.extend(page);
        }
    }

    fn client(&mut self, round: u64) -> Result<Option<ClientResponse>, BoardError> {
        let client = self.address();
        match self.ask(&QueryMsg::Client { round, client }) {
            Ok(found) => Ok(Some(found)),
            Err(BoardError::Refused(log)) if log.contains("is no client of round") => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn committee(&mut self, round: u64) -> Result<Vec<MemberResponse>, BoardError> {
        self.ask(&QueryMsg::Committee { round })
    }

    fn latest(&mut self, task: u64, before: u64) -> Result<Option<Digest>, BoardError> {
        for id in (before.saturating_sub(LOOK_BACK).max(1)..before).rev() {
            let earlier = self.round(id)?;
            if earlier.task == task && earlier.round.phase == Phase::Final {
                return Ok(earlier.round.aggregate);
            }
        }
        Ok(None)
    }

    fn post(&mut self, message: ExecuteMsg, funds: &[Coin]) -> Result<(), BoardError> {
        let coin = |coin: &Coin| iz_chain_client::coin(coin.amount.u128(), &coin.denom);
        let funds: Vec<_> = funds.iter().filter(|coin| !coin.amount.is_zero()).map(coin).collect();
        self.wallet.execute(&self.rounds, &message, &funds).map(|_| ()).map_err(told)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<Digest, BoardError> {
        let address = self.store.put(bytes).map_err(stored)?;
        let refused = self.peers.offer(bytes);
        for (peer, reason) in &refused {
            tracing::warn!(peer, %reason, "a peer has not taken a blob");
        }
        let peers = self.peers.urls().len();
        if peers > 0 && refused.len() == peers {
            return Err(BoardError::Unavailable(format!("none of {peers} peers takes the blob {address}")));
        }
        Ok(Digest(address.0))
    }

    fn get(&mut self, digest: Digest, limit: u64) -> Result<Vec<u8>, BoardError> {
        let address = Address(digest.0);
        match self.store.get(&address) {
            Ok(Some(bytes)) => return Ok(bytes),
            Ok(None) => {}
            Err(StoreError::Damaged(_)) => self.store.remove(&address).map_err(stored)?,
            Err(error) => return Err(stored(error)),
        }
        let bytes = self.peers.fetch(&address, limit.min(self.store.largest())).map_err(stored)?;
        self.store.put(&bytes).map_err(stored)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_apart_from_a_chain_that_is_gone() {
        let refused = ChainError::Query { code: 5, codespace: "wasm".into(), log: "too early".into() };
        assert_eq!(told(refused), BoardError::Refused("too early".into()));
        assert!(matches!(told(ChainError::Unavailable(vec![])), BoardError::Unavailable(_)));
        let address = Address([1; 32]);
        let reasons = vec![("a".to_owned(), PeerError::Missing)];
        let missing = StoreError::NoPeer { address, reasons };
        assert_eq!(stored(missing), BoardError::Missing(Digest([1; 32])));
        let reasons = vec![("a".to_owned(), PeerError::Missing), ("b".to_owned(), PeerError::Status(500))];
        let unsure = StoreError::NoPeer { address, reasons };
        assert!(matches!(stored(unsure), BoardError::Unavailable(_)), "one might have it");
    }
}
