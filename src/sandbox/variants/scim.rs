//! The variants of the SCIM part.

use super::{OverCap, Presence, RetryAfter, variants, words};

words! {
    /// In which order a bulk response lists its operations.
    Order {
        /// as they were sent
        Sent = "sent",
        /// the last first
        Reversed = "reversed",
    }
}

words! {
    /// How the status of an operation is written.
    StatusForm {
        /// as text, `"201"`
        Text = "text",
        /// as a number, `201`
        Number = "number",
        /// as an object, `{"code": 201}`
        Object = "object",
    }
}

words! {
    /// What becomes of every third operation of a request.
    Strain {
        /// what becomes of the others
        None = "none",
        /// it is answered with 429 and not done
        Later = "later",
        /// it is answered with 500 and not done
        Fails = "fails",
        /// it is done and not answered
        Silent = "silent",
    }
}

words! {
    /// What takes a bulk request off.
    Work {
        /// it is done at once
        AtOnce = "at_once",
        /// it is answered with 202 and no body, and done
        Deferred = "deferred",
    }
}

variants! {
    /// How the SCIM part behaves.
    Scim in "scim", SCIM_KEYS {
        /// Whether `/Bulk` is there; 501 when it is not.
        #[source = "RFC 7644 section 3.7, optional"]
        bulk: Presence = Presence::Present,
        /// Whether a person can be changed in part; 501 when not.
        #[source = "RFC 7644 section 3.5.2, optional"]
        patch: Presence = Presence::Present,
        /// Whether a bulk request is worked at once.
        #[source = "not in the standard"]
        work: Work = Work::AtOnce,
        /// In which order a bulk response lists its operations.
        #[source = "RFC 7644 section 3.7, left open"]
        order: Order = Order::Sent,
        /// How the status of an operation is written.
        #[source = "RFC 7644 section 3.7.3; SCIM 1.1 for the object"]
        status_form: StatusForm = StatusForm::Text,
        /// What becomes of every third operation of a request.
        #[source = "RFC 7644 section 3.12, statuses 429 and 500"]
        strain: Strain = Strain::None,
        /// The most operations of a request; more is 413.
        #[source = "RFC 7643 section 5, `bulk.maxOperations`"]
        most_operations: u64 = 1000,
        /// The most bytes of a request; more is 413.
        #[source = "RFC 7643 section 5, `bulk.maxPayloadSize`"]
        most_bytes: u64 = 1_048_576,
        /// The most users on a page.
        #[source = "RFC 7643 section 5, `filter.maxResults`"]
        page_cap: u64 = 200,
        /// Users on a page when nobody says how many.
        #[source = "RFC 7644 section 3.4.2.4, left open"]
        page_default: u64 = 100,
        /// What a page size above the cap does.
        #[source = "RFC 7644 section 3.4.2.4, left open"]
        over_cap: OverCap = OverCap::Capped,
        /// How many requests a window lets in; 0 is all of them.
        #[source = "RFC 7644 section 3.12, status 429"]
        rate_limit: u64 = 0,
        /// How long the window is, in milliseconds.
        #[source = "not in the standard"]
        rate_window_ms: u64 = 1000,
        /// How a 429 says when to come back.
        #[source = "RFC 9110 section 10.2.3"]
        retry_after: RetryAfter = RetryAfter::Seconds,
    }
}
