//! Requests out: into files, or to the API.

pub mod after;
pub mod api;
pub mod beside;
pub mod deliver;
pub mod files;
pub mod pace;
pub mod retry;
pub mod watch;

use std::path::Path;

use crate::batch::Batch;
use crate::error::Result;

/// Takes full requests in order, in whatever thread.
pub trait Writer: Send {
    /// Takes one request.
    ///
    /// # Errors
    /// When it cannot be kept; the run stops.
    fn batch(&mut self, batch: Batch) -> Result<()>;

    /// Takes several requests, in their order.
    ///
    /// # Errors
    /// When one cannot be kept; those in front of it are, and the run stops.
    fn batches(&mut self, batches: Vec<Batch>) -> Result<()> {
        batches.into_iter().try_for_each(|batch| self.batch(batch))
    }

    /// The folder into which it writes, if it does: what a run has to put aside has room there too.
    fn folder(&self) -> Option<&Path> {
        None
    }
}

/// Takes requests and forgets them: for `check`.
#[derive(Debug, Default)]
pub struct Nowhere;

impl Writer for Nowhere {
    fn batch(&mut self, _batch: Batch) -> Result<()> {
        Ok(())
    }
}
