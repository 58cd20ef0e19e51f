//! A real server on loopback that stands in for the documented Vome and Omneo endpoints and for a SCIM
//! server, so that an import can be tried, and tested, with nobody's data at stake.
//!
//! HTTP is axum's; what a request means is decided in plain functions: each of the parts in `part`
//! turns a `Call` into a `Reply` inside one SQLite transaction. A refused call leaves only its log
//! line. Where the documents leave a question open, [`Variants`] say how the stand-in answers it.

mod call;
pub mod faults;
mod log;
mod omneo;
mod part;
mod people;
mod rule;
mod scim;
mod store;
#[cfg(test)]
mod tests;
pub mod variants;
mod vome;

use std::fmt;
use std::fs::DirBuilder;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use call::{Call, Reply};
use part::{Gate, Setup};
use store::Store;
pub use variants::Variants;

/// The largest body that is read, and the largest that a compressed one may become; a longer one is
/// answered with 413.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
/// How long a stop waits for requests that are under way.
const GRACE: Duration = Duration::from_secs(2);

/// How the sandbox is to be started.
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The folder of the store; made, for this user only, when it is missing.
    pub data: PathBuf,
    /// The key that Vome requests must carry in `API-KEY`.
    pub vome_key: String,
    /// The token that Omneo and SCIM requests must carry in `Authorization: Bearer`.
    pub omneo_token: String,
    /// How it behaves where the documents leave that open.
    pub variants: Variants,
}

/// Why the sandbox could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is taken or not allowed.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The data folder could not be made.
    #[error("cannot make the folder `{}`", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The SQLite file could not be opened or prepared.
    #[error("cannot open the store `{}`", path.display())]
    Store {
        /// The SQLite file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The server's threads could not be started.
    #[error("cannot start the server's threads")]
    Thread {
        /// What the system said.
        source: io::Error,
    },
}

/// What happened since the sandbox was started, for all targets together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests received, whatever was answered.
    pub requests: u64,
    /// People that were created.
    pub created: u64,
    /// People that were changed.
    pub updated: u64,
    /// People that were sent but were so already.
    pub unchanged: u64,
    /// People that did not land: a bad item, anybody in a refused call, an update that met nobody.
    pub refused: u64,
}

impl Tally {
    /// Created, updated, unchanged and refused.
    fn people(&self) -> [u64; 4] {
        [self.created, self.updated, self.unchanged, self.refused]
    }

    fn add(&mut self, more: Self) {
        self.requests += more.requests;
        self.created += more.created;
        self.updated += more.updated;
        self.unchanged += more.unchanged;
        self.refused += more.refused;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, updated, unchanged, refused, .. } = self;
        write!(f, "created {created}, updated {updated}, unchanged {unchanged}, refused {refused}")
    }
}

/// A running sandbox. Dropping it lets the requests under way finish, then stops the server.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What all requests share.
struct Shared {
    store: Store,
    /// Which start of the server this is.
    serving: i64,
    tally: Mutex<Tally>,
    gate: Mutex<Gate>,
    setup: Setup,
    queue: UnboundedSender<Queued>,
}

/// An Omneo batch that waits for its turn.
struct Queued {
    batch: String,
    since: Instant,
}

