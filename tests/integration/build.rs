//! `build`: payload files that another program can rely on.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::common::{Desk, Import, counts, found};
use crate::people::{plain, sheet};
use crate::schema::validate;
use crate::workbook::{sheet_xml, workbook};

/// Every file of an output folder, by name.
fn bytes(desk: &Desk, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let files = desk.files(folder);
    let read = |file: String| {
        let bytes = std::fs::read(desk.path(&file)).unwrap();
        (file.strip_prefix(folder).unwrap().to_owned(), bytes)
    };
    files.into_iter().map(read).collect()
}

/// Holds an output folder against its own manifest and report; gives the people of each payload.
fn audit(desk: &Desk, folder: &str, key: &str) -> Vec<Vec<Value>> {
    let manifest = desk.json(format!("{folder}/manifest.json"));
    let report = desk.json(format!("{folder}/report.json"));
    validate("report.v1", &report);
    let [rows, valid, rejected, skipped] = counts(&report);
    assert!(rows > 0);

    let mut payloads = Vec::new();
    let mut covered = Vec::new();
    for (index, entry) in manifest["files"].as_array().unwrap().iter().enumerate() {
        let name = entry["file"].as_str().unwrap();
        assert_eq!(name, format!("payloads/{:05}.json", index + 1));
        let bytes = std::fs::read(desk.path(format!("{folder}/{name}"))).unwrap();
        let hash = upsheet::batch::hex(&Sha256::digest(&bytes));
        assert_eq!(entry["sha256"], hash.as_str(), "{name}");
        let body: Value = serde_json::from_slice(&bytes).expect("a payload is strict JSON");
        let people = body[key].as_array().unwrap().clone();
        assert_eq!(entry["profiles"], people.len(), "{name}");
        let mut spanned = 0;
        for span in entry["rows"].as_array().unwrap() {
            let [input, from, to] = ["input", "from", "to"].map(|key| span[key].as_u64().unwrap());
            assert!(from <= to);
            spanned += to - from + 1;
            covered.extend((from..=to).map(|row| (input, row)));
        }
        assert_eq!(spanned, people.len() as u64, "{name}");
        payloads.push(people);
    }
    let listed = manifest["files"].as_array().unwrap().len();
    assert_eq!(desk.files(&format!("{folder}/payloads")).len(), listed, "unlisted payloads");
    assert_eq!(manifest["profiles"], valid);
    assert_eq!(covered.len() as u64, valid, "every valid row is in one payload");
    assert!(covered.is_sorted(), "rows are in file order, each once");
    assert!(covered.windows(2).all(|pair| pair[0] != pair[1]), "a row is sent twice");

    let rejects = desk.path(format!("{folder}/rejects.csv"));
    assert_eq!(rejects.exists(), rejected > 0, "rejects.csv is there when there are any");
    let errors =
        report["findings"].as_array().unwrap().iter().filter(|one| one["severity"] == "error");
    let mut bad: Vec<u64> = errors.map(|one| one["row"].as_u64().unwrap()).collect();
    bad.dedup();
    assert_eq!(bad.len() as u64, rejected, "every rejected row has an error");
    assert!(bad.iter().all(|row| !covered.contains(&(0, *row))), "a rejected row is sent");
    let _ = skipped;
    payloads
}

#[test]
fn a_manifest_accounts_for_every_row() {
    let build = Import::new("build -o out").file("faulty/volunteers.xlsx").expect_code(1);
    let desk = build.run().desk;
    let payloads = audit(&desk, "out", "volunteers_data");
    assert_eq!(payloads.iter().map(Vec::len).sum::<usize>(), 101);
    assert!(desk.path("out/rejects.csv").exists());
    let manifest = desk.json("out/manifest.json");
    assert_eq!(manifest["version"], 1);
    assert_eq!(manifest["target"], "vome");
    assert_eq!(manifest["inputs"][0], "faulty/volunteers.xlsx");

    let desk = Import::new("build -o out").file("spring-intake/volunteers.xlsx").run().desk;
    assert_eq!(audit(&desk, "out", "volunteers_data").len(), 2, "1,000 people, 500 in a file");
    assert_eq!(
        desk.files("out").iter().filter(|name| !name.contains("payloads")).collect::<Vec<_>>(),
        ["out/manifest.json", "out/report.json"],
    );
}

