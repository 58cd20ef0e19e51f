//! An earlier run of the same files to the same place that ended before its end: told before they are
//! sent anew, because carrying on with it sends only the rest.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::Result;
use crate::journal::{About, Listed, Phase, Runs, Standing, Tally};
use crate::report::grouped;
use crate::visible::visible;

/// So many runs are looked at, those that were used last: older ones are hardly carried on with.
const LOOKED_AT: usize = 20;

/// What is to be known of it, where there is one.
///
/// # Errors
/// When the folder of the runs cannot be read.
pub(super) fn unfinished(
    runs: &Runs,
    own: &str,
    about: &About,
    state_is_usual: bool,
) -> Result<Option<String>> {
    let mut found: Vec<Listed> = runs.latest(LOOKED_AT)?;
    found.retain(|run| run.id != own && !run.held && is_of_these(run, about));
    // What a later one has finished needs no carrying on with.
    let last = found.into_iter().max_by_key(began);
    Ok(last.and_then(|run| words(&run, state_is_usual)))
}

fn standing(run: &Listed) -> Option<&Standing> {
    run.standing.as_ref().ok()?.as_ref()
}

fn began(run: &Listed) -> i64 {
    standing(run).map_or(0, |standing| standing.about.began)
}

/// Whether it sent one of these files to the same place, or was about to finish doing so.
fn is_of_these(run: &Listed, about: &About) -> bool {
    let Some(standing) = standing(run) else { return false };
    let sent = matches!(standing.phase, Phase::Sending | Phase::Stopped | Phase::Finished);
    let known = |digest: &str| {
        standing.about.inputs.iter().any(|input| !input.stdin && input.sha256 == digest)
    };
    let same = about.inputs.iter().any(|input| !input.stdin && known(&input.sha256));
    let undoes = standing.about.undoes.is_some();
    sent && same && !undoes && standing.about.object == about.object
}

fn words(run: &Listed, state_is_usual: bool) -> Option<String> {
    let standing = standing(run)?;
    if standing.phase == Phase::Finished {
        return None;
    }
    let left = |tally: Tally| tally.unknown + tally.not_sent;
    let open = left(standing.tally).max(left(standing.after));
    let began = Timestamp::from_millisecond(standing.about.began).ok()?;
    let began = began.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M");
    let name =
        if state_is_usual { run.id.clone() } else { visible(&run.path.display().to_string()) };
    Some(format!(
        "an earlier run of this file stopped part-way: {}, begun {began}, with {} of {} people left\n  \
         carry on      upsheet resume {name}, which sends only these\n  this push     sends everybody anew",
        run.id,
        grouped(open),
        grouped(standing.about.valid),
    ))
}