impl Sandbox {
    /// Opens the store, binds 127.0.0.1 and serves until the value is dropped.
    pub fn start(options: Options) -> Result<Self, Error> {
        let Options { port, data, vome_key, omneo_token, variants } = options;
        make_folder(&data).map_err(|source| Error::Folder { path: data.clone(), source })?;
        let path = data.join("sandbox.sqlite");
        make_private(&path).map_err(|source| Error::Folder { path: data.clone(), source })?;
        let (store, pending) = Store::open(&path)
            .and_then(|store| {
                store.transact(|db| vome::definition::seed(db, &variants.fields))?;
                let pending = store.transact(omneo::pending)?;
                Ok((store, pending))
            })
            .map_err(|source| Error::Store { path: path.clone(), source })?;

        let asked = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let (listener, address) =
            bind(asked).map_err(|source| Error::Bind { address: asked, source })?;
        let serving = store
            .transact(|db| log::start(db, address, variants.faults.as_ref()))
            .map_err(|source| Error::Store { path, source })?;

        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("sandbox")
            .enable_all()
            .build()
            .map_err(|source| Error::Thread { source })?;

        let (queue, queued) = unbounded_channel();
        let tally = Mutex::new(Tally::default());
        let setup = Setup { variants, vome_key, omneo_token };
        let shared =
            Arc::new(Shared { store, serving, tally, gate: Mutex::default(), setup, queue });
        for batch in pending {
            shared.enqueue(batch);
        }
        let (stop, stopped) = watch::channel(());
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("sandbox".into())
            .spawn(move || serve(runtime, listener, served, queued, stopped))
            .map_err(|source| Error::Thread { source })?;
        Ok(Self { address, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// The address that is listened on, with the port that was really taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base address to give to a Vome client.
    pub fn vome_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base address to give to an Omneo client.
    pub fn omneo_url(&self) -> String {
        format!("http://{}/api/v3", self.address)
    }

    /// The base address to give to a SCIM client.
    pub fn scim_url(&self) -> String {
        format!("http://{}{}", self.address, scim::PREFIX)
    }

    /// The base address to give to a client of the target with this id, where there is a part for it.
    pub fn url_of(&self, target: &str) -> Option<String> {
        match target {
            "vome" => Some(self.vome_url()),
            "omneo" => Some(self.omneo_url()),
            "scim" => Some(self.scim_url()),
            _ => None,
        }
    }

    /// What happened since this start.
    pub fn tally(&self) -> Tally {
        *self.shared.tally()
    }

    /// The SQLite file that holds the people, the batches and the request log.
    pub fn store(&self) -> &Path {
        self.shared.store.path()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server thread has nothing left to harm here.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Sandbox {
    // By hand, because the key and the token are not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Shared {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enqueue(&self, batch: String) {
        // Refused only when the server stops; the batch then waits in the store for the next start.
        let _ = self.queue.send(Queued { batch, since: Instant::now() });
    }

    /// Decides one call and writes its log line, both in one transaction; the number of that line
    /// comes with the reply.
    fn answer(&self, call: &Call) -> (Reply, Option<i64>) {
        let part = part::of(&call.path);
        let closed = {
            let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
            gate.admit(part, &self.setup.variants, call.body_bytes())
        };
        let (mut reply, line) = self
            .store
            .attempt(
                |db| match closed {
                    Some(reply) => Ok(reply),
                    None => (part.answer)(&self.setup, call, db),
                },
                |reply| reply.status.is_success(),
                |db, reply| log::log(db, self.serving, call, Some(reply)),
            )
            .map_or_else(
                |cause| {
                    let message = format!("the sandbox could not use its store: {cause}");
                    ((part.refuse)(StatusCode::INTERNAL_SERVER_ERROR, &message), None)
                },
                |(reply, line)| (reply, Some(line)),
            );
        if let Some(batch) = reply.queue.take() {
            self.enqueue(batch);
        }
        let mut tally = self.tally();
        tally.requests += 1;
        tally.add(reply.tally);
        (reply, line)
    }

    /// Does the work of one queued batch.
    fn work(&self, batch: &str) {
        let at = call::now();
        // Held until the work is counted: who sees the batch done must not see an older tally.
        let mut sum = self.tally();
        // A store that fails leaves the batch pending, which is what a client then sees.
        if let Ok(tally) =
            self.store.transact(|db| omneo::work(db, batch, &at, &self.setup.variants.omneo))
        {
            sum.add(tally);
        }
    }
}

fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a file for its owner only, before SQLite would make it for everybody; the files that SQLite puts
/// beside a store have its mode. One that is there becomes private.
fn make_private(path: &Path) -> io::Result<()> {
    let mut options = std::fs::File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}

/// The life of the server, on its own thread.
fn serve(
    runtime: Runtime,
    listener: TcpListener,
    shared: Arc<Shared>,
    queued: UnboundedReceiver<Queued>,
    stopped: watch::Receiver<()>,
) {
    runtime.block_on(async move {
        // It was bound and made non-blocking by `start`; there is nobody left to tell.
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
        tokio::spawn(work_off(Arc::clone(&shared), queued));
        let serving = match &shared.setup.variants.faults {
            Some(faults) => {
                let front = faults::front::Front::new(Arc::clone(&shared), faults.clone());
                tokio::spawn(front.serve(listener, stopped.clone()))
            }
            None => tokio::spawn(answer_all(shared, listener, stopped.clone())),
        };
        until_dropped(stopped).await;
        // A client that holds an idle connection open must not hold the stop up.
        let _ = tokio::time::timeout(GRACE, serving).await;
    });
    runtime.shutdown_timeout(GRACE);
}

/// Answers every request as well as it can.
async fn answer_all(
    shared: Arc<Shared>,
    listener: tokio::net::TcpListener,
    stopped: watch::Receiver<()>,
) {
    let router =
        Router::new().fallback(receive).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(shared);
    // It ends when it is stopped, and in no other way.
    let _ = axum::serve(listener, router).with_graceful_shutdown(until_dropped(stopped)).await;
}

async fn until_dropped(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

/// Works queued batches off, one after the other in the order they came.
async fn work_off(shared: Arc<Shared>, mut queued: UnboundedReceiver<Queued>) {
    // So that a client meets `pending` as it would in life.
    let delay = Duration::from_millis(shared.setup.variants.omneo.queue_ms);
    while let Some(Queued { batch, since }) = queued.recv().await {
        tokio::time::sleep(delay.saturating_sub(since.elapsed())).await;
        let shared = Arc::clone(&shared);
        // A panic there leaves the batch pending; the next ones still get their turn.
        let _ = tokio::task::spawn_blocking(move || shared.work(&batch)).await;
    }
}

/// Every request comes through here, known path or not, so that every request is logged.
async fn receive(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = body.map_err(|rejection| rejection.status());
    let call = Call::new(method, &uri, headers, body);
    let decided = tokio::task::spawn_blocking(move || shared.answer(&call).0);
    decided.await.map_or_else(
        |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        IntoResponse::into_response,
    )
}
