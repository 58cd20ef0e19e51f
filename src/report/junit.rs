//! The XML of `JUnit`, which CI shows as tests: each rejected row a test that failed, each row to look at one that
//! passed with what was found in it, and everybody else together one more.
//!
//! The counts stand in front of the tests and are known at the end only: until then the tests lie in a
//! temporary file, and memory holds where those of each input are.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use super::spool::Spool;
use super::{Head, Judged, Kind, Output, Report, Summary, counted, failed, grouped, place, words};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::validate::Fate;
use crate::visible::{harmless, visible};

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "junit",
    ending: Some("xml"),
    about: "JUnit XML: each rejected row a failed test",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

fn open(output: Output) -> Box<dyn Report> {
    Box::new(Junit {
        out: output.out,
        folder: output.folder,
        head: Head::default(),
        classes: Vec::new(),
        notes: Vec::new(),
        spool: None,
        parts: Vec::new(),
    })
}

struct Junit {
    out: Box<dyn Write>,
    folder: Option<PathBuf>,
    head: Head,
    /// What the tests of each input are of.
    classes: Vec<String>,
    /// What was found about inputs as a whole, which is little.
    notes: Vec<Finding>,
    spool: Option<Spool>,
    /// Where the tests of each input lie in the spool, in its order.
    parts: Vec<Part>,
}

/// Tests that lie together.
struct Part {
    input: u16,
    from: u64,
    to: u64,
    tally: Tally,
}

/// How tests ended.
#[derive(Clone, Copy, Default)]
struct Tally {
    tests: u64,
    failures: u64,
    skipped: u64,
    /// Tests that are rows of people; notes are none.
    people: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.skipped += other.skipped;
        self.people += other.people;
    }

    fn count(&mut self, end: End) {
        self.tests += 1;
        match end {
            End::Failed => self.failures += 1,
            End::Skipped => self.skipped += 1,
            End::Passed => {}
        }
    }
}

/// How a test ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Passed,
    Failed,
    Skipped,
}

/// A test: what it is called, where it stands, and what is said of it.
struct Test<'a> {
    class: &'a str,
    name: &'a str,
    path: &'a str,
    line: Option<u32>,
    end: End,
    /// In one line.
    message: &'a str,
    /// The code of it.
    kind: &'a str,
    /// All of it.
    text: &'a str,
}

impl Test<'_> {
    fn write(&self) -> String {
        let mut test =
            format!("<testcase classname=\"{}\" name=\"{}\"", xml(self.class), xml(self.name));
        if !matches!(self.path, "" | "-") {
            let _ = write!(test, " file=\"{}\"", xml(self.path));
        }
        if let Some(line) = self.line {
            let _ = write!(test, " line=\"{line}\"");
        }
        let (message, text) = (xml(self.message), text_of(self.text));
        let _ = match self.end {
            End::Failed => writeln!(
                test,
                "><failure message=\"{message}\" type=\"{}\">{text}</failure></testcase>",
                xml(self.kind)
            ),
            End::Skipped => writeln!(
                test,
                "><skipped message=\"{message}\"/><system-out>{text}</system-out></testcase>"
            ),
            End::Passed if self.text.is_empty() => writeln!(test, "/>"),
            End::Passed => writeln!(test, "><system-out>{text}</system-out></testcase>"),
        };
        test
    }
}

/// Other people's words as the value of an attribute: of what XML cannot hold the escape that can be read.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\u{fffe}' => safe.push_str("\\u{fffe}"),
            '\u{ffff}' => safe.push_str("\\u{ffff}"),
            c => safe.push(c),
        }
    }
    safe
}

/// The same between tags, with its lines. There GitLab and Jenkins take `[[ATTACHMENT|path]]` for a link to a
/// file; in other people's words there is none.
fn text_of(text: &str) -> String {
    xml(text).replace("&#10;", "\n").replace("[[ATTACHMENT", "[\\[ATTACHMENT")
}