#[test]
fn batches_never_hold_more_than_they_may() {
    let build = Import::new("build -o out --batch-size 7").text("people.csv", plain(50));
    let payloads = audit(&build.run().desk, "out", "volunteers_data");
    let sizes: Vec<usize> = payloads.iter().map(Vec::len).collect();
    assert_eq!(sizes, [7, 7, 7, 7, 7, 7, 7, 1]);

    let recipe = "[vome]\nbatch_bytes = 2000\n";
    let build = Import::new("build -o out").text("people.csv", plain(50)).recipe(recipe);
    let desk = build.run().desk;
    assert!(audit(&desk, "out", "volunteers_data").len() > 2);
    for (name, bytes) in bytes(&desk, "out/payloads") {
        assert!(bytes.len() <= 2000, "{name} has {} bytes", bytes.len());
    }

    let build = Import::new("build -o out --to omneo").text("people.csv", plain(1001));
    let payloads = audit(&build.run().desk, "out", "profiles");
    assert_eq!(payloads.iter().map(Vec::len).collect::<Vec<_>>(), [500, 500, 1]);
}

#[test]
fn a_batch_size_that_the_target_does_not_take_is_refused() {
    for (target, size) in [("omneo", "501"), ("omneo", "0"), ("vome", "0")] {
        let build = Import::new("build -o out").text("people.csv", plain(3)).expect_code(2);
        let done = build.args("--to").arg(target).args("--batch-size").arg(size).run();
        done.says(size);
        assert!(!done.desk.path("out").exists());
    }
    let recipe = "target = \"omneo\"\n[omneo]\nbatch_size = 501\n";
    let build = Import::new("build -o out").text("people.csv", plain(3)).recipe(recipe);
    build.expect_code(2).run().says("500");
}

#[test]
fn the_output_is_the_same_on_any_number_of_threads() {
    let desk = Desk::new();
    desk.write("people.csv", sheet(0x5eed, 60_000));
    let built = |threads: &str| {
        let build = Import::at(&desk, "build people.csv --quiet --threads").arg(threads);
        build.args("-o").arg(format!("out-{threads}")).expect_code(1).run();
        bytes(&desk, &format!("out-{threads}"))
    };
    let one = built("1");
    let payloads = audit(&desk, "out-1", "volunteers_data");
    let report = desk.json("out-1/report.json");
    let [rows, valid, rejected, _] = counts(&report);
    assert_eq!(rows, 60_000);
    assert!(rejected > 150, "the sheet has too few faults to prove anything");
    assert_eq!(payloads.iter().map(Vec::len).sum::<usize>() as u64, valid);
    for threads in ["2", "8"] {
        let other = built(threads);
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, bytes) in &one {
            assert!(*bytes == other[name], "{name} differs on {threads} threads");
        }
    }
}

#[test]
fn the_same_policies_decide_the_same_on_any_number_of_threads() {
    let desk = Desk::new();
    desk.write("people.csv", sheet(0xcafe, 15_000));
    for policy in ["first", "last", "merge"] {
        let built = |threads: &str| {
            let out = format!("{policy}-{threads}");
            let build = Import::at(&desk, "build people.csv --quiet --on-duplicate").arg(policy);
            build.args("--threads").arg(threads).args("-o").arg(&out).expect_code(1).run();
            bytes(&desk, &out)
        };
        assert!(built("1") == built("4"), "{policy}");
        audit(&desk, &format!("{policy}-1"), "volunteers_data");
    }
}

#[test]
fn a_csv_and_a_workbook_of_the_same_people_give_the_same_payloads() {
    let desk = Desk::new();
    for (file, out) in
        [("faulty/volunteers.csv", "from-csv"), ("faulty/volunteers.xlsx", "from-xlsx")]
    {
        let build = Import::at(&desk, "build --date-order dmy -o").arg(out).file(file);
        build.expect_code(1).run();
    }
    let (csv, xlsx) = (bytes(&desk, "from-csv/payloads"), bytes(&desk, "from-xlsx/payloads"));
    assert!(!csv.is_empty());
    assert!(csv == xlsx, "the payloads differ");
}

