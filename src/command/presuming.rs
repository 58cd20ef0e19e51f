//! Verbs whose work can be done over read an input by what its first part says, and once more by what the
//! whole says where that turns out to be wrong, which hardly ever happens.

use super::Shown;
use crate::error::{Error, Result};
use crate::plan::Job;
use crate::reader::{Options, Presumed};

/// Does the work with what may be presumed of the inputs. When it fails while something is not certain, it is
/// done again without, and only that counts.
///
/// The work must leave nothing behind until what [`super::judge`] has found is certain.
pub(super) fn presuming<T>(job: &Job, shown: &Shown, work: impl Fn(Job) -> Result<T>) -> Result<T> {
    if !may_be_done_over(job, shown) {
        return work(job.clone());
    }
    let presumed = Presumed::allowed();
    let reading = Options { presumed: presumed.clone(), ..job.reading.clone() };
    match work(Job { reading, ..job.clone() }) {
        Err(error) if presumed.is_open() && !matches!(error, Error::Interrupted) => {
            work(job.clone())
        }
        result => result,
    }
}

/// Whether the inputs can be read again, nothing is shown before the end, and nothing says why an encoding was
/// taken, as pins and workbooks do.
fn may_be_done_over(job: &Job, shown: &Shown) -> bool {
    let at_the_end = shown.format.is_none() || shown.is_for_people();
    at_the_end
        && shown.reports.is_empty()
        && job.recipe.pins.is_none()
        && job.files.iter().all(|file| file.is_file())
}
