//! The report for the browser: one file that asks nobody for anything and shows every finding.
//!
//! Findings are written as they come, packed, before the page that shows them: memory holds one block
//! of them. The page behind them is plain HTML, whole and readable without its script; the script only
//! adds the list of findings. Nothing in the file depends on when or how fast it was made.

mod causes;
mod columns;
mod data;
mod markup;
mod outcome;
mod pack;
mod quality;

use std::io::Write;

use self::data::Data;
use self::markup::Markup;
use self::quality::Quality;
use super::{Head, Judged, Kind, Output, Report, Summary, counted, failed};
use crate::error::Result;
use crate::finding::Finding;

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "html",
    ending: Some("html"),
    about: "a page for the browser, with every finding, to search and to filter",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

/// How the page looks.
const STYLE: &str = include_str!("html/report.css");
/// What its list of findings does; the parts share one module.
const SCRIPT: &str = concat!(
    include_str!("html/script/data.js"),
    include_str!("html/script/filter.js"),
    include_str!("html/script/list.js"),
    include_str!("html/script/page.js"),
);
/// What is seen while the end of the page is not there.
const CUT: &str = "This page is still being read. If this line stays, the file is not whole: make the report again.";
/// The list of findings, still empty.
const FINDINGS: &str = include_str!("html/findings.html");

fn open(output: Output) -> Box<dyn Report> {
    Box::new(Html {
        out: output.out,
        head: Head::default(),
        notes: Vec::new(),
        data: Data::default(),
        quality: Quality::default(),
    })
}

struct Html {
    out: Box<dyn Write>,
    head: Head,
    /// What was found about the inputs as a whole.
    notes: Vec<Finding>,
    data: Data,
    quality: Quality,
}

impl Html {
    fn put(&mut self, markup: &Markup) -> Result<()> {
        self.out.write_all(markup.as_str().as_bytes()).map_err(failed)
    }

    /// What a browser needs before it shows anything: what it may run, and the looks.
    fn preamble(&self) -> Markup {
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
             form-action 'none'",
            pack::digest(STYLE),
            pack::digest(SCRIPT)
        );
        let mut page = Markup::document();
        page.within("head", &[], |head| {
            head.void("meta", &[("charset", "utf-8")]);
            let policy = ("content", policy.as_str());
            head.void("meta", &[("http-equiv", "Content-Security-Policy"), policy]);
            head.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
            let width = ("content", "width=device-width, initial-scale=1");
            head.void("meta", &[("name", "viewport"), width]);
            head.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
            let names: Vec<String> =
                self.head.sheets.iter().map(|sheet| sheet.facts.file_name()).collect();
            let title = match names.as_slice() {
                [] => "upsheet report".to_owned(),
                [one] => format!("{one} · upsheet report"),
                [first, others @ ..] => {
                    let others = counted(others.len() as u64, "other file", "other files");
                    format!("{first} and {others} · upsheet report")
                }
            };
            head.element("title", &[], &title);
            head.asset("style", &[], STYLE);
        });
        page
    }

    /// The page itself, in the order in which it is read.
    fn page(&self, summary: &Summary) -> Markup {
        let mut page = Markup::default();
        // A run that goes on with people who were checked before reads no file.
        let has_rows = !self.head.sheets.is_empty();
        if has_rows {
            let skip = [("class", "skip"), ("href", "#findings")];
            page.element("a", &skip, "Skip to the findings");
        }
        page.within("header", &[("class", "top")], |top| {
            top.element("p", &[("class", "brand")], "upsheet report");
            top.within("p", &[("id", "theme")], |_| {});
        });
        page.within("main", &[], |main| {
            outcome::write(main, &self.head, summary, &self.notes);
            if has_rows {
                causes::write(main, &self.head, summary);
                columns::write(main, &self.head, &self.quality);
                main.trusted(FINDINGS);
                causes::explain(main, summary);
            }
        });
        page.within("footer", &[], |footer| {
            let version = env!("CARGO_PKG_VERSION");
            let whose = if self.head.is_masked {
                "The values of the files are masked in it."
            } else {
                "This file holds people's data as the input does: give it only to those who may see that."
            };
            let line = format!("Made by upsheet {version}. {whose} It asks nothing of any server.");
            footer.element("p", &[], &line);
        });
        page.asset("script", &[("type", "module")], SCRIPT);
        page
    }
}

impl Report for Html {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        self.quality = Quality::new(&head.sheets);
        let preamble = self.preamble();
        self.put(&preamble)?;
        let mut page = Markup::default();
        page.element("p", &[("id", "cut")], CUT);
        self.out.write_all(b"<body>\n").map_err(failed)?;
        self.put(&page)
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.notes.push(finding.clone());
        self.data.note(finding);
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        self.quality.row(judged);
        self.data.row(judged);
        if self.data.is_full() {
            return self.data.flush(&mut self.out);
        }
        Ok(())
    }

    fn takes_all(&self) -> bool {
        true
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        self.data.flush(&mut self.out)?;
        self.data.index(&mut self.out, &self.head, summary)?;
        let page = self.page(summary);
        self.put(&page)?;
        self.out.write_all(b"</body>\n</html>\n").map_err(failed)?;
        self.out.flush().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::words::GRADES;

    #[test]
    fn the_list_has_the_words_and_marks_of_all_reports() {
        for (name, words) in [
            ("SEVERITIES", GRADES.map(|grade| grade.severity.word())),
            ("MARKS", GRADES.map(|grade| grade.mark)),
            ("WORDS", GRADES.map(|grade| grade.word)),
        ] {
            let list = words.map(|word| format!("\"{word}\"")).join(", ");
            let list = format!("[{list}]");
            assert!(SCRIPT.contains(&format!("const {name} = {list};")), "{name}: {list}");
        }
        for grade in GRADES {
            assert!(FINDINGS.contains(&format!("aria-hidden=\"true\">{}</span>", grade.mark)));
        }
    }

    #[test]
    fn no_part_of_ours_ends_the_element_that_it_stands_in() {
        for (part, end) in [(STYLE, "</style"), (SCRIPT, "</script"), (SCRIPT, "<!--")] {
            assert!(!part.to_lowercase().contains(end), "{end}");
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"), "it asks for nothing");
        assert!(!SCRIPT.contains("innerHTML") && !SCRIPT.contains("eval"), "text stays text");
    }
}
