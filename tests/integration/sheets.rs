//! What a sheet says beside its cells, and what that does to the people on it: hidden rows and
//! columns, merged cells, number formats, formulas, the system of days.

use serde_json::Value;

use crate::common::{Desk, Import, counts, found};
use crate::workbook::{sheet_xml, workbook, workbook_of};

const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="000\-00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="165"/></cellXfs></styleSheet>"#;

fn text(cell: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>")
}

fn row(attributes: &str, cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| if cell.starts_with('<') { (*cell).to_owned() } else { text(cell) })
        .collect();
    format!("<row {attributes}>{cells}</row>")
}

fn sheet(before: &str, rows: &[String], behind: &str) -> String {
    let rows = rows.concat();
    format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{before}\
         <sheetData>{rows}</sheetData>{behind}</worksheet>"
    )
}

const HEADER: [&str; 4] = ["First name", "Last name", "Email", "City"];

fn people(attributes: [&str; 4]) -> Vec<String> {
    let mut rows = vec![row("", &HEADER)];
    for (number, attributes) in attributes.iter().enumerate() {
        let email = format!("p{number}@example.org");
        rows.push(row(attributes, &["Ada", "Larkspur", &email, "Sydney"]));
    }
    rows
}

fn check(book: Vec<u8>, args: &str) -> (Value, Vec<(u64, String)>) {
    let check = Import::new("check --format json").text("people.xlsx", book).args(args);
    let report = check.start().finish_with_any_code().json();
    crate::schema::validate("report.v1", &report);
    let codes = found(&report).into_iter().map(|(row, code)| (row, code.to_owned())).collect();
    (report, codes)
}

fn message<'a>(report: &'a Value, code: &str) -> &'a str {
    let findings = report["findings"].as_array().unwrap();
    let one = findings.iter().find(|one| one["code"] == code);
    one.unwrap_or_else(|| panic!("no {code}: {findings:?}"))["message"].as_str().unwrap()
}

#[test]
fn hidden_rows_are_read_and_named_or_left_out_row_by_row() {
    let filter = "<autoFilter ref=\"A1:D5\"><filterColumn colId=\"3\"/></autoFilter>";
    let rows = people(["hidden=\"1\"", "", "hidden='true'", "hidden=\"1\""]);
    let book = workbook(&sheet("", &rows, filter));
    let (report, codes) = check(book.clone(), "");
    assert_eq!(counts(&report), [4, 4, 0, 0]);
    assert_eq!(codes, [(1, "rows-hidden".to_owned())]);
    let said = message(&report, "rows-hidden");
    assert_eq!(
        said,
        "rows 2 and 4\u{2013}5 are hidden, by a filter; they are read like the others"
    );
    let (report, codes) = check(book.clone(), "--hidden skip");
    assert_eq!(counts(&report), [4, 1, 0, 3]);
    let rows: Vec<u64> =
        codes.iter().filter(|(_, code)| code == "row-hidden").map(|(row, _)| *row).collect();
    assert_eq!(rows, [2, 4, 5]);
    assert!(message(&report, "rows-hidden").contains("left out"));
    let inspect = Import::new("inspect").text("people.xlsx", &book).run();
    assert!(inspect.stdout.contains("hidden      rows 2 and 4\u{2013}5"), "{}", inspect.stdout);
    let rows = Import::new("rows --format jsonl --hidden skip").text("people.xlsx", &book).run();
    assert_eq!(rows.stdout.lines().count(), 2, "the header and the row that is seen");
}

#[test]
fn hidden_columns_are_read_and_named_or_not_mapped() {
    let columns = "<cols><col min=\"1\" max=\"1\" hidden=\"1\"/><col min=\"5\" max=\"16384\" hidden=\"1\"/></cols>";
    let book = workbook(&sheet(columns, &people([""; 4]), ""));
    let (report, _) = check(book.clone(), "--to omneo");
    assert!(message(&report, "columns-hidden").starts_with("column A is hidden"));
    let field = |report: &Value| report["inputs"][0]["columns"][0]["field"].clone();
    assert_ne!(field(&report), Value::Null);
    let (report, _) = check(book.clone(), "--to omneo --hidden skip");
    assert_eq!(field(&report), Value::Null);
    let named = "--to omneo --hidden skip --map A=last_name";
    let (report, _) = check(book, named);
    assert_eq!(field(&report), "last_name", "what somebody names is used");
}

