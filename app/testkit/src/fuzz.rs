//! Broken requests to a running application: every one gets an answer, and the application lives.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tendermint_proto::v0_38::abci::{RequestCheckTx, RequestCommit, request, response};

use crate::application::{Application, Launch};
use crate::corpus::faults::flip;
use crate::dice::Dice;
use crate::recording::Recording;

/// How many requests of each kind were broken and answered.
#[derive(Default, Debug)]
pub struct Count {
    pub checks: u64,
    pub queries: u64,
    pub results: u64,
}

/// Plays a recording, and between its blocks sends mutations of its transactions and queries.
pub fn run(recording: Recording, launch: &Launch, seed: u64, length: Duration) -> Result<Count> {
    let started = Instant::now();
    let genesis = recording.header.genesis.clone();
    let mut application = Application::start(launch, &genesis)?;
    let mut dice = Dice::new(seed);
    let mut count = Count::default();
    let (mut transactions, mut queries) = (Vec::new(), Vec::new());
    for pair in recording {
        let (request, _) = pair?;
        match &request {
            request::Value::Query(query) => queries.push(query.clone()),
            request::Value::FinalizeBlock(block) => transactions.extend(block.txs.iter().cloned()),
            _ => {}
        }
        let is_commit = matches!(request, request::Value::Commit(RequestCommit {}));
        application.call(request)?;
        // the first blocks leave something to look at
        if is_commit && transactions.len() > 100 && queries.len() > 20 {
            break;
        }
    }
    while started.elapsed() < length {
        if dice.one_in(2) {
            let Some(tx) = dice.pick(&transactions).cloned() else {
                bail!("the recording has no transactions")
            };
            let tx = flip(&mut dice, &tx);
            let kind = dice.below(2) as i32;
            answered(
                &mut application,
                request::Value::CheckTx(RequestCheckTx { tx: tx.into(), r#type: kind }),
            )?;
            count.checks += 1;
        } else {
            let Some(mut query) = dice.pick(&queries).cloned() else { bail!("the recording has no queries") };
            match dice.below(4) {
                0 => {
                    query.path = String::from_utf8_lossy(&flip(&mut dice, query.path.as_bytes())).into_owned()
                }
                1 => query.height = [i64::MIN, -1, 1, i64::MAX][dice.below(4) as usize],
                _ => query.data = flip(&mut dice, &query.data).into(),
            }
            answered(&mut application, request::Value::Query(query))?;
            count.queries += 1;
        }
    }
    // whatever came before, a good transaction still gets a verdict
    for tx in transactions.iter().take(50) {
        answered(&mut application, request::Value::CheckTx(RequestCheckTx { tx: tx.clone(), r#type: 0 }))?;
        count.results += 1;
    }
    Ok(count)
}

fn answered(application: &mut Application, request: request::Value) -> Result<()> {
    let asked = request.clone();
    let answer = application.call(request)?;
    if let response::Value::Exception(exception) = &answer {
        bail!("an exception where an error belongs: {} after {asked:?}", exception.error);
    }
    let log = match &answer {
        response::Value::CheckTx(check) => &check.log,
        response::Value::Query(query) => &query.log,
        _ => return Ok(()),
    };
    if log.contains("panicked") {
        bail!("a panic: {log} after {asked:?}");
    }
    Ok(())
}
