//! Files in every encoding that people's systems write, made here byte by byte, and text that was
//! harmed by a wrong encoding before.

use encoding_rs::Encoding;
use serde_json::Value;

use crate::common::Import;

/// A people file in one of the encodings of the web's list.
fn web(label: &str, text: &str) -> Vec<u8> {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap();
    let (bytes, _, wrong) = encoding.encode(text);
    assert!(!wrong, "{label} lacks a letter of {text:?}");
    bytes.into_owned()
}

/// A people file in a code page that holds these letters at these bytes.
fn page(text: &str, letters: &[(char, u8)]) -> Vec<u8> {
    let byte = |c: char| match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => byte,
        _ => letters.iter().find(|(letter, _)| *letter == c).unwrap().1,
    };
    text.chars().map(byte).collect()
}

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn rows(args: &str, bytes: &[u8]) -> Value {
    Import::new(&format!("rows --format json {args}")).text("people.csv", bytes).run().json()
}

fn table(text: &str) -> Value {
    text.lines().map(|line| line.split(',').collect::<Vec<_>>()).collect::<Vec<_>>().into()
}

fn cells(shown: &Value) -> Value {
    let rows = shown["rows"].as_array().unwrap();
    rows.iter().map(|row| row["cells"].clone()).collect::<Vec<_>>().into()
}