#[test]
fn merged_cells_give_their_value_to_every_row_and_say_so() {
    let mut rows = people([""; 4]);
    rows[3] = row("", &["Bea", "Vale", "bea@example.org", "<c/>"]);
    rows[4] = row("", &["Cy", "Vale", "cy@example.org"]);
    let merges = "<mergeCells><mergeCell ref=\"D3:D5\"/><mergeCell ref=\"A7:D9\"/></mergeCells>";
    let book = workbook(&sheet("", &rows, merges));
    let (report, codes) = check(book.clone(), "--to omneo --map City=company");
    assert_eq!(counts(&report), [4, 4, 0, 0]);
    let merged: Vec<u64> =
        codes.iter().filter(|(_, code)| code == "cell-merged").map(|(row, _)| *row).collect();
    assert_eq!(merged, [4, 5]);
    let fixes: Vec<&Value> = report["findings"].as_array().unwrap().iter().collect();
    assert_eq!((&fixes[0]["fix"]["after"], &fixes[0]["cell"]), (&"Sydney".into(), &"D4".into()));
    let build = Import::new("build -o out --to omneo --map City=company")
        .text("people.xlsx", book.clone())
        .run();
    let payload = build.desk.read("out/payloads/00001.json");
    assert_eq!(payload.matches("Sydney").count(), 4, "{payload}");
    let rows = Import::new("rows --format csv").text("people.xlsx", book).run();
    assert_eq!(rows.stdout.matches("Sydney").count(), 2, "`rows` shows what the file stores");
}

#[test]
fn merged_headers_cover_their_columns() {
    let rows = [
        row("r=\"1\"", &["First name", "Last name", "Email", "Notes", "<c/>"]),
        row("r=\"2\"", &["Ada", "Larkspur", "a@example.org", "x", "y"]),
    ];
    let book = workbook(&sheet("", &rows, "<mergeCells><mergeCell ref=\"D1:E1\"/></mergeCells>"));
    let (report, codes) = check(book, "");
    assert_eq!(report["inputs"][0]["columns"][4]["header"], "Notes");
    // Which of the two is meant, a person has to say.
    assert_eq!(codes, [(1, "header-duplicate".to_owned())]);
}

#[test]
fn a_formula_without_a_result_is_not_taken_for_blank() {
    let formula = "<c><f>A2</f></c>";
    let mut rows = people([""; 4]);
    rows[1] = row("", &["Ada", "Larkspur", "<c><f>B2</f><v></v></c>"]);
    rows[2] = row("", &["Ada", "Larkspur", "<c t=\"str\"><f>B2</f><v>b@example.org</v></c>", ""]);
    rows[3] = row("", &[formula, formula, formula]);
    rows[4] = row("", &["Ada", "Larkspur", "c@example.org", formula]);
    let book = workbook(&sheet("", &rows, ""));
    let (report, codes) = check(book.clone(), "");
    assert_eq!(counts(&report), [4, 2, 2, 0], "{codes:?}");
    let lost: Vec<u64> =
        codes.iter().filter(|(_, code)| code == "formula-no-result").map(|(row, _)| *row).collect();
    assert_eq!(lost, [2, 4, 4, 4], "the city is no field of the target, so its formula is no loss");
    assert!(codes.iter().all(|(_, code)| code != "required-missing"));
    let rows = Import::new("rows --format json").text("people.xlsx", book).run().json();
    let in_rows = rows["findings"].as_array().unwrap().iter();
    let in_rows = in_rows.filter(|one| one["code"] == "formula-no-result").count();
    assert_eq!(in_rows, 5);
}

#[test]
fn zeros_that_a_number_format_shows_are_kept() {
    let rows = [
        row("", &["First name", "Postcode", "Code", "Plain"]),
        row(
            "",
            &[
                "Ada",
                "<c s=\"1\"><v>800</v></c>",
                "<c s=\"3\"><v>1234</v></c>",
                "<c><v>800</v></c>",
            ],
        ),
        row("", &["Bea", "<c s=\"1\"><v>2000.5</v></c>", "<c s=\"3\" t=\"str\"><v>x</v></c>"]),
    ];
    let book = workbook_of(&sheet("", &rows, ""), &[("xl/styles.xml", STYLES)]);
    let rows = Import::new("rows --format csv").text("people.xlsx", book).run().stdout;
    assert_eq!(rows, "First name,Postcode,Code,Plain\nAda,00800,012-34,800\nBea,2000.5,x\n");
}

