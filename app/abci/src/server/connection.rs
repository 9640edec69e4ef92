//! One connection: reads what is there, answers all of it, writes the answers.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::Arc,
};

use bytes::BytesMut;
use rayon::{ThreadPool, prelude::*};
use tendermint_proto::v0_38::abci::{
    Request, RequestCheckTx, RequestQuery, ResponseEcho, ResponseException, ResponseFlush, request, response,
};

use super::{ServerError, codec};
use crate::{application::Application, error::AbciError};

/// How many CheckTx requests are worked on together.
const BATCH: usize = 256;
/// How many queries are worked on together: few enough that the first answer does not wait long for the last.
const QUESTIONS: usize = 32;
/// What one read asks for.
const CHUNK: usize = 1 << 16;
/// Answers are written at the latest when they are this long.
const WRITE_AT: usize = 1 << 18;

pub enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixStream),
}

impl Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(buffer),
            #[cfg(unix)]
            Self::Unix(stream) => stream.read(buffer),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.write_all(bytes),
            #[cfg(unix)]
            Self::Unix(stream) => stream.write_all(bytes),
        }
    }
}

/// Serves a connection to its end. Errors of the peer end the connection; those of the application are told to the peer and returned.
pub fn run(
    application: &Arc<Application>,
    askers: &ThreadPool,
    mut stream: Stream,
) -> Result<(), ServerError> {
    let mut incoming = BytesMut::with_capacity(CHUNK);
    let mut chunk = vec![0; CHUNK];
    let mut answers =
        Answers { askers, out: Vec::with_capacity(CHUNK), checks: Vec::new(), questions: Vec::new() };
    loop {
        let read = match stream.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                tracing::debug!(%error, "connection ended");
                return Ok(());
            }
        };
        incoming.extend_from_slice(&chunk[..read]);
        loop {
            let request = match codec::take_request(&mut incoming) {
                Ok(Some(request)) => request,
                Ok(None) => break,
                Err(error) => {
                    // out of step with the peer: nothing that follows can be trusted
                    tracing::error!(%error, "closing a connection that sends no requests");
                    return Ok(());
                }
            };
            let served = answers.serve(application, request);
            if answers.out.len() >= WRITE_AT || served.is_err() {
                send(&mut stream, &mut answers.out);
            }
            served.map_err(|error| ServerError::Application(error.to_string()))?;
        }
        let served = answers.settle(application);
        send(&mut stream, &mut answers.out);
        served.map_err(|error| ServerError::Application(error.to_string()))?;
    }
}

/// A peer that is gone shows at the next read.
fn send(stream: &mut Stream, out: &mut Vec<u8>) {
    if !out.is_empty()
        && let Err(error) = stream.write_all(out)
    {
        tracing::debug!(%error, "an answer could not be sent");
    }
    out.clear();
}

/// Answers on their way out, and requests that wait for company: CheckTx or queries, never both.
struct Answers<'a> {
    askers: &'a ThreadPool,
    out: Vec<u8>,
    checks: Vec<RequestCheckTx>,
    questions: Vec<Question>,
}

/// A query, or what may stand between two of them: CometBFT sends a flush after each.
enum Question {
    Query(RequestQuery),
    Flush(ResponseFlush),
}

impl Question {
    fn answer(&self, application: &Application) -> response::Value {
        match self {
            Self::Query(query) => response::Value::Query(application.query(query)),
            Self::Flush(flush) => response::Value::Flush(*flush),
        }
    }
}

impl Answers<'_> {
    fn serve(&mut self, application: &Application, request: Request) -> Result<(), AbciError> {
        match request.value {
            Some(request::Value::CheckTx(check)) => {
                self.flush_questions(application);
                self.checks.push(check);
                if self.checks.len() >= BATCH { self.flush_checks(application) } else { Ok(()) }
            }
            Some(request::Value::Query(query)) => {
                self.flush_checks(application)?;
                self.ask(application, Question::Query(query));
                Ok(())
            }
            Some(request::Value::Flush(_)) if !self.questions.is_empty() => {
                self.ask(application, Question::Flush(ResponseFlush {}));
                Ok(())
            }
            Some(value) => {
                // answers keep the order of requests
                self.settle(application)?;
                put_answer(application, value, &mut self.out).inspect_err(|error| self.exception(error))
            }
            None => Err(AbciError::refused("a request without a method"))
                .inspect_err(|error| self.exception(error)),
        }
    }

    /// Answers whatever waits.
    fn settle(&mut self, application: &Application) -> Result<(), AbciError> {
        self.flush_questions(application);
        self.flush_checks(application)
    }

    fn ask(&mut self, application: &Application, question: Question) {
        self.questions.push(question);
        if self.questions.len() >= QUESTIONS {
            self.flush_questions(application);
        }
    }

    /// Queries read snapshots, so several run side by side. One alone stays on this thread.
    fn flush_questions(&mut self, application: &Application) {
        let questions = std::mem::take(&mut self.questions);
        let queries = questions.iter().filter(|question| matches!(question, Question::Query(_))).count();
        let answers: Vec<_> = if queries > 1 {
            let answer = |question: &Question| question.answer(application);
            self.askers.install(|| questions.par_iter().with_max_len(1).map(answer).collect())
        } else {
            questions.iter().map(|question| question.answer(application)).collect()
        };
        for answer in answers {
            codec::put_response(answer, &mut self.out);
        }
    }

    fn flush_checks(&mut self, application: &Application) -> Result<(), AbciError> {
        if self.checks.is_empty() {
            return Ok(());
        }
        let checks = std::mem::take(&mut self.checks);
        let answers = application.check_many(&checks).inspect_err(|error| self.exception(error))?;
        for answer in answers {
            codec::put_response(response::Value::CheckTx(answer), &mut self.out);
        }
        Ok(())
    }

    fn exception(&mut self, error: &AbciError) {
        tracing::error!(%error, "the application cannot go on");
        codec::put_response(
            response::Value::Exception(ResponseException { error: error.to_string() }),
            &mut self.out,
        );
    }
}