fn codes(shown: &Value) -> Vec<&str> {
    let findings = shown["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

const WEST: &str = "Prénom,Nom,Email\nJosé,Muñoz,jose@example.org\nZoë,Müller,zoe@example.org\nFrançois,Bélanger,f@example.org\n";
const CENTRAL: &str = "Imię,Nazwisko,Email\nŁukasz,Wiśniewski,l@example.org\nMichał,Dąbrowski,m@example.org\nŻaneta,Zając,z@example.org\n";
const CYRILLIC: &str =
    "Имя,Фамилия,Email\nИван,Смирнов,i@example.org\nЕкатерина,Кузнецова,e@example.org\n";
const GREEK: &str =
    "Όνομα,Επώνυμο,Email\nΓιώργος,Παπαδόπουλος,g@example.org\nΕλένη,Νικολάου,e@example.org\n";
const TURKISH: &str = "Ad,Soyad,Email\nAyşe,Yılmaz,a@example.org\nGülşen,Çağlar,g@example.org\nIşık,Öztürk,i@example.org\n";
const JAPANESE: &str =
    "名,姓,Email\n太郎,田中,t@example.org\n花子,佐藤,h@example.org\nさくら,山本,s@example.org\n";
const KOREAN: &str =
    "이름,성,Email\n민준,김,m@example.org\n서연,이,s@example.org\n지훈,박,j@example.org\n";
const CHINESE: &str =
    "名字,姓,Email\n伟,王,w@example.org\n娜,李,n@example.org\n小明,张,m@example.org\n";

#[test]
fn files_of_any_encoding_are_read_and_every_guess_is_named() {
    let dos: &[(char, u8)] = &[('é', 0x82), ('ñ', 0xa4), ('ë', 0x89), ('ü', 0x81), ('ç', 0x87)];
    let old_mac: &[(char, u8)] = &[('é', 0x8e), ('ñ', 0x96), ('ë', 0x91), ('ü', 0x9f), ('ç', 0x8d)];
    let cases = [
        (WEST, web("windows-1252", WEST)),
        (WEST, page(WEST, dos)),
        (WEST, page(WEST, old_mac)),
        (CENTRAL, web("windows-1250", CENTRAL)),
        (CENTRAL, web("iso-8859-2", CENTRAL)),
        (CYRILLIC, web("windows-1251", CYRILLIC)),
        (CYRILLIC, web("koi8-r", CYRILLIC)),
        (CYRILLIC, web("iso-8859-5", CYRILLIC)),
        (CYRILLIC, web("ibm866", CYRILLIC)),
        (CYRILLIC, web("x-mac-cyrillic", CYRILLIC)),
        (GREEK, web("windows-1253", GREEK)),
        (GREEK, web("iso-8859-7", GREEK)),
        (TURKISH, web("windows-1254", TURKISH)),
        (JAPANESE, web("shift_jis", JAPANESE)),
        (JAPANESE, web("euc-jp", JAPANESE)),
        (JAPANESE, web("iso-2022-jp", JAPANESE)),
        (KOREAN, web("euc-kr", KOREAN)),
        (CHINESE, web("gb18030", CHINESE)),
    ];
    for (text, bytes) in cases {
        let shown = rows("", &bytes);
        assert_eq!(cells(&shown), table(text));
        assert_eq!(codes(&shown), ["encoding-guessed"], "{text}");
    }
}

#[test]
fn small_files_of_names_alike_in_several_encodings_are_told_apart() {
    let file = |names: &str| {
        let rows =
            names.split(' ').zip(0..).map(|(name, at)| format!("{name},p{at}@example.org\n"));
        std::iter::once("Name,Email\n".to_owned()).chain(rows).collect::<String>()
    };
    for (label, names) in [
        ("iso-8859-2", "JANEZ ALEŠ MATJAŽ TOMAŽ MILOŠ"),
        ("iso-8859-2", "TOMÁŠ NOVÁK LUKÁŠ MALÁ"),
        ("iso-8859-2", "Petrović Jovanović Nikolić"),
        ("windows-1250", "Kovačič Novak Kopač Črnčič"),
        ("windows-1250", "Točke Ročne Mačke Sončne"),
        ("windows-1250", "Babić Marić Perić"),
        ("windows-1252", "Hélène Gisèle père"),
        ("windows-1252", "Irène Marlène"),
        ("windows-1252", "Mercè Òscar"),
        ("windows-1252", "ACME® BETA™ Acme®"),
        ("windows-1252", "ITIL® PMP® Ada"),
        ("windows-1252", "ACME® Ada ACME® Bo ACME®"),
        ("windows-1252", "FANTA® NIVEA®"),
        ("windows-1252", "José LEGO®"),
        ("ibm850", "Björn LEGO® IKEA®"),
        ("windows-1252", "Foto© Ada"),
        ("windows-1252", "Joèle Martin"),
        ("ibm850", "Bruyère Martin"),
        ("windows-1252", "Verònica"),
        ("windows-1252", "Grècia"),
    ] {
        let text = file(names);
        let bytes = match label {
            "ibm850" => page(&text, &[('ö', 0x94), ('è', 0x8a), ('®', 0xa9)]),
            label => web(label, &text),
        };
        let shown = rows("", &bytes);
        assert_eq!(cells(&shown), table(&text), "{label}: {names}");
    }
}

#[test]
fn wide_characters_need_no_mark() {
    for text in [WEST, JAPANESE] {
        for bytes in [wide(text, u16::to_le_bytes), wide(text, u16::to_be_bytes)] {
            let shown = rows("", &bytes);
            assert_eq!((cells(&shown), codes(&shown).len()), (table(text), 0));
        }
        let utf32: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert_eq!(cells(&rows("", &utf32)), table(text));
    }
}

#[test]
fn marks_that_stand_twice_or_say_what_is_not_so_do_no_harm() {
    let twice = format!("\u{feff}\u{feff}{WEST}");
    assert_eq!(cells(&rows("", twice.as_bytes())), table(WEST));
    let mut wrong = b"\xef\xbb\xbf".to_vec();
    wrong.extend(web("windows-1252", WEST));
    let shown = rows("", &wrong);
    assert_eq!((cells(&shown), codes(&shown)), (table(WEST), vec!["encoding-guessed"]));
    let mut narrow = b"\xff\xfe".to_vec();
    narrow.extend_from_slice(b"Name,Email\nAnn,ann@example.org\nBob,bob@example.org\n");
    assert_eq!(cells(&rows("", &narrow))[1], serde_json::json!(["Ann", "ann@example.org"]));
}

#[test]
fn the_user_decides_by_any_usual_name() {
    let dos = page(WEST, &[('é', 0x82), ('ñ', 0xa4), ('ë', 0x89), ('ü', 0x81), ('ç', 0x87)]);
    for label in ["cp850", "IBM437", "dos-850", "858"] {
        let shown = rows(&format!("--encoding {label}"), &dos);
        assert_eq!((cells(&shown), codes(&shown).len()), (table(WEST), 0), "{label}");
    }
    Import::new("rows --encoding utf-99").text("a.csv", "a,b\n").expect_code(2).run();
}

#[test]
fn inspect_shows_the_evidence_and_what_came_second() {
    let file = web("windows-1252", WEST);
    let shown = Import::new("inspect --format json").text("people.csv", &file).run().json();
    let evidence = &shown["inputs"][0]["encoding_evidence"];
    assert_eq!(evidence["words"][0], "Prénom");
    let second = &evidence["runner_up"];
    assert!(second["against"].is_string() && second["words"][0] != "Prénom", "{evidence}");
    let page = Import::new("inspect").text("people.csv", &file).run().stdout;
    assert!(page.contains("windows-1252") && page.contains("confidence"), "{page}");
}

#[test]
fn scrambled_text_is_rejected_with_what_it_should_read() {
    let text = "PrÃ©nom,Last name,Email\nJosÃ©,Lee,jose@example.org\nSão,Ângela,a@example.org\nJos&eacute;,Ny,j@example.org\n";
    let report = Import::new("check --to vome --format json")
        .text("people.csv", text)
        .expect_code(1)
        .run()
        .json();
    let found: Vec<(&str, Value, Value)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["code"].as_str().unwrap(), f["row"].clone(), f["fix"]["after"].clone()))
        .collect();
    let fix = Value::from;
    assert_eq!(
        found,
        [
            ("header-damaged", 1.into(), fix("Prénom")),
            ("file-mojibake", 1.into(), Value::Null),
            ("text-mojibake", 2.into(), fix("José")),
            ("text-escaped", 4.into(), fix("José")),
        ]
    );
    assert_eq!(report["inputs"][0]["columns"][0]["field"], "first_name");
    assert_eq!(report["counts"]["valid"], 2);
    let shown = rows("", text.as_bytes());
    assert!(codes(&shown).contains(&"text-mojibake"), "{shown}");
    assert_eq!(cells(&shown), table(text));
}

