//! The life of one request under a plan: read, decided, answered, each of them as the faults have it.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::super::call::{Call, Reply, now};
use super::super::log::{Received, Sent, Visit};
use super::super::part::{self, Setup};
use super::super::people;
use super::answer::{Answer, Written, retry_after};
use super::front::Front;
use super::kind::{Act, Cut, How, Leave, Place, When};
use super::plan::{Meeting, Met, falls, roll};
use super::wire::{Head, Wire};

/// What becomes of the connection.
pub(super) enum Next {
    Stay,
    Close,
    Reset,
    /// The request has its effect later.
    Late(Box<Late>),
}

/// A request that nobody answers, and what is to become of it.
pub(super) struct Late {
    pub(super) call: Call,
    pub(super) leave: Leave,
    pub(super) ms: u64,
}

/// What a request meets, sorted by when it counts.
struct Faults {
    /// The one that happens.
    event: Option<Met>,
    /// Those that are always there: people whom the server refuses, and how many it takes.
    standing: Vec<Met>,
}

/// Serves one request to its end. `late` is what its connection has met before.
pub(super) async fn visit(
    front: &Arc<Front>,
    wire: &mut Wire,
    mut head: Head,
    late: Option<String>,
) -> Next {
    let at = now();
    let writes = people::writes(&head.method, head.uri.path());
    let meeting = Meeting::Request { writes, path: head.uri.path() };
    let (number, met) = front.meet(meeting);
    let faults = Faults::sorted(met, &front.shared.setup, &mut head.headers);
    let act = faults.event.as_ref().map(|met| &met.act);

    if let Some(Act::Stall { at: Place::Request, ms }) = act {
        wire.wait(Duration::from_millis(*ms)).await;
    }
    let most = match act {
        Some(Act::Cut { at: Cut::Before, bytes, .. }) => *bytes,
        _ => None,
    };
    let body = wire.body(&head, most).await;
    let whole = body.whole;
    let readable = whole || body.bytes.is_err();
    let last = head.last || !whole || front.is_about_connections();
    let bodiless = head.method == Method::HEAD;

    let mut call = Call::new(head.method, &head.uri, head.headers, body.bytes);
    call.at = at;
    call.visit = Visit {
        number: Some(number),
        fault: late,
        received: if whole { Received::Whole } else { Received::Part },
        spoiled: Vec::new(),
    };
    if let Some(Met { act: Act::Cut { how, at: Cut::Before, .. }, .. }) = &faults.event {
        call.visit.add(faults.event.as_ref());
        let line = front.note(call, None).await;
        front.note_sent(line, Sent::NOTHING).await;
        return how.next();
    }
    if !readable {
        // The client has gone in the middle, which is no fault of ours.
        let line = front.note(call, None).await;
        front.note_sent(line, Sent::NOTHING).await;
        return Next::Close;
    }
    let stood = faults.stand(&mut call, front.seed());
    // Who is refused for their number is not refused again; what becomes of the answer still does.
    if stood.is_none() || !faults.answers() {
        call.visit.add(faults.event.as_ref());
    }
    let refusal = stood.or_else(|| faults.refusal(&call));
    let (reply, line) = if let Some(reply) = refusal {
        let line = front.note(call, Some(&reply)).await;
        (reply, line)
    } else if let Some(Met { act: Act::Late { leave, ms }, .. }) = &faults.event {
        return Next::Late(Box::new(Late { call, leave: *leave, ms: *ms }));
    } else {
        let path = call.path.clone();
        let (reply, line) = front.decide(call).await;
        (faults.other_status(&path).unwrap_or(reply), line)
    };
    answer(front, wire, &faults, reply, Going { line, last, bodiless }).await
}

/// How an answer goes.
struct Going {
    /// Its line in the log.
    line: Option<i64>,
    /// Whether the connection ends with it.
    last: bool,
    /// Whether its head is all that may come.
    bodiless: bool,
}

/// Sends the answer, or what the fault leaves of it.
async fn answer(
    front: &Arc<Front>,
    wire: &mut Wire,
    faults: &Faults,
    reply: Reply,
    going: Going,
) -> Next {
    let mut answer = Answer::of(reply);
    let act = faults.event.as_ref().map(|met| &met.act);
    let unaltered = matches!(act, Some(Act::Alter(alter)) if !answer.alter(*alter));
    let status = Some(answer.status.as_u16());
    let Written { bytes, head } = answer.write(going.last, going.bodiless);
    let of = bytes.len();
    let part = |upto: usize| bytes.get(..upto.min(of)).unwrap_or(&bytes);
    let mut next = if going.last { Next::Close } else { Next::Stay };
    let sent = match act {
        Some(Act::Cut { how, at, bytes: after }) => {
            next = how.next();
            let body = of - head;
            let upto = match at {
                Cut::MidHead => after.unwrap_or(head / 2).min(head - 1),
                Cut::Head => head,
                Cut::Body => head + after.unwrap_or(body / 2).min(body.saturating_sub(1)),
                Cut::Before | Cut::After => 0,
            };
            wire.send(part(upto)).await
        }
        Some(Act::Stall { at: Place::Answer, ms }) => {
            if wire.wait(Duration::from_millis(*ms)).await { wire.send(&bytes).await } else { 0 }
        }
        Some(Act::Drip { ms }) => wire.drip(&bytes, Duration::from_millis(*ms)).await,
        _ => wire.send(&bytes).await,
    };
    let status = status.filter(|_| sent > 0);
    front.note_sent(going.line, Sent { status, bytes: sent, of, unaltered }).await;
    if sent < of && matches!(next, Next::Stay) { Next::Close } else { next }
}