fn put_answer(
    application: &Application,
    request: request::Value,
    out: &mut Vec<u8>,
) -> Result<(), AbciError> {
    use request::Value as Ask;
    use response::Value as Tell;
    let answer = match request {
        Ask::Echo(echo) => Tell::Echo(ResponseEcho { message: echo.message }),
        Ask::Flush(_) => Tell::Flush(ResponseFlush {}),
        Ask::Info(info) => Tell::Info(application.info(&info)),
        Ask::InitChain(init) => Tell::InitChain(application.init_chain(init)?),
        Ask::Query(query) => Tell::Query(application.query(&query)),
        Ask::CheckTx(check) => Tell::CheckTx(application.check_tx(&check)?),
        Ask::Commit(_) => Tell::Commit(application.commit()?),
        Ask::ListSnapshots(_) => Tell::ListSnapshots(application.list_snapshots()),
        Ask::OfferSnapshot(offer) => Tell::OfferSnapshot(application.offer_snapshot(offer)),
        Ask::LoadSnapshotChunk(chunk) => Tell::LoadSnapshotChunk(application.load_snapshot_chunk(&chunk)),
        Ask::ApplySnapshotChunk(chunk) => Tell::ApplySnapshotChunk(application.apply_snapshot_chunk(&chunk)),
        Ask::PrepareProposal(proposal) => Tell::PrepareProposal(application.prepare_proposal(proposal)?),
        Ask::ProcessProposal(proposal) => Tell::ProcessProposal(application.process_proposal(&proposal)?),
        Ask::ExtendVote(vote) => Tell::ExtendVote(application.extend_vote(&vote)?),
        Ask::VerifyVoteExtension(vote) => {
            Tell::VerifyVoteExtension(application.verify_vote_extension(&vote)?)
        }
        Ask::FinalizeBlock(block) => {
            application.finalize_block(block)?.put(out);
            return Ok(());
        }
    };
    codec::put_response(answer, out);
    Ok(())
}

#[cfg(test)]
mod tests {
    use iz_core::{AddressCodec, Services, stores};
    use iz_store::{MultiStore, StoreOptions};
    use tendermint_proto::v0_38::abci::{RequestEcho, RequestFlush};

    use super::*;
    use crate::application::Settings;

    fn query(path: &str) -> request::Value {
        request::Value::Query(RequestQuery { path: path.into(), ..RequestQuery::default() })
    }

    #[test]
    fn queries_that_come_together_are_answered_in_their_order_and_with_what_stands_between() {
        let folder = tempfile::tempdir().unwrap();
        let options = StoreOptions { background: false, ..StoreOptions::default() };
        let store = MultiStore::open(folder.path(), stores::WASMD, &options).unwrap();
        let settings = Settings { version: "v1".into(), ..Settings::default() };
        let codec = AddressCodec::new("wasm").unwrap();
        let application = Application::new(settings, codec, store, iz_modules::all(), Services::default());
        let askers = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let requests = |index: usize| match index % 7 {
            0 | 3 => query("/app/version"),
            1 | 4 => request::Value::Flush(RequestFlush {}),
            2 => query("/p2p/filter/addr/x"),
            5 => query("/nothing"),
            _ => request::Value::Echo(RequestEcho { message: index.to_string() }),
        };
        let count = 5 * QUESTIONS + 3;
        let mut together =
            Answers { askers: &askers, out: Vec::new(), checks: Vec::new(), questions: Vec::new() };
        let mut expected = Vec::new();
        for index in 0..count {
            together.serve(&application, Request { value: Some(requests(index)) }).unwrap();
            put_answer(&application, requests(index), &mut expected).unwrap();
        }
        together.settle(&application).unwrap();
        assert!(together.out == expected, "answers came in another order");
    }
}
