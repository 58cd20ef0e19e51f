//! The variants of the SCIM part.

use super::{OverCap, RetryAfter, variants, words};

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

words! {
    /// Whether the server does what the standard leaves to it.
    Support {
        /// it answers
        Present = "present",
        /// 501
        Absent = "absent",
    }
}

variants! {
    /// How the SCIM part behaves.
    Scim in "scim", SCIM_KEYS {
        /// whether `/Bulk` is there
        #[source = "RFC 7644 section 3.7, optional"]
        bulk: Support = Support::Present,
        /// whether a person can be changed in part
        #[source = "RFC 7644 section 3.5.2, optional"]
        patch: Support = Support::Present,
        /// whether a bulk request is worked at once
        #[source = "not in the standard"]
        work: Work = Work::AtOnce,
        /// in which order a bulk response lists its operations
        #[source = "RFC 7644 section 3.7, left open"]
        order: Order = Order::Sent,
        /// how the status of an operation is written
        #[source = "RFC 7644 section 3.7.3; SCIM 1.1 for the object"]
        status_form: StatusForm = StatusForm::Text,
        /// what becomes of every third operation of a request
        #[source = "RFC 7644 section 3.12, statuses 429 and 500"]
        strain: Strain = Strain::None,
        /// the most operations of a request; more is 413
        #[source = "RFC 7643 section 5, `bulk.maxOperations`"]
        most_operations: u64 = 1000,
        /// the most bytes of a request; more is 413
        #[source = "RFC 7643 section 5, `bulk.maxPayloadSize`"]
        most_bytes: u64 = 1_048_576,
        /// the most users on a page
        #[source = "RFC 7643 section 5, `filter.maxResults`"]
        page_cap: u64 = 200,
        /// users on a page when nobody says how many
        #[source = "RFC 7644 section 3.4.2.4, left open"]
        page_default: u64 = 100,
        /// what a page size above the cap does
        #[source = "RFC 7644 section 3.4.2.4, left open"]
        over_cap: OverCap = OverCap::Capped,
        /// how many requests a window lets in; 0 is all of them
        #[source = "RFC 7644 section 3.12, status 429"]
        rate_limit: u64 = 0,
        /// how long the window is, in milliseconds
        #[source = "not in the standard"]
        rate_window_ms: u64 = 1000,
        /// how a 429 says when to come back
        #[source = "RFC 9110 section 10.2.3"]
        retry_after: RetryAfter = RetryAfter::Seconds,
    }
}
