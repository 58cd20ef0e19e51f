//! What a sheet of `content.xml` says beside its cells: hidden rows and columns, what a filter has
//! hidden, and merged cells.

use super::{Content, Token};
use crate::error::Result;
use crate::reader::book::beside::Layout;
use crate::reader::book::cells;
use crate::reader::book::guard::ABSURD;
use crate::reader::unreadable;
use crate::row::Area;

impl Content<'_> {
    /// What the table that has just begun says beside its cells.
    pub(super) fn survey(&mut self) -> Result<Layout> {
        let depth = self.depth;
        let mut layout = Layout::default();
        let (mut row, mut column) = (1_u32, 0_u32);
        let (mut filtered, mut collapsed) = (false, false);
        while let Some(token) = self.inside(depth)? {
            match self.name.as_str() {
                _ if token != Token::Start => {}
                "table:table-column" => {
                    let repeated = self.repeated("table:number-columns-repeated")?;
                    if self.hides()?.is_some() {
                        let last = column.saturating_add(repeated - 1);
                        layout.hidden_columns.push((column, last));
                    }
                    column = column.saturating_add(repeated);
                }
                "table:table-row" => {
                    let repeated = self.repeated("table:number-rows-repeated")?;
                    let hides = self.hides()?;
                    let filled = self.survey_row(row, hides.is_some(), &mut layout)?;
                    let last = row.saturating_add(repeated - 1).min(cells::LAST_ROW);
                    if let Some(by_filter) = hides.filter(|_| filled) {
                        (row..=last).for_each(|row| layout.hide_row(row));
                        filtered |= by_filter;
                        collapsed |= !by_filter;
                    }
                    row = row.saturating_add(repeated);
                }
                "table:table-row-group"
                | "table:table-rows"
                | "table:table-header-rows"
                | "table:table-column-group"
                | "table:table-columns"
                | "table:table-header-columns" => {}
                _ => self.skip()?,
            }
            if layout.is_absurd() {
                return Err(unreadable(&self.origin.path, ABSURD));
            }
        }
        if filtered && !collapsed {
            layout.filtered = true;
            layout.filter = Some(Area { top: 1, left: 0, bottom: u32::MAX, right: u32::MAX });
        }
        Ok(layout)
    }

    /// Whether the row or column that has just begun is hidden, and whether by a filter.
    fn hides(&self) -> Result<Option<bool>> {
        Ok(match self.attribute("table:visibility")?.as_deref() {
            Some("collapse") => Some(false),
            Some("filter") => Some(true),
            _ => None,
        })
    }

    /// Takes in the merged cells of a row; gives back whether the row, if it is hidden, holds
    /// something.
    fn survey_row(&mut self, row: u32, hidden: bool, layout: &mut Layout) -> Result<bool> {
        let depth = self.depth;
        let mut column = 0_u32;
        let mut filled = false;
        while let Some(token) = self.inside(depth)? {
            match self.name.as_str() {
                _ if token != Token::Start => {}
                "table:table-cell" | "table:covered-table-cell" => {
                    let repeated = self.repeated("table:number-columns-repeated")?;
                    let rows = self.repeated("table:number-rows-spanned")?;
                    let columns = self.repeated("table:number-columns-spanned")?;
                    if rows > 1 || columns > 1 {
                        layout.merged.push(Area {
                            top: row,
                            left: column,
                            bottom: row.saturating_add(rows - 1),
                            right: column.saturating_add(columns - 1),
                        });
                    }
                    if hidden && !filled {
                        filled = self.cell()?.is_some();
                    } else {
                        self.skip()?;
                    }
                    column = column.saturating_add(repeated);
                }
                _ => self.skip()?,
            }
        }
        Ok(filled)
    }
}
