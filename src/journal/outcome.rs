//! The words of the journal: what became of a person, how an answer was read, where a run stands.

/// What became of one person who was ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person was not sent.
    NotSent,
    /// The person is in a request that is under way, or was when the run was killed.
    InFlight,
    /// The target says that the person has landed, or shows the person as sent.
    Accepted,
    /// The target refused the person, in these words.
    Refused(String),
    /// The person was sent and the outcome was not learned.
    Unknown(String),
    /// The target has taken the person into a queue; what became of it was not learned.
    Queued {
        /// The target's id for the work, where it gave one.
        ticket: Option<String>,
        /// Why it was not learned.
        why: String,
    },
}

impl Outcome {
    /// Whether the target has said what became of the person.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Accepted | Self::Refused(_))
    }
}

/// The counts of a run: accepted, refused, unknown and not sent are together the people who were
/// ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Landed.
    pub accepted: u64,
    /// Refused by the target.
    pub refused: u64,
    /// Sent, outcome not learned: queued and in flight among them.
    pub unknown: u64,
    /// Of those, how many are queued, unverified.
    pub unverified: u64,
    /// Not sent.
    pub not_sent: u64,
    /// Requests that were sent again.
    pub retries: u64,
}

impl Tally {
    /// Counts `people` more with one outcome.
    pub fn add(&mut self, outcome: &Outcome, people: u64) {
        match outcome {
            Outcome::Accepted => self.accepted += people,
            Outcome::Refused(_) => self.refused += people,
            Outcome::Unknown(_) | Outcome::InFlight => self.unknown += people,
            Outcome::Queued { .. } => {
                self.unknown += people;
                self.unverified += people;
            }
            Outcome::NotSent => self.not_sent += people,
        }
    }

    /// How many people are counted.
    pub fn people(&self) -> u64 {
        self.accepted + self.refused + self.unknown + self.not_sent
    }
}

/// Makes an enum of words without data, with the word of each and the way back.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// The word for it, as the journal keeps it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What a word of the journal stands for.
            pub fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// Which of the two things is sent for people.
    Leg {
        /// The people themselves.
        People = "people",
        /// What can only be sent when their ids are known.
        After = "after",
    }
}

words! {
    /// How the answer to a request was read.
    Class {
        /// Nothing was sent, or nothing of it can have been done.
        NotSent = "not-sent",
        /// Everybody in it has landed.
        Accepted = "accepted",
        /// Some have landed.
        Partial = "partial",
        /// The target refused it.
        Refused = "refused",
        /// The target asked for patience, before it did anything.
        Later = "later",
        /// What became of it was not learned.
        Ambiguous = "ambiguous",
        /// No request can succeed.
        Stopped = "stopped",
        /// It is too large for the target.
        TooLarge = "too-large",
        /// The target has taken it into a queue.
        Queued = "queued",
    }
}

words! {
    /// How far a run has come, as its journal says it.
    Phase {
        /// Everything is planned and nothing was sent.
        Planned = "planned",
        /// It is being sent, or was when it was killed.
        Sending = "sending",
        /// It ended before its end.
        Stopped = "stopped",
        /// Everybody has been sent.
        Finished = "finished",
        /// What it held of people has been taken away.
        Purged = "purged",
    }
}
