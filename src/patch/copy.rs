//! The copy of a workbook, part by part.

use std::collections::BTreeSet;
use std::io::Write;

use super::book::{Book, failed};
use super::listing::{self, Added, Filtered, Main, STRICT, USUAL, Words};
use super::notes::Notes;
use super::sheet::{Copying, Filter, Frame};
use super::sink::Sink;
use super::styles::Styles;
use super::tables::Headers;
use super::{Change, Done, Job, Next, Outcome, RowChanges, shapes, tables};
use crate::error::Result;
use crate::reader::parts::{self, Bound, Fault};
use crate::row::Area;

/// The largest header that is fixed on the screen.
const MOST_FROZEN: u32 = 12;

impl Book {
    /// Writes a copy with changed cells.
    ///
    /// # Errors
    /// When the workbook cannot be read, or the copy cannot be written.
    pub(crate) fn copy(
        &mut self,
        job: &Job<'_>,
        next: &mut Next<'_>,
        out: &mut dyn Write,
    ) -> Result<Done> {
        let origin = self.origin.clone();
        self.copy_parts(job, next, out).map_err(|trouble| failed(&origin, trouble))
    }

    fn copy_parts(
        &mut self,
        job: &Job<'_>,
        next: &mut Next<'_>,
        out: &mut dyn Write,
    ) -> Outcome<Done> {
        let main_part = self.workbook.main.clone();
        let main = self.package.small(&main_part)?.map(Main::read).transpose()?.unwrap_or_default();
        let words = if main.strict { STRICT } else { USUAL };
        let (bound, parts) = (Bound::sheet(self.package.limits()), self.parts(job)?);
        let mut sink = Sink::new(out, job.folder)?;
        self.take_over(&parts.changed, &mut sink)?;

        let mut done = Done::default();
        let styles_part = self.workbook.styles.clone();
        let mut styles = match &styles_part {
            Some(part) => Styles::read(self.package.small(part)?)?,
            None => Styles::read(None::<parts::Part<'_>>)?,
        };
        let notes = match &self.notes {
            Some(part) => self.package.part(part, bound)?,
            None => None,
        };
        let mut notes = Notes::read(notes, job.is_ours, job.folder)?;
        let (filter, renamed) = self.copy_sheet(
            job,
            next,
            &parts,
            words,
            (&mut styles, &mut notes),
            &mut done,
            &mut sink,
        )?;
        self.copy_notes(&parts, words, &mut notes, &mut sink)?;
        self.copy_tables(job, &renamed, &mut sink)?;

        let mut added: Vec<&Added> = Vec::new();
        let beside: Vec<&Added> = [
            parts.notes.as_ref().filter(|_| notes.has_new()),
            parts.shapes.as_ref().filter(|_| notes.has_new()),
        ]
        .into_iter()
        .flatten()
        .collect();
        added.extend(&beside);
        self.copy_relations(&self.part.clone(), &beside, words, &mut sink)?;
        if let Some((_, make)) = job.page {
            let there = parts.page_there.as_ref();
            let part = there.or(parts.page.as_ref().map(|part| &part.part));
            if let Some(part) = part {
                sink.begin_xml(part)?;
                make(&done).write(words.main, &mut styles, &mut sink)?;
                sink.end()?;
            }
        }
        let mut of_main: Vec<&Added> = parts.page.iter().collect();
        self.copy_styles(&parts, &styles, words, &mut sink)?;
        if !styles.is_unchanged() {
            of_main.extend(&parts.styles);
        }
        added.extend(&of_main);
        self.copy_relations(&main_part, &of_main, words, &mut sink)?;
        let index = main.sheets.iter().position(|sheet| *sheet == self.sheet);
        let filtered = filter.zip(index).map(|(area, index)| Filtered {
            index,
            sheet: self.sheet.clone(),
            area,
        });
        let name = job.page.map(|(name, _)| main.free_sheet(name));
        let listed = name.as_deref().zip(parts.page.as_ref());
        let listed = listed.map(|(name, part)| (name, main.last + 1, part));
        self.copy_listing(&main_part, &mut sink, |xml, sink| {
            listing::write_main(xml, listed, filtered.as_ref(), words, sink)
        })?;
        self.copy_relations("", &[], words, &mut sink)?;
        self.copy_listing("[Content_Types].xml", &mut sink, |xml, sink| {
            listing::write_types(xml, &added, sink)
        })?;
        sink.finish()?;
        Ok(done)
    }

    /// Which parts change, and the names of those that are added.
    fn parts(&mut self, job: &Job<'_>) -> Outcome<Parts> {
        let (sheet, main) = (self.part.clone(), self.workbook.main.clone());
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut changed: BTreeSet<usize> = BTreeSet::new();
        let rels = [&sheet, &main, ""].map(listing::relations_of);
        let tables = self.tables.iter().map(|table| table.part.as_str());
        let names = [sheet.as_str(), main.as_str(), "[Content_Types].xml"].into_iter();
        let names = names.chain(rels.iter().map(String::as_str)).chain(tables);
        let page_there = job.page.and_then(|(name, _)| {
            let sheets = self.workbook.sheets.iter();
            let there = sheets.filter(|one| one.part != sheet).find(|one| one.is_called(name));
            there.map(|one| one.part.clone())
        });
        let beside = [&self.notes, &self.shapes, &self.workbook.styles, &page_there];
        let names = names.chain(beside.into_iter().filter_map(|part| part.as_deref()));
        changed.extend(names.filter_map(|name| self.package.place(name)));
        let mut add = |there: bool, of: &str, number, name: (String, &str), kind| {
            if there {
                return Ok(None);
            }
            let part = listing::free_name(&self.package, &name.0, name.1);
            let id = listing::free_id(&mut self.package, of, number)?;
            Outcome::Ok(Some(Added { part, id, kind }))
        };
        let (has_notes, has_shapes) = (self.notes.is_some(), self.shapes.is_some());
        let has_styles = self.workbook.styles.is_some();
        let at = |name: &str| format!("{folder}{name}");
        let styles = add(has_styles, &main, 2, (at("styles"), ".xml"), listing::STYLES)?;
        // Where there are none, none has this name, by which some programs look for them.
        let styles = styles.map(|one| Added { part: at("styles.xml"), ..one });
        Ok(Parts {
            notes: add(has_notes, &sheet, 1, (at("comments"), ".xml"), listing::NOTES)?,
            shapes: add(
                has_shapes,
                &sheet,
                2,
                (at("drawings/vmlDrawing"), ".vml"),
                listing::SHAPES,
            )?,
            page: add(
                job.page.is_none() || page_there.is_some(),
                &main,
                1,
                (at("worksheets/sheet"), ".xml"),
                listing::SHEET,
            )?,
            styles,
            page_there,
            changed,
        })
    }

    /// Takes over every part that does not change.
    fn take_over(&mut self, changed: &BTreeSet<usize>, sink: &mut Sink<'_>) -> Outcome<()> {
        for place in (0..self.package.count()).filter(|place| !changed.contains(place)) {
            let name = self.package.name(place).unwrap_or_default();
            if name.to_ascii_lowercase().starts_with(listing::SIGNATURES) {
                continue;
            }
            sink.take_over(&mut self.package, place)?;
        }
        Ok(())
    }

    /// The table that the added columns join.
    fn joined(&self, job: &Job<'_>) -> Option<&super::book::Table> {
        let headers = headers(job);
        let joins = job.header > 0;
        let at = (job.header, job.left);
        joins.then(|| tables::joined(self, at, self.survey.free, &headers)).flatten()
    }

    /// What becomes of the filter of the sheet, which must not lie over that of a table.
    fn filter(&self, job: &Job<'_>) -> Filter {
        let Some(count) = u32::try_from(job.columns.len()).ok().filter(|count| *count > 0) else {
            return Filter::Stays;
        };
        let (first, last) = (self.survey.free, self.survey.free + count - 1);
        if job.header == 0 || self.joined(job).is_some() {
            return Filter::Stays;
        }
        match self.survey.filter {
            Some(area) if area.top == job.header && area.right < first => {
                let beside = self.tables.iter().any(|table| table.area.right > area.right);
                if beside { Filter::Stays } else { Filter::Widened(last) }
            }
            Some(_) => Filter::Stays,
            None => {
                let over = |table: &super::book::Table| table.area.bottom >= job.header;
                let left = if self.tables.iter().any(over) { first } else { job.left.min(first) };
                Filter::New(left, last)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one copy, each used once")]
    fn copy_sheet(
        &mut self,
        job: &Job<'_>,
        next: &mut Next<'_>,
        parts: &Parts,
        words: Words,
        (styles, notes): (&mut Styles, &mut Notes),
        done: &mut Done,
        sink: &mut Sink<'_>,
    ) -> Outcome<(Option<Area>, Headers)> {
        let adds = !job.columns.is_empty() && job.header > 0;
        let frozen =
            if adds && !self.survey.fixed && job.header <= MOST_FROZEN { job.header } else { 0 };
        let filter = self.filter(job);
        let mut first = adds.then(|| self.header_changes(job));
        let mut next = move || match first.take() {
            Some(changes) => Ok(Some(changes)),
            None => next(),
        };
        let frame = Frame {
            survey: &self.survey,
            header: job.header,
            first: self.survey.free,
            columns: job.columns.iter().map(|(column, _)| *column).collect(),
            filter,
            frozen,
            shapes: parts.shapes.as_ref().map(|part| part.id.clone()),
            tables: self.tables.iter().map(|table| table.area.top).collect(),
            relations: words.relations,
        };
        let mut copying = Copying {
            frame,
            styles,
            notes,
            next: &mut next,
            done,
            waiting: None,
            prefix: String::new(),
            last: 0,
            filter: None,
            headers: Headers::new(),
        };
        let bound = Bound::sheet(self.package.limits());
        let mut xml = self.package.part(&self.part, bound)?.ok_or_else(parts::missing)?;
        sink.begin_xml(&self.part)?;
        copying.copy(&mut xml, sink)?;
        sink.end()?;
        Ok((copying.filter, copying.headers))
    }

    /// What stands over the added columns.
    fn header_changes(&self, job: &Job<'_>) -> RowChanges {
        let columns = (self.survey.free..).zip(&job.columns);
        let cells = columns.map(|(column, (_, text))| Change {
            column,
            text: Some(text.clone()),
            alike: true,
            ..Change::default()
        });
        RowChanges { row: job.header, cells: cells.collect() }
    }

    fn copy_notes(
        &mut self,
        parts: &Parts,
        words: Words,
        notes: &mut Notes,
        sink: &mut Sink<'_>,
    ) -> Outcome<()> {
        let bound = Bound::sheet(self.package.limits());
        if let Some(part) = &self.notes {
            if notes.is_unchanged() {
                self.take_one_over(&part.clone(), sink)?;
            } else {
                let xml = self.package.part(part, bound)?;
                sink.begin_xml(part)?;
                notes.write(xml, words.main, sink)?;
                sink.end()?;
            }
        } else if let Some(part) = parts.notes.as_ref().filter(|_| notes.has_new()) {
            sink.begin_xml(&part.part)?;
            notes.write(None::<parts::Part<'_>>, words.main, sink)?;
            sink.end()?;
        }
        if let Some(part) = self.shapes.clone() {
            if notes.are_shapes_unchanged() {
                return self.take_one_over(&part, sink);
            }
            let gone = notes.gone().collect();
            let new = notes.new_ones()?;
            let from = self.package.bytes(&part)?.ok_or_else(parts::missing)?;
            sink.begin(&part)?;
            shapes::rewrite(from, &gone, new, sink)?;
            sink.end()?;
        } else if let Some(part) = parts.shapes.as_ref().filter(|_| notes.has_new()) {
            sink.begin(&part.part)?;
            shapes::write(notes.new_ones()?, sink)?;
            sink.end()?;
        }
        Ok(())
    }

    fn copy_tables(
        &mut self,
        job: &Job<'_>,
        renamed: &Headers,
        sink: &mut Sink<'_>,
    ) -> Outcome<()> {
        let joined = self.joined(job).map(|table| table.part.clone());
        for table in self.tables.clone() {
            let joins = joined.as_ref() == Some(&table.part);
            if !joins && !tables::is_renamed(&table, renamed) {
                self.take_one_over(&table.part, sink)?;
                continue;
            }
            let added = if joins { headers(job) } else { Vec::new() };
            let mut xml = self.package.small(&table.part)?.ok_or_else(parts::missing)?;
            sink.begin_xml(&table.part)?;
            tables::write(&mut xml, &table, &added, renamed, sink)?;
            sink.end()?;
        }
        Ok(())
    }

    fn copy_styles(
        &mut self,
        parts: &Parts,
        styles: &Styles,
        words: Words,
        sink: &mut Sink<'_>,
    ) -> Outcome<()> {
        let own = self.workbook.styles.clone();
        match (&own, &parts.styles) {
            (Some(part), _) if styles.is_unchanged() => self.take_one_over(part, sink),
            (Some(part), _) => {
                let xml = self.package.small(part)?;
                sink.begin_xml(part)?;
                styles.write(xml, words.main, sink)?;
                Ok(sink.end()?)
            }
            (None, Some(part)) if !styles.is_unchanged() => {
                sink.begin_xml(&part.part)?;
                styles.write(None::<parts::Xml<&[u8]>>, words.main, sink)?;
                Ok(sink.end()?)
            }
            _ => Ok(()),
        }
    }

    /// Copies what a part says of others; takes it over where nothing is added.
    fn copy_relations(
        &mut self,
        part: &str,
        added: &[&Added],
        words: Words,
        sink: &mut Sink<'_>,
    ) -> Outcome<()> {
        let name = listing::relations_of(part);
        // That of the package may speak of a signature.
        if added.is_empty() && !part.is_empty() {
            return self.take_one_over(&name, sink);
        }
        let mut xml = self.package.small(&name)?;
        if xml.is_none() && added.is_empty() {
            return Ok(());
        }
        sink.begin_xml(&name)?;
        listing::write_relations(xml.as_mut(), added, words, sink)?;
        Ok(sink.end()?)
    }

    fn copy_listing(
        &mut self,
        part: &str,
        sink: &mut Sink<'_>,
        write: impl FnOnce(
            &mut parts::Xml<zip::read::ZipFile<'_, std::io::BufReader<std::fs::File>>>,
            &mut Sink<'_>,
        ) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut xml = self.package.small(part)?.ok_or_else(|| {
            Fault::broken("it is a zip archive, but a part that every workbook has is missing")
        })?;
        sink.begin_xml(part)?;
        write(&mut xml, sink)?;
        Ok(sink.end()?)
    }

    fn take_one_over(&mut self, part: &str, sink: &mut Sink<'_>) -> Outcome<()> {
        match self.package.place(part) {
            Some(place) => sink.take_over(&mut self.package, place),
            None => Ok(()),
        }
    }
}

/// What stands over the added columns.
fn headers<'a>(job: &'a Job<'_>) -> Vec<&'a str> {
    job.columns.iter().map(|(_, text)| text.as_str()).collect()
}

/// The parts that change, by their places, and those that may be added.
struct Parts {
    changed: BTreeSet<usize>,
    notes: Option<Added>,
    shapes: Option<Added>,
    page: Option<Added>,
    /// The part of an earlier copy whose place the added sheet takes.
    page_there: Option<String>,
    styles: Option<Added>,
}