#[test]
fn a_large_csv_and_its_workbook_give_the_same_people() {
    // Blank lines are the one thing that a workbook made of records does not have.
    let csv = sheet(0xbeef, 5_000).replace("\n\n", "\n");
    let desk = Desk::new();
    desk.write("people.csv", &csv);
    desk.write("people.xlsx", workbook(&sheet_xml(&csv)));
    let report = |input: &str| {
        let build =
            Import::at(&desk, "build --quiet").arg(input).arg("-o").arg(format!("{input}-out"));
        build.expect_code(1).run();
        audit(&desk, &format!("{input}-out"), "volunteers_data");
        desk.json(format!("{input}-out/report.json"))
    };
    let (csv, xlsx) = (report("people.csv"), report("people.xlsx"));
    assert_eq!(csv["counts"], xlsx["counts"]);
    assert_eq!(found(&csv), found(&xlsx), "the same findings on the same rows");
    assert!(bytes(&desk, "people.csv-out/payloads") == bytes(&desk, "people.xlsx-out/payloads"));
}

#[test]
fn what_stands_in_front_of_a_fault_is_told_on_any_number_of_threads() {
    let desk = Desk::new();
    let cells = sheet_xml(&sheet(0xfa17, 5_000).replace("\n\n", "\n"));
    let broken = cells.replace("</sheetData>", "<row><c t=\"n\"><v>1,5</v></c></row></sheetData>");
    assert!(broken != cells);
    desk.write("people.xlsx", workbook(&broken));
    let told = |threads: &str| {
        let check = Import::at(&desk, "check people.xlsx --format jsonl --threads").arg(threads);
        check.expect_code(3).run().stdout
    };
    let one = told("1");
    assert!(one.lines().count() > 10, "so few findings prove nothing: {one}");
    for threads in ["2", "4", "2", "4"] {
        assert!(told(threads) == one, "{threads} threads tell something else");
    }
}