impl Junit {
    /// A finding with its place and its help.
    fn told(&self, finding: &Finding) -> String {
        let place = place::name(&self.head, finding);
        let (severity, id) = (finding.severity.word(), finding.code.id);
        let known = if finding.known { ", accepted by the baseline" } else { "" };
        let mut text = format!("{place}: {severity}{known}: {} [{id}]\n", finding.message);
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "  help: {help}");
        }
        text
    }

    /// The part to which a test of an input is added.
    fn part(&mut self, input: u16) -> Result<(&mut Spool, &mut Part)> {
        if self.spool.is_none() {
            self.spool = Some(Spool::new(self.folder.as_deref()).map_err(failed)?);
        }
        let at = self.spool.as_ref().map_or(0, Spool::len);
        if self.parts.last().is_none_or(|part| part.input != input) {
            self.parts.push(Part { input, from: at, to: at, tally: Tally::default() });
        }
        match (self.spool.as_mut(), self.parts.last_mut()) {
            (Some(spool), Some(part)) => Ok((spool, part)),
            _ => Err(failed(std::io::Error::other("the temporary file is gone"))),
        }
    }

    fn note_test(&self, class: &str, path: &str, finding: &Finding) -> (End, String) {
        let fails = finding.severity == Severity::Error && !finding.known;
        let end = if fails { End::Failed } else { End::Passed };
        let place = match finding.column {
            Some(_) => place::name(&self.head, finding),
            None => "the input".to_owned(),
        };
        let name = format!("{place}: {} ({})", finding.code.title, visible(&finding.message));
        let test = Test {
            class,
            name: &name,
            path,
            line: place::line(finding.at),
            end,
            message: &finding.message,
            kind: finding.code.id,
            text: &self.told(finding),
        };
        (end, test.write())
    }

    /// What the tests of an input are of.
    fn class(&self, input: u16) -> String {
        self.classes.get(usize::from(input)).cloned().unwrap_or_default()
    }

    /// The suite of an input.
    fn suite(&mut self, input: u16, summary: &Summary) -> Result<Tally> {
        let (path, class) = (place::path(&self.head, input), self.class(input));
        let mut tally = Tally::default();
        let mut around = String::new();
        for note in self.notes.iter().filter(|note| note.at.input == input) {
            let (end, test) = self.note_test(&class, &path, note);
            tally.count(end);
            around.push_str(&test);
        }
        let own = self.parts.iter().filter(|part| part.input == input);
        own.for_each(|part| tally.add(part.tally));
        let people = summary.people.get(usize::from(input)).copied().unwrap_or(0);
        let others = people.saturating_sub(tally.people);
        if others > 0 {
            tally.count(End::Passed);
            let name = counted(others, "other person is ready", "other people are ready");
            around.push_str(&passed(&class, &name));
        }
        self.open_suite(&class, tally)?;
        if let Some(spool) = &mut self.spool {
            for part in self.parts.iter().filter(|part| part.input == input) {
                spool.copy(part.from, part.to, &mut self.out).map_err(failed)?;
            }
        }
        self.close_suite(&around)?;
        Ok(tally)
    }

    /// The suite of what is not about one input: what was denied, and what became of those who were sent.
    fn suite_of_run(&self, summary: &Summary) -> (Tally, String) {
        let (mut tally, mut tests) = (Tally::default(), String::new());
        for line in words::troubles(&self.head, summary) {
            tally.count(End::Failed);
            // The name is the same whatever the number is, so that CI knows the test again.
            let name = line.split_once(' ').map_or(line.as_str(), |(_, words)| words);
            let kind = "run";
            let test = Test {
                class: "upsheet",
                name,
                path: "",
                line: None,
                end: End::Failed,
                message: &line,
                kind,
                text: &line,
            };
            tests.push_str(&test.write());
        }
        // A run that is carried on reads no inputs, so that no suite has who was rejected.
        if self.head.sheets.is_empty() && summary.counts.rejected > 0 {
            tally.count(End::Failed);
            let message = format!(
                "{} rejected when the run was planned",
                counted(summary.counts.rejected, "person was", "people were")
            );
            let test = Test {
                class: "upsheet",
                name: "people who were rejected when the run was planned",
                path: "",
                line: None,
                end: End::Failed,
                message: &message,
                kind: "rejected",
                text: &format!(
                    "{message}; `upsheet results RUN --only failed` has them with their reasons"
                ),
            };
            tests.push_str(&test.write());
        }
        for (at, why) in &summary.refused {
            tally.count(End::Failed);
            let path = place::path(&self.head, at.input);
            // A run that is resumed reads no inputs.
            let file = if path.is_empty() { String::new() } else { format!(" of {path}") };
            let name = format!("row {}{file} at {}", at.row, self.head.target);
            let test = Test {
                class: "upsheet",
                name: &name,
                path: &path,
                line: place::line(*at),
                end: End::Failed,
                message: why,
                kind: "refused",
                text: why,
            };
            tests.push_str(&test.write());
        }
        if let Some(landed) =
            summary.delivery.map(|tally| tally.accepted).filter(|count| *count > 0)
        {
            tally.count(End::Passed);
            let name = counted(landed, "person has landed", "people have landed");
            tests.push_str(&passed("upsheet", &name));
        }
        (tally, tests)
    }

    fn open_suite(&mut self, name: &str, tally: Tally) -> Result<()> {
        let name = xml(name);
        let counts = attributes(tally);
        writeln!(self.out, "<testsuite name=\"{name}\" {counts}>").map_err(failed)
    }

    fn close_suite(&mut self, rest: &str) -> Result<()> {
        writeln!(self.out, "{rest}</testsuite>").map_err(failed)
    }

    /// What all suites count together, before any is written.
    fn all(&self, summary: &Summary) -> Tally {
        let mut all = Tally::default();
        for part in &self.parts {
            all.add(part.tally);
        }
        for note in &self.notes {
            all.count(self.note_test("", "", note).0);
        }
        for (input, people) in (0_u16..).zip(&summary.people) {
            let own = self.parts.iter().filter(|part| part.input == input);
            let told: u64 = own.map(|part| part.tally.people).sum();
            all.tests += u64::from(*people > told);
        }
        all.add(self.suite_of_run(summary).0);
        all
    }
}

