//! Sheets that use each target to the full, with their recipes: what its own fields cost.

use std::fmt::Write as _;

/// A column: its header, which is the name of its field, and its value in a row.
type Column = (&'static str, fn(u32) -> String);

/// A sheet for one target.
pub(crate) struct Sheet {
    /// The target.
    pub(crate) target: &'static str,
    /// What the recipe says behind the columns.
    recipe: &'static str,
    columns: &'static [Column],
}

/// A custom field of each type that can be sent.
const VOME: Sheet = Sheet {
    target: "vome",
    recipe: r#"
[[vome.custom_fields]]
name = "Notes"
type = "general"
[[vome.custom_fields]]
name = "Height"
type = "number"
[[vome.custom_fields]]
name = "Size"
type = "single_selection"
options = ["S", "M", "L", "XL"]
[[vome.custom_fields]]
name = "Skills"
type = "multiple_selection"
options = ["Cooking", "Driving", "First aid"]
[[vome.custom_fields]]
name = "Started"
type = "date_time"
[[vome.custom_fields]]
name = "Second address"
type = "email"
[[vome.custom_fields]]
name = "Site"
type = "url"
[[vome.custom_fields]]
name = "Home"
type = "address"
[[vome.custom_fields]]
name = "Badge"
type = "unique_id"
[[vome.custom_fields]]
name = "Driver"
type = "boolean"
[[vome.custom_fields]]
name = "Joined"
type = "date"
"#,
    columns: &[
        ("first_name", |_| "Ada".to_owned()),
        ("last_name", |_| "Larkspur".to_owned()),
        ("email", email),
        ("custom:Notes", |row| format!("likes tea {row}")),
        ("custom:Height", |row| format!("{}.5", 150 + row % 50)),
        ("custom:Size", |row| of(row, &["S", "m", "L", "xl"])),
        ("custom:Skills", |row| of(row, &["Cooking; Driving", "First aid", "Driving; Cooking"])),
        ("custom:Started", |row| format!("{}T09:30:00Z", day(row))),
        ("custom:Second address", |row| format!("p{row}@example.net")),
        ("custom:Site", |row| format!("https://example.org/{row}")),
        ("custom:Home", |row| format!("{row} Rowan Court")),
        ("custom:Badge", |row| format!("B{row:06}")),
        ("custom:Driver", |row| of(row, &["yes", "no"])),
        ("custom:Joined", day),
    ],
};

/// Two addresses, two identities and custom attributes for everybody.
const OMNEO: Sheet = Sheet {
    target: "omneo",
    recipe: "",
    columns: &[
        ("first_name", |_| "Ada".to_owned()),
        ("email", email),
        ("birth_date", day),
        ("addresses.1.address_line_1", |row| format!("{row} Rowan Court")),
        ("addresses.1.city", |_| "Milton".to_owned()),
        ("addresses.1.state", |_| "Victoria".to_owned()),
        ("addresses.1.postcode", |row| (3000 + row % 900).to_string()),
        ("addresses.1.country", |_| "Australia".to_owned()),
        ("addresses.2.address_line_1", |row| format!("{row} Mill Lane")),
        ("addresses.2.city", |_| "Weston".to_owned()),
        ("addresses.2.state", |_| "Otago".to_owned()),
        ("addresses.2.postcode", |row| (1000 + row % 900).to_string()),
        ("addresses.2.country", |_| "NZ".to_owned()),
        ("identities.pos", |row| format!("P{row:07}")),
        ("identities.loyalty", |row| format!("L{row:07}")),
        ("custom_attributes.loyalty.points:integer", |row| (row % 1000).to_string()),
        ("custom_attributes.shop.size:string", |row| of(row, &["S", "M", "L"])),
        ("custom_attributes.shop.vip:boolean", |row| of(row, &["yes", "no"])),
    ],
};

/// Names, addresses and what an employer says, as bulk operations.
const SCIM: Sheet = Sheet {
    target: "scim",
    recipe: "",
    columns: &[
        ("userName", |row| format!("p{row}")),
        ("name.givenName", |_| "Ada".to_owned()),
        ("name.familyName", |_| "Larkspur".to_owned()),
        ("emails.work.value", email),
        ("addresses.work.streetAddress", |row| format!("{row} Rowan Court")),
        ("addresses.work.locality", |_| "Milton".to_owned()),
        ("addresses.work.country", |_| "AU".to_owned()),
        ("active", |row| of(row, &["yes", "no"])),
        ("employeeNumber", |row| format!("E{row:06}")),
        ("department", |row| format!("Ward {}", row % 20)),
    ],
};

/// The sheets, by their targets.
pub(crate) const ALL: &[Sheet] = &[VOME, OMNEO, SCIM];

impl Sheet {
    /// The recipe: every column is for the field of its name.
    pub(crate) fn recipe(&self) -> String {
        let mut text = format!("target = \"{}\"\n[columns]\n", self.target);
        for (header, _) in self.columns {
            writeln!(text, "\"{header}\" = \"{header}\"").unwrap();
        }
        text + self.recipe
    }

    /// So many people as CSV; each has an address of their own.
    pub(crate) fn csv(&self, rows: u32) -> String {
        let headers: Vec<&str> = self.columns.iter().map(|(header, _)| *header).collect();
        let mut text = headers.join(",");
        for row in 0..rows {
            let cells: Vec<String> = self.columns.iter().map(|(_, value)| value(row)).collect();
            write!(text, "\n{}", cells.join(",")).unwrap();
        }
        text
    }
}

fn email(row: u32) -> String {
    format!("p{row}@example.org")
}

fn day(row: u32) -> String {
    format!("{}-{:02}-{:02}", 1950 + row % 50, 1 + row % 12, 1 + row % 28)
}

fn of(row: u32, words: &[&str]) -> String {
    words[row as usize % words.len()].to_owned()
}