#[test]
fn cells_of_another_encoding_come_with_their_reading() {
    let mut text = "Prénom,Last name,Email\nZoë,Müller,z@example.org\n".as_bytes().to_vec();
    text.extend_from_slice(b"Jos\xe9,Lee,jose@example.org\nBad\x81,Lee,b@example.org\n");
    let report = Import::new("check --to vome --format json")
        .text("people.csv", &text)
        .expect_code(1)
        .run()
        .json();
    let shown = rows("", &text);
    for found in [&report["findings"], &shown["findings"]] {
        assert_eq!(found[0]["code"], "cell-damaged");
        let fix = serde_json::json!({ "before": "Jos\u{fffd}", "after": "José", "applied": false });
        assert_eq!(found[0]["fix"], fix);
        assert!(found[1]["fix"].is_null(), "{found}");
    }
}

/// People behind others who fill the first part of a file, by which it is taken for UTF-8, and the findings of two
/// verbs: of one that can begin anew, and of one that reads the whole first.
fn behind_a_first_part(people: &[u8]) -> (Value, Value) {
    let header = "First name,Last name,Email\nZoë,Müller,z@example.org\n".to_owned();
    let filling = (0..9000).map(|number| format!("Ada,Larkspur,ada{number}@example.org\n"));
    let text = std::iter::once(header).chain(filling).collect::<String>();
    let text = [text.as_bytes(), people].concat();
    let check = Import::new("check --to vome --format json");
    let certain = check.text("people.csv", &text).start().finish_with_any_code().json();
    let build = Import::new("build --to vome -o out").text("people.csv", &text);
    let done = build.start().finish_with_any_code();
    assert!(!done.desk.files("out").iter().any(|file| file.contains("partial")));
    let built = done.desk.json("out/report.json");
    assert_eq!(built["findings"], certain["findings"]);
    let last = done.desk.files("out/payloads").pop().unwrap();
    (certain, done.desk.json(last))
}

#[test]
fn what_the_first_part_of_a_file_promised_is_not_held_against_the_rest() {
    let many = b"Jos\xe9 \xe0\xe8\xe9,Mu\xf1oz,jose@example.org\n";
    let (report, payload) = behind_a_first_part(many);
    assert_eq!(report["findings"][0]["code"], "encoding-guessed");
    assert!(payload.to_string().contains("José àèé"), "{payload}");
    for (one, codes) in [
        ("Noël,Lee,noel@example.org\n".as_bytes(), &[][..]),
        (b"Noe\xcc\x88l,Lee,noel@example.org\nJos\xe9,Lee,jose@example.org\n", &["cell-damaged"]),
        (b"Jos\xe9", &["cell-damaged"]),
    ] {
        let (report, _) = behind_a_first_part(one);
        let found = report["findings"].as_array().unwrap().iter();
        let found: Vec<&str> = found.map(|finding| finding["code"].as_str().unwrap()).collect();
        assert!(codes.iter().all(|code| found.contains(code)), "{found:?}");
        assert!(!found.contains(&"encoding-guessed"), "{found:?}");
    }
}

#[test]
fn headers_of_another_encoding_keep_their_columns() {
    let mut text = b"Pr\xe9nom,Last name,Email\n".to_vec();
    text.extend_from_slice("Zoë,Müller,z@example.org\nJosé,Muñoz,j@example.org\n".as_bytes());
    let report =
        Import::new("check --to vome --format json").text("people.csv", &text).run().json();
    assert_eq!(report["findings"][0]["code"], "header-damaged");
    assert_eq!(report["inputs"][0]["columns"][0]["field"], "first_name");
    assert_eq!(report["counts"]["valid"], 2);
}