/// A test that passed and of which there is nothing to say.
fn passed(class: &str, name: &str) -> String {
    format!("<testcase classname=\"{}\" name=\"{}\"/>\n", xml(class), xml(name))
}

fn attributes(tally: Tally) -> String {
    let Tally { tests, failures, skipped, .. } = tally;
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
}

impl Report for Junit {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        // CI knows a test by its class and name, so a file that was given twice has two classes.
        for (index, sheet) in head.sheets.iter().enumerate() {
            let path = sheet.facts.path.display().to_string();
            let twice = self.classes.contains(&path);
            self.classes.push(if twice { format!("{path} (input {})", index + 1) } else { path });
        }
        Ok(())
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.notes.push(finding.clone());
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        let Judged { row, fate, findings } = judged;
        let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
        let anew = errors().find(|finding| !finding.known);
        let first = anew.or_else(|| errors().next()).or_else(|| findings.first());
        let Some(first) = first else { return Ok(()) };
        let end = match fate {
            Fate::Rejected if anew.is_some() => End::Failed,
            Fate::Ready => End::Passed,
            Fate::Rejected | Fate::Skipped | Fate::NextTable => End::Skipped,
        };
        let path = place::path(&self.head, row.at.input);
        let text: String = findings.iter().map(|finding| self.told(finding)).collect();
        let message = match errors().count().saturating_sub(1) {
            0 => Cow::Borrowed(first.message.as_ref()),
            more => format!("{}, and {} more", first.message, grouped(more as u64)).into(),
        };
        let test = Test {
            class: &self.class(row.at.input),
            name: &format!("row {}", row.at.row),
            path: &path,
            line: place::line(row.at),
            end,
            message: &message,
            kind: first.code.id,
            text: &text,
        };
        let xml = test.write();
        let (spool, part) = self.part(row.at.input)?;
        spool.push(&xml).map_err(failed)?;
        part.to = spool.len();
        part.tally.count(end);
        part.tally.people += 1;
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let counts = attributes(self.all(summary));
        let head = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"upsheet\" {counts} \
             time=\"{:.3}\">\n",
            summary.seconds
        );
        self.out.write_all(head.as_bytes()).map_err(failed)?;
        let inputs = u16::try_from(self.head.sheets.len()).unwrap_or(u16::MAX);
        for input in 0..inputs {
            self.suite(input, summary)?;
        }
        let (tally, tests) = self.suite_of_run(summary);
        if tally.tests > 0 {
            self.open_suite("the run", tally)?;
            self.close_suite(&tests)?;
        }
        let line = text_of(&words::line(&self.head, summary));
        writeln!(self.out, "<system-out>{line}</system-out>\n</testsuites>")
            .and_then(|()| self.out.flush())
            .map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_holds_any_words() {
        let text = "a<b>&\"c\"\n]]>\0\u{b}\u{1b}[2J\u{fffe}\u{ffff}\u{202e}é";
        let safe = "a&lt;b&gt;&amp;&quot;c&quot;&#10;]]&gt;\\u{0}\\u{b}\\u{1b}[2J\\u{fffe}\\u{ffff}\\u{202e}é";
        assert_eq!(xml(text), safe);
        assert!(text_of(text).contains("&quot;\n]]"));
        assert_eq!(text_of("[[ATTACHMENT|/x]] [a[b]]"), "[\\[ATTACHMENT|/x]] [a[b]]");
    }
}