#[test]
fn what_a_number_format_shows_is_sent_and_told_once() {
    let styles = STYLES.replace("000\\-00", "&quot;0&quot;000000000");
    let header = "First name,Last name,Email,Phone,Postcode,Card,Medical,Gender";
    let header: Vec<&str> = header.split(',').collect();
    let mut rows = vec![row("", &header)];
    // Of each number the style of its cell as well.
    for (email, cells) in [
        ("a@example.org", [(3, 491_570_006), (1, 800), (1, 42), (1, 1), (1, 2)]),
        ("b@example.org", [(3, 491_570_110), (1, 30_000), (0, 7), (0, 0), (0, 2)]),
        ("c@example.org", [(0, 491_570_156), (1, 812), (1, 43), (1, 0), (1, 3)]),
    ] {
        let number = |(style, value)| format!("<c s=\"{style}\"><v>{value}</v></c>");
        let mut all = ["Ada", "Larkspur", email].map(str::to_owned).to_vec();
        all.extend(cells.map(number));
        rows.push(row("", &all.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    let book = workbook_of(&sheet("", &rows, ""), &[("xl/styles.xml", &styles)]);
    let map =
        "--map Postcode=custom:Postcode --map Card=custom:Card --map Medical=has_medical_info";
    let build = Import::new("build --output out --format json").text("people.xlsx", &book);
    let done = build.args(map).args("--default-region AU").run();
    let report = done.json();
    crate::schema::validate("report.v1", &report);
    let findings = report["findings"].as_array().unwrap();
    let told: Vec<[&str; 3]> = findings
        .iter()
        .map(|one| [&one["code"], &one["value"], &one["fix"]["after"]])
        .map(|texts| texts.map(|text| text.as_str().unwrap()))
        .collect();
    // Fields of yes and no and of choices take the number, and what has its zeros needs none put back.
    assert_eq!(
        told,
        [
            ["number-padded", "491570006", "0491570006"],
            ["number-padded", "800", "00800"],
            ["number-padded", "42", "00042"],
            ["number-padded", "491570110", "0491570110"],
            ["zeros-restored", "491570156", "0491570156"],
            ["number-padded", "812", "00812"],
            ["number-padded", "43", "00043"],
        ]
    );
    assert!(findings.iter().all(|one| one["fix"]["applied"] == true && one["severity"] == "fix"));
    let payload = done.desk.json("out/payloads/00001.json");
    let person = &payload["volunteers_data"][0];
    assert_eq!(person["profile_data"]["phone_number"], "0491570006");
    assert_eq!(person["custom_field_data"][0]["custom_field_user_value"], "00800");
    assert_eq!(person["profile_data"]["gender"], 2, "{person}");
    let inspect = Import::new("inspect").text("people.xlsx", &book).args(map).run();
    let line = "E     2  number-padded (fix)  E2, E4";
    assert!(inspect.stdout.contains(line), "{}", inspect.stdout);
    // A column that nobody maps is nobody's loss.
    let (report, _) = check(book, "");
    let columns: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().map(|one| &one["column"]).collect();
    assert!(!columns.is_empty() && columns.iter().all(|&column| column != "Card"), "{report}");
}

#[test]
fn days_are_counted_from_where_the_workbook_counts_them() {
    let rows = [
        row("", &["First name", "Born"]),
        row("", &["Ada", "<c s=\"2\"><v>30000</v></c>"]),
        row("", &["Bea", "<c s=\"2\" t=\"n\"><v>30000.5</v></c>"]),
    ];
    let main = |day: &str| {
        format!(
            "<x:workbook xmlns:x=\"m\" xmlns:r=\"r\"><x:workbookPr date1904=\"{day}\"/><x:sheets>\
             <x:sheet name=\"People\" sheetId=\"1\" r:id=\"r1\"/></x:sheets></x:workbook>"
        )
    };
    for (day, expected) in [
        ("0", "First name,Born\nAda,1982-02-18\nBea,1982-02-18T12:00:00\n"),
        ("true", "First name,Born\nAda,1986-02-19\nBea,1986-02-19T12:00:00\n"),
    ] {
        let parts = [("xl/styles.xml", STYLES), ("xl/workbook.xml", &main(day))];
        let book = workbook_of(&sheet("", &rows, ""), &parts);
        let shown = Import::new("rows --format csv").text("people.xlsx", book).run().stdout;
        assert_eq!(shown, expected);
    }
}

#[test]
fn hidden_sheets_are_named_and_read_when_they_are_asked_for() {
    let main = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Old\" state=\"hidden\" r:id=\"r1\"/>\
                <sheet name=\"People\" r:id=\"r1\"/><sheet name=\"Lists\" state=\"veryHidden\" r:id=\"r1\"/>\
                </sheets></workbook>";
    let book = workbook_of(&sheet("", &people([""; 4]), ""), &[("xl/workbook.xml", main)]);
    let (report, _) = check(book.clone(), "");
    assert_eq!(report["inputs"][0]["sheet"], "People");
    let said = message(&report, "sheets-hidden");
    assert_eq!(said, "the sheets \"Old\", \"Lists\" are hidden and not read");
    let (report, _) = check(book, "--sheet Old");
    assert_eq!(report["inputs"][0]["sheet"], "Old");
    assert!(message(&report, "sheets-hidden").contains("it is read"));
}

#[test]
fn tables_of_the_workbook_are_shown() {
    let table = "<table name=\"t\" displayName=\"Volunteers\" ref=\"A1:D6\" totalsRowCount=\"1\"/>";
    let rels = "<Relationships><Relationship Id=\"r1\" Type=\"x/table\" \
                Target=\"../tables/table1.xml\"/></Relationships>";
    let more = [("xl/worksheets/_rels/sheet1.xml.rels", rels), ("xl/tables/table1.xml", table)];
    let book = workbook_of(&sheet("", &people([""; 4]), ""), &more);
    let inspect = Import::new("inspect --format json").text("people.xlsx", book).run().json();
    crate::schema::validate("inspect.v1", &inspect);
    let shown = &inspect["inputs"][0]["tables"][0];
    assert_eq!((&shown["name"], &shown["area"]), (&"Volunteers".into(), &"A1:D5".into()));
}

#[test]
fn workbooks_that_would_cost_too_much_are_refused_with_a_reason() {
    let data = |inner: &str| sheet("", &[inner.to_owned()], "");
    let long = format!("<row><c t=\"str\"><v>{}</v></c></row>", "x".repeat(1 << 20));
    for (book, part) in [
        (workbook(&data("<row r=\"1048577\"><c/></row>")), "names a row that no spreadsheet has"),
        (workbook(&data("<row r=\"1\"><c r=\"XFE1\"/></row>")), "names a cell that no spreadsheet"),
        (workbook(&data(&long)), "longer than a spreadsheet allows"),
        (workbook(&data(&"<a>".repeat(200))), "nested deeper"),
        (workbook(&data("<row><c t=\"str\"><v>&xxe;</v></c></row>")), "stands for nothing"),
        (workbook("<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet/>"), "declares a document type"),
        (workbook_of("<worksheet/>", &[("XL/workbook.XML", "<x/>")]), "two parts of one name"),
        (workbook_of("<worksheet/>", &[("../../evil", "x")]), "leads out of it"),
        (
            workbook_of("<worksheet/>", &[("xl/workbook.xml", "<workbook><sheets/></workbook>")]),
            "no sheet",
        ),
    ] {
        let check = Import::new("check").text("people.xlsx", book).expect_code(3).run();
        check.says(part).says("help:");
    }
}

#[test]
fn a_blank_sheet_names_the_others_but_not_where_a_part_of_it_was_asked_for() {
    let sheets = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                  xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
                  <sheet name=\"Cover\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"People\" sheetId=\"2\" r:id=\"r2\"/>\
                  </sheets></workbook>";
    let relation = |id: u8| {
        format!(
            "<Relationship Id=\"r{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
             relationships/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"
        )
    };
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}{}</Relationships>",
        relation(1),
        relation(2)
    );
    let people = sheet_xml("First name,Last name,E-mail\nAda,Lark,ada@example.org\n");
    let book = workbook_of(
        &sheet_xml(""),
        &[
            ("xl/workbook.xml", sheets),
            ("xl/_rels/workbook.xml.rels", &relations),
            ("xl/worksheets/sheet2.xml", &people),
        ],
    );
    let desk = Desk::new();
    desk.write("two.xlsx", &book);
    let blank = Import::at(&desk, "check two.xlsx").expect_code(3).run();
    blank.says("sheet \"Cover\"").says("is empty").says("say with --sheet").says("\"People\"");
    Import::at(&desk, "check two.xlsx --sheet People").run();
    let part = Import::at(&desk, "check two.xlsx --sheet People --range Z50:AB60").expect_code(3);
    part.run().says("it has no header row");
    // A sheet that says how to fill in the other one holds nothing of people.
    let cover = sheet_xml("How to fill in\nOne row for each person\n");
    let book = workbook_of(
        &cover,
        &[
            ("xl/workbook.xml", sheets),
            ("xl/_rels/workbook.xml.rels", &relations),
            ("xl/worksheets/sheet2.xml", &people),
        ],
    );
    desk.write("cover.xlsx", &book);
    let cover = Import::at(&desk, "check cover.xlsx").expect_code(2).run();
    cover.says("if people stand on another sheet").says("\"People\"");
}