#[test]
fn rejects_can_be_mended_and_loaded_again() {
    let build = Import::new("build -o out --date-order dmy").file("faulty/volunteers.csv");
    let desk = build.expect_code(1).run().desk;
    let text = desk.read("out/rejects.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&headers).unwrap();
    let mut count = 0;
    for record in reader.records() {
        let record = record.unwrap();
        assert!(!record[0].is_empty(), "each row has its reason first");
        count += 1;
        // The reason is not taken away: whoever mends a sheet does not mend that.
        let mended = headers.iter().zip(&record).map(|(header, cell)| match header {
            "First Name" if cell.trim().is_empty() => "Ada".to_owned(),
            "Last Name" if cell.trim().is_empty() => "Larkspur".to_owned(),
            "E-mail" => format!("mended{count}@example.org"),
            "Mobile Phone" => "+1 514 555 0101".to_owned(),
            "Date of Birth" => "31/05/1988".to_owned(),
            "Gender" => "F".to_owned(),
            _ => cell.to_owned(),
        });
        writer.write_record(mended).unwrap();
    }
    assert_eq!(count, 19);
    desk.write("mended.csv", writer.into_inner().unwrap());
    let report = Import::at(&desk, "check mended.csv --date-order dmy --format json").run().json();
    assert_eq!(counts(&report), [19, 19, 0, 0]);
}

#[test]
fn a_rejected_row_comes_back_cell_by_cell() {
    let text = "First name,Last name,Email,Notes\n\
                \"Ada\nMaria\",\"Lark, spur\",nobody,\"a \"\"b\"\"\"\n";
    let build = Import::new("build -o out").text("people.csv", text).expect_code(1);
    let rejects = build.run().desk.read("out/rejects.csv");
    let mut reader = csv::Reader::from_reader(rejects.as_bytes());
    let record = reader.records().next().unwrap().unwrap();
    assert_eq!(
        record.iter().skip(1).collect::<Vec<_>>(),
        ["Ada\nMaria", "Lark, spur", "nobody", "a \"b\""]
    );
}

#[test]
fn an_apostrophe_against_formulas_is_taken_off_again() {
    let text = "First name,Last name,Email,Shirt\n=Ada,Lark,nobody,-2+3\n'Tis,Wren,none,+4\n";
    let build = Import::new("build -o out").text("people.csv", text).expect_code(1);
    let desk = build.run().desk;
    let rejects = desk.read("out/rejects.csv");
    assert!(
        rejects.contains(" (apostrophe added to B, E)\",\"'=Ada\",\"Lark\",\"nobody\",\"'-2+3\"\n"),
        "{rejects}"
    );
    assert!(rejects.contains(",\"'Tis\",\"Wren\",\"none\",\"+4\"\n"), "{rejects}");
    // A person who mends the addresses in a spreadsheet gets everything else back as it was.
    let mended = rejects.replace("nobody", "a@example.org").replace("\"none\"", "b@example.org");
    desk.write("mended.csv", mended);
    let rows = Import::at(&desk, "rows mended.csv --format json").run().json();
    let cells = |row: usize| rows["rows"][row]["cells"].as_array().unwrap()[1..].to_vec();
    assert_eq!(cells(1), ["=Ada", "Lark", "a@example.org", "-2+3"]);
    assert_eq!(cells(2), ["'Tis", "Wren", "b@example.org", "+4"]);
    let map = "build mended.csv -o again --map Shirt=custom:Shirt";
    Import::at(&desk, map).run();
    let people = desk.json("again/payloads/00001.json");
    let first = &people["volunteers_data"][0];
    assert_eq!(first["profile_data"]["first_name"], "=Ada");
    assert_eq!(first["custom_field_data"][0]["custom_field_user_value"], "-2+3");
}

#[test]
fn an_earlier_build_is_replaced_whole() {
    let desk = Desk::new();
    let build = |count: u32| Import::at(&desk, "build -o out").text("people.csv", plain(count));
    build(1_200).run();
    assert_eq!(desk.files("out/payloads").len(), 3);
    build(10).args("--force").run();
    assert_eq!(desk.files("out/payloads"), ["out/payloads/00001.json"]);
    audit(&desk, "out", "volunteers_data");
}

#[test]
fn payloads_go_into_a_folder_and_nowhere_else() {
    for (output, said) in [("-", "to standard output"), ("taken.txt", "is a file")] {
        let desk = Desk::new();
        desk.write("people.csv", plain(1));
        desk.write("taken.txt", "of somebody");
        let build = Import::at(&desk, "build people.csv -o").arg(output).expect_code(2).run();
        build.says(said).says("name a folder that is new or empty");
        assert_eq!(desk.read("taken.txt"), "of somebody");
        assert!(!desk.path("-").exists());
    }
}

#[test]
fn letters_of_columns_are_refused_where_rejected_rows_have_one_column_more() {
    let desk = Desk::new();
    let sheet = "Email,First,Last,Notes,Notes\nada@example.org,Ada,Ames,chess,vegan\n\
                 bo@bad,Bo,Bell,tea,nuts\n";
    let flags = "build --map E=custom:Diet -o";
    Import::at(&desk, flags).arg("one").text("people.csv", sheet).expect_code(1).run();
    let fixed = desk.read("one/rejects.csv").replace("bo@bad", "bo@example.org");
    let refused =
        Import::at(&desk, flags).arg("two").text("fixed.csv", &fixed).expect_code(2).run();
    refused.says("letters are not those of the sheet").says("take that column out");
    let without: Vec<&str> =
        fixed.lines().map(|line| line.split_once("\",\"").unwrap().1).collect();
    let without = format!("\"{}\n", without.join("\n\""));
    Import::at(&desk, flags).arg("two").text("fixed.csv", without).run();
    let payload = desk.read("two/payloads/00001.json");
    assert!(payload.contains("\"nuts\"") && !payload.contains("tea"), "{payload}");
}

#[test]
fn what_the_run_reads_and_what_others_have_put_there_is_not_replaced() {
    let desk = Desk::new();
    let sheet = "First name,Last name,Email\nAda,Ames,ada@example.org\nBo,,bo@example\n";
    Import::at(&desk, "build -o out").text("people.csv", sheet).expect_code(1).run();
    let rejects = desk.read("out/rejects.csv");
    let again = Import::at(&desk, "build out/rejects.csv -o out --force").expect_code(2).run();
    again.says("would replace its own input");
    assert_eq!(desk.read("out/rejects.csv"), rejects);
    desk.write("other/payloads/mine.txt", "mine");
    let other = Import::at(&desk, "build people.csv -o other --force").expect_code(2).run();
    other.says("mine.txt").says("would be lost");
    assert_eq!(desk.read("other/payloads/mine.txt"), "mine");
    desk.write("mine.txt", "target = \"vome\"\n");
    for (flags, lost) in [
        ("--recipe mine.txt --report mine.txt", "mine.txt"),
        ("--write-baseline new.json --report new.json", "new.json"),
    ] {
        let check = Import::at(&desk, "check people.csv").args(flags).expect_code(2).run();
        check.says(lost).says("which the run needs");
    }
    assert_eq!(desk.read("mine.txt"), "target = \"vome\"\n");
}
