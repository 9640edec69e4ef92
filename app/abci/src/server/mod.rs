//! The ABCI socket: length-prefixed messages, answered in order, each connection on a thread of its own.
//!
//! CometBFT opens four connections (consensus, mempool, query, snapshot) and does not say which is which; every request can come on any.
//! CheckTx requests that arrive together are worked on together (see `Application::check_many`), and so are queries: CometBFT sends
//! those of all its clients over one connection.

mod codec;
mod connection;

use std::{
    io,
    net::TcpListener,
    sync::{Arc, mpsc},
    thread,
};

use connection::Stream;
use rayon::ThreadPool;

use crate::application::Application;

/// Where the socket listens.
pub enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
}

impl Listener {
    /// Binds an address as CometBFT writes it: `tcp://host:port` or `unix://path`.
    pub fn bind(address: &str) -> io::Result<Self> {
        #[cfg(unix)]
        if let Some(path) = address.strip_prefix("unix://") {
            // a socket file left by a node that was killed is in the way of the next one
            if std::os::unix::net::UnixStream::connect(path).is_err() {
                let _ = std::fs::remove_file(path);
            }
            return std::os::unix::net::UnixListener::bind(path).map(Self::Unix);
        }
        TcpListener::bind(address.strip_prefix("tcp://").unwrap_or(address)).map(Self::Tcp)
    }

    /// The address that was bound, with the port that was picked.
    pub fn address(&self) -> io::Result<String> {
        match self {
            Self::Tcp(listener) => Ok(format!("tcp://{}", listener.local_addr()?)),
            #[cfg(unix)]
            Self::Unix(listener) => {
                let address = listener.local_addr()?;
                Ok(format!(
                    "unix://{}",
                    address.as_pathname().map_or_else(Default::default, |path| path.display().to_string())
                ))
            }
        }
    }

    fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
            #[cfg(unix)]
            Self::Unix(listener) => listener.accept().map(|(stream, _)| Stream::Unix(stream)),
        }
    }
}

/// Why the server ended. It does not end by itself: whatever this is, the node must stop.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("ABCI socket: {0}")]
    Socket(#[from] io::Error),

    #[error("threads for queries: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),

    #[error("the application failed: {0}")]
    Application(String),
}

/// Serves until something fails. A connection that its client closes is no failure; an application that cannot go on is one.
pub fn serve(application: &Arc<Application>, listener: Listener) -> Result<(), ServerError> {
    let (failed, failures) = mpsc::channel::<ServerError>();
    // not the threads that blocks are executed with: nobody's question may keep those busy
    let askers =
        rayon::ThreadPoolBuilder::new().thread_name(|index| format!("abci-query-{index}")).build()?;
    let acceptor = {
        let (application, askers, failed) = (application.clone(), Arc::new(askers), failed);
        thread::Builder::new()
            .name("abci-accept".into())
            .spawn(move || accept(&application, &askers, &listener, &failed))?
    };
    let failure = failures.recv();
    drop(acceptor);
    match failure {
        Ok(failure) => Err(failure),
        Err(_) => Err(ServerError::Application("every thread of the socket is gone".into())),
    }
}

fn accept(
    application: &Arc<Application>,
    askers: &Arc<ThreadPool>,
    listener: &Listener,
    failed: &mpsc::Sender<ServerError>,
) {
    loop {
        let started = listener.accept().and_then(|stream| {
            let (application, askers, failed) = (application.clone(), askers.clone(), failed.clone());
            thread::Builder::new().name("abci".into()).spawn(move || {
                // a panic of the application's code must stop the node too, not only this thread
                let run = std::panic::AssertUnwindSafe(|| connection::run(&application, &askers, stream));
                match std::panic::catch_unwind(run) {
                    Ok(Ok(())) => {}
                    Ok(Err(failure)) => drop(failed.send(failure)),
                    Err(_) => {
                        drop(failed.send(ServerError::Application("a panic; see the lines above".into())))
                    }
                }
            })
        });
        if let Err(error) = started {
            drop(failed.send(error.into()));
            return;
        }
    }
}