impl Faults {
    /// Parts what happens from what stands, and leaves out an expiry for a key that came after it.
    fn sorted(met: Vec<Met>, setup: &Setup, headers: &mut HeaderMap) -> Self {
        let mut faults = Self { event: None, standing: Vec::new() };
        for met in met {
            match &met.act {
                Act::Partial { .. } | Act::TooLarge { .. } => faults.standing.push(met),
                Act::Expire { next: Some(next) } if renew(headers, next, setup) => {}
                _ if faults.event.is_none() => faults.event = Some(met),
                _ => {}
            }
        }
        faults
    }

    /// What stands: marks and spoils the people who are refused, and refuses a call of too many.
    fn stand(&self, call: &mut Call, seed: u32) -> Option<Reply> {
        let mut body = call.received().filter(|_| !self.standing.is_empty())?;
        let mut refusal = None;
        for met in &self.standing {
            match &met.act {
                Act::TooLarge { above } if people::of(&body).len() > *above => {
                    call.visit.add(Some(met));
                    let message = format!("more than {above} people");
                    let refuse = part::of(&call.path).refuse;
                    refusal = Some(refuse(StatusCode::PAYLOAD_TOO_LARGE, &message));
                }
                Act::Partial { people } => {
                    let spoiled = call.visit.spoiled.len();
                    for person in people::of_mut(&mut body) {
                        let key = people::key(person);
                        let number = u64::from_str_radix(&key, 16).unwrap_or(0);
                        if falls(roll(&[u64::from(seed), met.entry as u64, number]), *people) {
                            people::spoil(person);
                            call.visit.spoiled.push(key);
                        }
                    }
                    if call.visit.spoiled.len() > spoiled {
                        call.visit.add(Some(met));
                    }
                }
                _ => {}
            }
        }
        if !call.visit.spoiled.is_empty() {
            call.alter(&body);
        }
        refusal
    }

    /// Whether the event is an answer of its own, or that there is none.
    fn answers(&self) -> bool {
        let act = self.event.as_ref().map(|met| &met.act);
        matches!(act, Some(Act::Expire { .. } | Act::Status { .. } | Act::Late { .. }))
    }

    /// The answer in the place of a decision.
    fn refusal(&self, call: &Call) -> Option<Reply> {
        let refuse = part::of(&call.path).refuse;
        match &self.event.as_ref()?.act {
            Act::Expire { .. } => Some(refuse(StatusCode::UNAUTHORIZED, "the key has expired")),
            Act::Status { when: When::Before, .. } => self.other_status(&call.path),
            _ => None,
        }
    }

    /// The answer that has another status than the decision.
    fn other_status(&self, path: &str) -> Option<Reply> {
        let met = self.event.as_ref()?;
        let Act::Status { status, retry_after: later, .. } = &met.act else { return None };
        let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let reply = (part::of(path).refuse)(status, "the fault plan has it so");
        Some(retry_after(reply, *later, met.dice))
    }
}

impl Visit {
    /// Notes a fault that was met.
    fn add(&mut self, met: Option<&Met>) {
        let Some(met) = met else { return };
        let before = self.fault.take().map_or_else(String::new, |before| format!("{before}; "));
        self.fault = Some(format!("{before}{}", met.name()));
    }
}

impl How {
    fn next(self) -> Next {
        match self {
            Self::Reset => Next::Reset,
            Self::Close => Next::Close,
        }
    }
}

/// Puts the key that is taken in the place of the next one; false when that is not the one sent.
fn renew(headers: &mut HeaderMap, next: &str, setup: &Setup) -> bool {
    let bearer = format!("Bearer {next}");
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|sent| sent == value);
    let (name, value) = if says("api-key", next) {
        ("api-key", setup.vome_key.clone())
    } else if says(AUTHORIZATION.as_str(), &bearer) {
        (AUTHORIZATION.as_str(), format!("Bearer {}", setup.omneo_token))
    } else {
        return false;
    };
    let Ok(mut value) = HeaderValue::from_str(&value) else { return false };
    value.set_sensitive(true);
    headers.insert(name, value).is_some()
}
