//! Where tables stand, tried on small ones.

use super::*;
use crate::row::{CellKind, Location};

/// Rows from lines of cells; an empty line is a blank row.
pub(in crate::reader::table) fn rows(lines: &[&str]) -> Rows {
    let mut rows = Rows::default();
    for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.is_empty()) {
        for cell in line.split(',') {
            rows.push_cell(cell, CellKind::Text);
        }
        rows.end_row(Location { row: number, line: number, ..Location::default() });
    }
    rows
}

#[test]
fn headers_are_found_below_titles_and_over_several_rows() {
    for (lines, place, names) in [
        (&["First,Last,Email", "Ada,L,a@b.org"][..], (1, 1), "First|Last|Email"),
        (&["", "Spring list", "", "First,Last,Email", "Ada,L,a@b.org"], (4, 4), "First|Last|Email"),
        (
            &["Made, by, hand, on Monday", "cm-1,A", "400,1.5", "399,1.6", "398,1.7", "397,1.8"],
            (2, 2),
            "cm-1|A",
        ),
        (
            &["Report", "Unit A; 2024", "id,Gene,Name", "x,A,1", "y,B,2", "z,C,3"],
            (3, 3),
            "id|Gene|Name",
        ),
        (
            &["control,,fire,", "X,Y,X,Y", "4.4,0.1,4.8,2.0", "4.6,-1.0,5.1,3.0"],
            (1, 2),
            "control X|control Y|fire X|fire Y",
        ),
        (
            &[
                "Email Address,First Name,Contact information,,Note",
                ",,Mobile,Date of birth,",
                "a@b.org,Ada,0491 570 006,02/03/1970,x",
                "b@b.org,Bob,0491 570 156,02/28/1991,",
            ],
            (1, 2),
            "Email Address|First Name|Contact information Mobile|Contact information Date of birth|Note",
        ),
        (&["A,B", "A,B", "1,2", "3,4"], (1, 1), "A|B"),
        // A person without address, phone and birthday is no second row of the header.
        (
            &["First,Last,,Email,Phone", "Ada,L,nice,,", "Bob,M,,b@b.org,0491 570 006"],
            (1, 1),
            "First|Last||Email|Phone",
        ),
        (
            &["First,Last,,Email,Phone", "Ada,L,n/a,n/a,n/a", "Bob,M,,b@b.org,0491 570 006"],
            (1, 1),
            "First|Last||Email|Phone",
        ),
        (&["Ada,a@b.org", "Bob,b@b.org", "Cy,c@d.org"], (0, 0), "A|B"),
        (&["a@b.org", "b@b.org"], (0, 0), "A"),
        (&["1,2", "3,4", "5,6"], (0, 0), "A|B"),
        (&["Country,2019,2020", "NZ,1,2", "AU,3,4"], (1, 1), "Country|2019|2020"),
        (&["name,n", "x,1"], (1, 1), "name|n"),
        // People who are called as columns are: the wider row above them heads the columns.
        (
            &[
                "Helpers,,,,",
                "Name,Last,Town,Job,Hours",
                "Ada,L,Perth,bar,3",
                "First,Phone,Perth,,",
                "Cy,N,Perth,bar,4",
            ],
            (2, 2),
            "Name|Last|Town|Job|Hours",
        ),
        // What a report says of itself may be a table, too, and a wider one.
        (
            &[
                "Registration report",
                "Topic,Meeting,Time,Minutes",
                "Orientation,812,Jan 5,60",
                "People",
                "First Name,Last Name,Email",
                "Ada,L,a@b.org",
                "Bob,M,b@b.org",
            ],
            (5, 5),
            "First Name|Last Name|Email",
        ),
        // What a meeting was stands above who was there, as wide and with a header of its own.
        (
            &[
                "Meeting,Topic,User Email,Minutes",
                "812,Orientation,host@b.org,65",
                "",
                "Name (Original Name),User Email,Join Time,Minutes",
                "Ada L,a@b.org,1/5/2024,65",
                "Bob M,b@b.org,1/5/2024,64",
            ],
            (4, 4),
            "Name (Original Name)|User Email|Join Time|Minutes",
        ),
        (
            &[
                "1. Summary",
                "Meeting title,Orientation",
                "Participants,2",
                "",
                "2. Participants",
                "Name,First Join,Email,Role",
                "Ada L,9:58 AM,a@b.org,Host",
                "Bob M,9:59 AM,b@b.org,Guest",
                "",
                "3. Activities",
                "Name,Join,Email",
                "Ada L,9:58 AM,a@b.org",
            ],
            (6, 6),
            "Name|First Join|Email|Role",
        ),
        // A list with one person is no such thing, and neither is one of two.
        (
            &[
                "Name,Email,Phone",
                "Ada L,a@b.org,1",
                "",
                "Name,User Email,Minutes",
                "Bob M,b@b.org,6",
            ],
            (1, 1),
            "Name|Email|Phone",
        ),
        (
            &[
                "Topic,Host Email,Minutes",
                "Talk,a@b.org,1",
                "Walk,a@b.org,2",
                "",
                "Name,User Email,Minutes",
                "Bob M,b@b.org,6",
            ],
            (1, 1),
            "Topic|Host Email|Minutes",
        ),
        // No header holds an address, whatever else stands beside it.
        (&["Surname,Phone,a@b.org", "Bob,M,b@b.org"], (0, 0), "A|B|C"),
        (&["Name,Surname,a@b.org,3", "Bob,M,b@b.org,"], (0, 0), "A|B|C|D"),
        // Titles may be more than the people.
        (&["Helpers", "of May", "First,Last,Email", "Ada,L,a@b.org"], (3, 3), "First|Last|Email"),
        (
            &["Helpers", "Person,,Contact", "First,Last,Email", "Ada,L,a@b.org", "Bob,M,b@b.org"],
            (3, 3),
            "First|Last|Email",
        ),
        (&["Helpers", "Email", "a@b.org", "b@b.org"], (2, 2), "Email"),
        // What stands under the words for somebody else is not the person's, however few cells there are.
        (
            &[
                "Volunteer,,,,Emergency contact,",
                "First,Last,Email,Born,Name,Mobile",
                "Ada,L,a@b.org,,x,1",
            ],
            (1, 2),
            "Volunteer First|Volunteer Last|Volunteer Email|Volunteer Born|Emergency contact Name|Emergency contact Mobile",
        ),
        (
            &[
                "Members,,,,Updated 2026,",
                "First,Last,Email,Born,Name,Mobile",
                "Ada,L,a@b.org,,x,1",
            ],
            (2, 2),
            "First|Last|Email|Born|Name|Mobile",
        ),
        // A title may have several cells; a row that groups columns leaves some blank, or stands over blank ones.
        (
            &["Larch Club,Members,2026,", "", "First,Last,Email,Phone", "Ada,L,a@b.org,"],
            (3, 3),
            "First|Last|Email|Phone",
        ),
        (
            &["Larch Club,Members,2026", "First,Last,Email", "Ada,L,a@b.org"],
            (2, 2),
            "First|Last|Email",
        ),
        (
            &["Respondent,Contact,,", ",First,Last,Email", "1,Ada,L,a@b.org", "2,Bob,M,b@b.org"],
            (1, 2),
            "Respondent|Contact First|Contact Last|Contact Email",
        ),
        (
            &["Ada,L,0491 570 006", "First,Last,Phone", "Bob,M,0491 570 156"],
            (1, 1),
            "Ada|L|0491 570 006",
        ),
        (&["a@b.org", "b@b.org", "", "First,Last"], (0, 0), "A"),
    ] {
        let rows = rows(lines);
        let header = find(&rows, None, 1).unwrap();
        assert_eq!((header.first, header.last), place, "{lines:?}: {header:?}");
        assert_eq!(header.names.join("|"), names, "{lines:?}");
    }
    assert!(find(&Rows::default(), None, 1).is_none());
}

#[test]
fn the_header_is_where_a_person_says() {
    let rows = rows(&["x,y", "First,Last", "Ada,L"]);
    let said = |first, last| find(&rows, Some(HeaderRows::Rows { first, last }), 1);
    assert_eq!(said(2, 2).unwrap().names, ["First", "Last"]);
    assert_eq!(said(1, 2).unwrap().names, ["x First", "y Last"]);
    assert!(said(9, 9).is_none());
    assert_eq!(find(&rows, Some(HeaderRows::None), 1).unwrap().last, 0);
}

#[test]
fn headers_that_stand_twice_or_not_at_all_are_counted() {
    let names = ["a", "b", "a", "", " "].map(str::to_owned);
    assert_eq!(doubled(&names), [("a".to_owned(), vec![0, 2])]);
    assert_eq!(nameless(&names, &rows(&["1,2,3,4,", "1,2,3,,"])), [3]);
}
