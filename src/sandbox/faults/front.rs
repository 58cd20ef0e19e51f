//! The server of a sandbox with a fault plan: it takes connections, refuses some, and lets each
//! request on the others be visited by what the plan has for it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::super::call::{Call, Reply, now};
use super::super::log::{self, Received, Sent, Visit};
use super::super::{Shared, part, until_dropped};
use super::Faults;
use super::kind::{Act, Leave, Place};
use super::plan::{Counts, Meeting, Met};
use super::visit::{Late, Next, visit};
use super::wire::{NoHead, Wire, pause};

/// How long a listener that must come back waits for its port.
const AGAIN_MS: u64 = 5;

/// What all connections share.
pub(in crate::sandbox) struct Front {
    pub(super) shared: Arc<Shared>,
    faults: Faults,
    began: Instant,
    counts: Mutex<Counting>,
}

#[derive(Default)]
struct Counting {
    requests: u64,
    faults: Counts,
}

impl Front {
    pub(in crate::sandbox) fn new(shared: Arc<Shared>, faults: Faults) -> Arc<Self> {
        Arc::new(Self { shared, faults, began: Instant::now(), counts: Mutex::default() })
    }

    /// Serves until it is stopped; requests that are under way are brought to their end.
    pub(in crate::sandbox) async fn serve(
        self: Arc<Self>,
        mut listener: TcpListener,
        stopped: watch::Receiver<()>,
    ) {
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = until_dropped(stopped.clone()) => break,
            };
            while connections.try_join_next().is_some() {}
            let Ok((stream, _)) = accepted else {
                // It was reset before it was accepted, or there are too many for the system.
                pause(AGAIN_MS).await;
                continue;
            };
            let met = self.meet(Meeting::Connection).1.into_iter().next();
            let Some(Met { act: Act::Refuse { ms }, .. }) = &met else {
                connections.spawn(Arc::clone(&self).connection(stream, met, stopped.clone()));
                continue;
            };
            Wire::new(stream).reset();
            if let (1.., Ok(address)) = (*ms, listener.local_addr()) {
                // Before it is on record, so that who reads of it there finds nobody who listens.
                drop(listener);
                self.note_connection(met.as_ref()).await;
                let back = nobody_listens(address, *ms);
                listener = tokio::select! {
                    listener = back => listener,
                    () = until_dropped(stopped.clone()) => break,
                };
            } else {
                self.note_connection(met.as_ref()).await;
            }
        }
        while connections.join_next().await.is_some() {}
    }

    /// One connection, request after request.
    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        met: Option<Met>,
        stopped: watch::Receiver<()>,
    ) {
        let mut wire = Wire::new(stream);
        let mut late = None;
        if let Some(Met { act: Act::Stall { at: Place::Accept, ms }, .. }) = &met {
            pause(*ms).await;
            late = met.as_ref().map(Met::name);
        }
        loop {
            let head = tokio::select! {
                head = wire.head() => head,
                () = until_dropped(stopped.clone()) => return,
            };
            let next = match head {
                Ok(head) => visit(&self, &mut wire, head, late.take()).await,
                Err(NoHead::Ended) => return,
                Err(NoHead::Bad) => {
                    wire.send(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n").await;
                    Next::Close
                }
            };
            match next {
                Next::Stay => {}
                Next::Close => return wire.close().await,
                Next::Reset => return wire.reset(),
                Next::Late(late) => return self.late(wire, *late).await,
            }
        }
    }

    /// Lets a request have its effect when its time has come, and nobody hears of it.
    async fn late(self: Arc<Self>, wire: Wire, Late { call, leave, ms }: Late) {
        let held = match leave {
            Leave::Stall => Some(wire),
            Leave::Reset => {
                wire.reset();
                None
            }
        };
        pause(ms).await;
        let (_, line) = self.decide(call).await;
        self.note_sent(line, Sent::NOTHING).await;
        if let Some(wire) = held {
            wire.close().await;
        }
    }

    /// What a connection or a request meets, and which request it is.
    pub(super) fn meet(&self, meeting: Meeting<'_>) -> (u64, Vec<Met>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.requests += u64::from(matches!(meeting, Meeting::Request { .. }));
        let plan = &self.faults.plan;
        let met = plan.meet(&mut counts.faults, self.faults.seed, meeting, self.began.elapsed());
        (counts.requests, met)
    }

    /// The seed of the plan.
    pub(super) fn seed(&self) -> u32 {
        self.faults.seed
    }

    /// Whether each connection takes one request only.
    pub(super) fn is_about_connections(&self) -> bool {
        self.faults.plan.is_about_connections()
    }

    /// Has a call decided, as any sandbox does; the number of its log line comes with it.
    pub(super) async fn decide(self: &Arc<Self>, call: Call) -> (Reply, Option<i64>) {
        let shared = Arc::clone(&self.shared);
        let part = part::of(&call.path);
        let decided = tokio::task::spawn_blocking(move || shared.answer(&call)).await;
        decided.unwrap_or_else(|_| {
            let message = "the sandbox has failed";
            ((part.refuse)(StatusCode::INTERNAL_SERVER_ERROR, message), None)
        })
    }

    /// Logs a call that the plan keeps from being decided.
    pub(super) async fn note(self: &Arc<Self>, call: Call, reply: Option<&Reply>) -> Option<i64> {
        let reply = reply.map(|reply| {
            let effect = format!("nothing: {}", reply.status);
            Reply::new(reply.status, serde_json::Value::Null, effect)
        });
        let shared = Arc::clone(&self.shared);
        let noted = tokio::task::spawn_blocking(move || {
            shared.tally().requests += 1;
            shared.store.transact(|db| log::log(db, shared.serving, &call, reply.as_ref()))
        });
        noted.await.ok()?.ok()
    }

    /// Logs what went out in answer.
    pub(super) async fn note_sent(self: &Arc<Self>, line: Option<i64>, sent: Sent) {
        let Some(line) = line else { return };
        let shared = Arc::clone(&self.shared);
        // A store that fails leaves the line without its end, which says so.
        let _ = tokio::task::spawn_blocking(move || {
            shared.store.transact(|db| log::sent(db, line, sent))
        })
        .await;
    }

    /// Logs a connection that was refused.
    async fn note_connection(self: &Arc<Self>, met: Option<&Met>) {
        let mut call =
            Call::new(Method::CONNECT, &Uri::default(), HeaderMap::new(), Ok(Vec::new().into()));
        call.at = now();
        call.visit = Visit {
            number: Some(0),
            fault: met.map(Met::name),
            received: Received::None,
            spoiled: Vec::new(),
        };
        let line = self.note(call, None).await;
        self.note_sent(line, Sent::NOTHING).await;
    }
}

/// Nobody listens for so long; then somebody does again.
async fn nobody_listens(address: SocketAddr, ms: u64) -> TcpListener {
    pause(ms).await;
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            // Somebody has taken the port meanwhile, or is still letting go of it.
            Err(_) => tokio::time::sleep(Duration::from_millis(AGAIN_MS)).await,
        }
    }
}

impl Met {
    /// As the log names it: its place in the plan and what it is.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.entry, self.act)
    }
}
