//! What the values of a row say, alone and together: phones with their countries, dates in words, names,
//! choices of a few words, fields that belong to each other.

use std::fmt::Write as _;

use serde_json::Value;

use crate::common::{Desk, Done, Import, counts, found};

/// A CSV of people whose last columns hold these values.
fn text(headers: &str, rows: &[&str]) -> String {
    let mut text = format!("First name,Last name,Email,{headers}\n");
    for (index, cells) in rows.iter().enumerate() {
        writeln!(text, "Ada,Larkspur,p{index}@example.org,{cells}").unwrap();
    }
    text
}

fn omneo(content: impl AsRef<[u8]>, flags: &str, code: i32) -> (Done, Value) {
    let import = Import::new("build -o out --format json --to omneo").text("people.csv", content);
    let done = import.args(flags).expect_code(code).run();
    let report = done.json();
    (done, report)
}

/// The profiles of the payload, each reduced to the value at a place.
fn sent(done: &Done, place: &str) -> Vec<Value> {
    let payload = done.desk.json("out/payloads/00001.json");
    let people = payload["profiles"].as_array().unwrap();
    people.iter().map(|one| one.pointer(place).cloned().unwrap_or_default()).collect()
}

const PHONES: [&str; 4] =
    ["0491 570 006,Australia", "+61 491 570 110,", "020 7946 0123,GB", "01 99 00 12 34,France"];

#[test]
fn each_person_has_the_country_of_their_row() {
    let (done, report) = omneo(text("Mobile,Country", &PHONES), "", 0);
    assert_eq!(found(&report), []);
    let expected = ["+61491570006", "+61491570110", "+442079460123", "+33199001234"];
    assert_eq!(sent(&done, "/mobile_phone"), expected);
    let inspect =
        Import::new("inspect --to omneo").text("people.csv", text("Mobile,Country", &PHONES)).run();
    let page = &inspect.stdout;
    assert!(page.contains("country from column E \"Country\""), "{page}");
}

#[test]
fn a_blank_country_is_the_default_and_an_unknown_one_is_none() {
    let rows = ["0491 570 006,", "020 7946 0123,GB", "0491 570 110,Narnia", "0491 570 156,AU"];
    let sheet = || text("Mobile,Nationality", &rows);
    let flags = "--default-region AU --region-column Nationality";
    let (done, report) = omneo(sheet(), flags, 1);
    assert_eq!(found(&report), [(4, "phone-no-country")]);
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("\"Narnia\" under \"Nationality\""), "{message}");
    let expected = ["+61491570006", "+442079460123", "+61491570156"];
    assert_eq!(sent(&done, "/mobile_phone"), expected);
    let in_recipe = Import::new("build -o out --to omneo --default-region AU")
        .text("people.csv", sheet())
        .recipe("[phones]\nregion_column = \"E\"\n")
        .expect_code(1)
        .run();
    assert_eq!(sent(&in_recipe, "/mobile_phone"), expected);
}

#[test]
fn signs_of_cars_and_country_codes_of_numbers_say_the_country() {
    // One in ten is enough for a country to be asked about, and not for the default to be taken unasked.
    let rows = ["044 668 18 00,CH", "030 23125 000,D", "01 234567890,a", "030 23125 111,Nowhere"];
    let (done, report) = omneo(text("Mobile,Land", &rows), "--default-region CH", 1);
    assert_eq!(found(&report), [(5, "phone-no-country")]);
    let expected = ["+41446681800", "+493023125000", "+431234567890"];
    assert_eq!(sent(&done, "/mobile_phone"), expected);
    // A number under a country may be anything, and E, S and W are parts of Britain.
    let rows = ["0491 570 006,1", "0491 570 110,2", "0491 570 156,380"];
    let (done, report) = omneo(text("Mobile,Country", &rows), "--default-region AU", 0);
    assert_eq!(found(&report), []);
    assert_eq!(sent(&done, "/mobile_phone"), ["+61491570006", "+61491570110", "+61491570156"]);
    let rows = ["020 7946 0123,E", "020 7946 0124,S"];
    let (_, report) = omneo(text("Mobile,Nation", &rows), "--default-region GB", 0);
    assert_eq!(found(&report), []);
    // The code of a number goes before the country in which somebody lives.
    let rows = ["044 668 18 00,+41,France", "030 23125 000,0049,CH", "020 7946 0123,44,CH"];
    let sheet = text("Mobile,Dial code,Country", &rows);
    let (done, report) = omneo(sheet, "--default-region CH", 0);
    assert_eq!(found(&report), []);
    let expected = ["+41446681800", "+493023125000", "+442079460123"];
    assert_eq!(sent(&done, "/mobile_phone"), expected);
}

#[test]
fn the_column_of_countries_can_be_refused_and_must_be_there() {
    let (_, report) = omneo(text("Mobile,Country", &PHONES), "--region-column -", 1);
    assert_eq!(counts(&report), [4, 1, 3, 0]);
    let check = || Import::new("check").text("people.csv", text("Mobile,Land", &PHONES));
    check().args("--region-column Lande").expect_code(2).run().says("did you mean \"Land\"?");
    check().args("--region-column Zone").expect_code(2).run().says("no column \"Zone\"");
    // Most of the values are no countries: the header alone decides nothing.
    let states = ["0491 570 006,Victoria", "0491 570 110,Tasmania", "0491 570 156,Australia"];
    let (_, report) = omneo(text("Mobile,Country", &states), "", 1);
    assert_eq!(counts(&report), [3, 0, 3, 0]);
}

#[test]
fn labels_several_numbers_and_extensions_are_told_apart() {
    let rows = [
        "Mob: 0491 570 006",
        "0491 570 110 / 0491 570 156",
        "02 5550 1234 ext. 12",
        "1-800-FLOWERS",
    ];
    let (_, report) = omneo(text("Mobile", &rows), "--default-region AU", 1);
    let expected =
        [(2, "phone-repaired"), (3, "phone-several"), (4, "phone-extension"), (5, "phone-syntax")];
    assert_eq!(found(&report), expected);
}

#[test]
fn a_number_is_the_same_whatever_a_program_put_around_it() {
    let rows = [
        "\u{202a}+61 491 570 006\u{202c}",
        "+61\u{200e} 491 570 110",
        "tel:+61-491-570-156",
        "0491 570 157 (mobile)",
        "0061 491 570 158",
        "\u{202e}+61 491 570 159",
        "0491 570 31?",
    ];
    let (done, report) = omneo(text("Mobile", &rows), "--default-region AU", 1);
    let expected = [
        (2, "text-repaired"),
        (4, "phone-repaired"),
        (5, "phone-repaired"),
        (7, "text-hidden"),
        (8, "phone-syntax"),
    ];
    assert_eq!(found(&report), expected);
    let numbers = ["006", "110", "156", "157", "158"].map(|end| format!("+61491570{end}"));
    assert_eq!(sent(&done, "/mobile_phone"), numbers);
    // Of which number a sign is gone, nothing says.
    let rows = ["62811778998", "0811778997"];
    let (_, report) = omneo(text("Mobile", &rows), "--default-region ID", 0);
    assert_eq!(found(&report), [(2, "zeros-doubtful")]);
    assert!(report["findings"][0]["message"].as_str().unwrap().contains("+62811778998"));
}

#[test]
fn numbers_without_a_zero_in_front_get_none() {
    let import = Import::new("build -o out --format json --to vome --default-region AU");
    let rows = text("Phone", &["1300 975 707", "13 00 00 0", "491 570 006"]);
    let done = import.text("people.csv", rows).run();
    assert_eq!(found(&done.json()), [(4, "zeros-restored")]);
    let payload = done.desk.read("out/payloads/00001.json");
    for number in ["\"1300975707\"", "\"1300000\"", "\"0491570006\""] {
        assert!(payload.contains(number), "{payload}");
    }
}

#[test]
fn short_words_are_understood_in_many_languages() {
    let rows = [
        "weiblich,J,\"Korea, Republic of\",1 High St,Town,0123",
        "Hombre,Да,Ελλάδα,1 High St,Town,0123",
        "ж,いいえ,Magyarország,1 High St,Town,0123",
        "divers,Hayır,Norge,1 High St,Town,0123",
    ];
    let flags = "--map Gender=gender --map Mails=email_promo --map Land=addresses.1.country \
                 --map Street=addresses.1.address_line_1 --map Town=addresses.1.city --map Zip=addresses.1.postcode";
    let (done, report) = omneo(text("Gender,Mails,Land,Street,Town,Zip", &rows), flags, 0);
    assert_eq!(found(&report), [(1, "field-alone")], "an address has no state");
    assert_eq!(sent(&done, "/gender"), ["female", "male", "female", "other"]);
    assert_eq!(sent(&done, "/comms_attributes/email_promo"), [true, true, false, false]);
    assert_eq!(sent(&done, "/addresses/0/country"), ["KR", "GR", "HU", "NO"]);
}

#[test]
fn days_of_digits_alone_prove_the_order_of_their_column() {
    let rows = ["31051988", "05061990", "6071980", "Thu 06/09/1990"];
    let (done, report) = omneo(text("Date of birth", &rows), "", 0);
    assert_eq!(found(&report), [(4, "zeros-restored")]);
    assert_eq!(sent(&done, "/birth_day"), [31, 5, 6, 6]);
    assert_eq!(sent(&done, "/birth_month"), [5, 6, 7, 9]);
    let (_, report) = omneo(text("Date of birth", &rows[1..3]), "", 1);
    let expected = [(1, "date-order-open"), (2, "date-ambiguous"), (3, "date-ambiguous")];
    assert_eq!(found(&report), expected);
}

#[test]
fn dates_in_words_keep_their_day_and_tell_their_doubts() {
    let rows = [
        "\"Wed, July 10, '96\"",
        "3rd of May 2001",
        "\"Tues 9th Aug, 2015\"",
        "2014年9月4日",
        "12 mai 2533",
        "3 lip 2001",
    ];
    let (done, report) = omneo(text("Date of birth", &rows), "", 1);
    let expected =
        [(2, "date-century"), (4, "date-weekday"), (6, "date-range"), (7, "date-syntax")];
    assert_eq!(found(&report), expected);
    let range = &report["findings"][2]["help"];
    assert!(range.as_str().unwrap().contains("1990"), "{range}");
    assert_eq!(sent(&done, "/birth_day"), [10, 3, 9, 4]);
    assert_eq!(sent(&done, "/birth_month"), [7, 5, 8, 9]);
}

#[test]
fn a_birthday_may_come_in_parts_that_belong_together() {
    let rows = ["31,May,1990", "29,2,", "30,février,1990", ",5,1990", "3,,1990", "32,5,1990"];
    let headers = "Day of birth,Month of birth,Year of birth";
    let (done, report) = omneo(text(headers, &rows), "", 1);
    let expected = [
        (4, "date-impossible"),
        (5, "field-incomplete"),
        (6, "field-incomplete"),
        (6, "field-alone"),
        (7, "number-range"),
    ];
    assert_eq!(found(&report), expected);
    assert_eq!(sent(&done, "/birth_day"), [31, 29]);
    assert_eq!(sent(&done, "/birth_year"), [Value::from(1990), Value::Null]);
    let twice = text("Birthday,Year of birth", &["1990-05-31,1991"]);
    let (done, report) = omneo(twice, "", 0);
    assert_eq!(found(&report), [(2, "field-twice")]);
    assert_eq!(sent(&done, "/birth_year"), [1990]);
}

#[test]
fn a_consent_and_its_time_and_an_address_are_whole_or_refused() {
    let flags = "--map When=email_consent_updated_at --map Mails=email_promo";
    let rows = ["2024-05-01T09:30:00Z,yes", "2024-05-01,", ",✗"];
    let build = Import::new("build -o out --format json --to omneo");
    let build = build.text("people.csv", text("When,Mails", &rows)).args(flags);
    let recipe = "[omneo]\nconsent_is_customer_act = true\n";
    let done = build.recipe(recipe).expect_code(1).run();
    assert_eq!(found(&done.json()), [(3, "field-incomplete")]);
    let comms = sent(&done, "/comms_attributes");
    assert_eq!(comms[0]["email_consent_updated_at"], "2024-05-01T09:30:00Z");
    assert_eq!(comms[1]["email_promo"], false);

    let flags = "--map Street=addresses.1.address_line_1 --map Town=addresses.1.city \
                 --map Zip=addresses.1.postcode --map Land=addresses.1.country";
    let rows =
        ["1 Rowan Ct,Perth,0800,Australien", "2 Rowan Ct,Perth,0800,", "3 Elm St,X,1,Narnia"];
    let (done, report) = omneo(text("Street,Town,Zip,Land", &rows), flags, 1);
    let codes = found(&report);
    assert!(codes.contains(&(3, "field-incomplete")) && codes.contains(&(4, "country-unknown")));
    assert!(
        !codes.contains(&(4, "field-incomplete")),
        "the country itself is the fault: {codes:?}"
    );
    assert_eq!(sent(&done, "/addresses/0/country"), ["AU"]);
    assert_eq!(sent(&done, "/addresses/0/postcode"), ["0800"]);
}

#[test]
fn an_emergency_contact_has_a_name() {
    let sheet = text(
        "Emergency contact,Emergency phone,Medical information,Has medical information",
        &["Bo,+61491570006,asthma,yes", ",+61491570006,,", "Bo,,asthma,no"],
    );
    let done = Import::new("check --format json").text("people.csv", sheet).run();
    assert_eq!(found(&done.json()), [(3, "field-alone"), (4, "field-unsuited")]);
}

#[test]
fn short_values_are_understood_and_near_misses_proposed() {
    let rows = [
        "Euro,https://example.org/a",
        "$,www.example.org/a",
        "DEM,javascript:alert(1)",
        "A$,https://münchen.example/é",
    ];
    let (done, report) = omneo(text("Currency,Avatar", &rows), "", 1);
    let found = found(&report);
    assert_eq!(found.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [3, 3, 4, 4]);
    let fixes: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().map(|one| &one["fix"]["after"]).collect();
    assert_eq!(fixes[1], "https://www.example.org/a");
    assert_eq!(fixes[2], "EUR");
    assert_eq!(sent(&done, "/currency"), ["EUR", "AUD"]);
}

#[test]
fn names_that_are_none_or_two_are_told() {
    let sheet = "First name,Last name,Email\n\
                 ada@example.org,Larkspur,a@example.org\n\
                 Ann & Bob,Larkspur,b@example.org\n\
                 Mr John,Larkspur,c@example.org\n\
                 Unbekannt,Larkspur,d@example.org\n\
                 McKay,de la Cruz,e@example.org\n";
    let done = Import::new("check --format json").text("people.csv", sheet).run();
    let expected =
        [(2, "name-address"), (3, "name-several"), (4, "name-title"), (5, "name-placeholder")];
    assert_eq!(found(&done.json()), expected);
}

#[test]
fn full_names_under_a_header_with_the_family_name_first_show_which_it_is() {
    // Nine of ten show it, so that the column is taken; what does not is never guessed.
    let names = [
        "DUPONT Marie",
        "DE LA TOUR Jean-Pierre",
        "\"Larkspur, Ada\"",
        "MARTIN Zoé",
        "山田 太郎",
        "VALE Otis",
        "NÚÑEZ Ana",
        "ROY Luc",
        "GAGNON Léa",
        "Smith John",
    ];
    let mut sheet = String::from("Nom/Prénom,Courriel\n");
    for (index, name) in names.iter().enumerate() {
        writeln!(sheet, "{name},p{index}@example.org").unwrap();
    }
    let (done, report) = omneo(&sheet, "", 1);
    assert_eq!(counts(&report), [10, 9, 1, 0]);
    assert_eq!(found(&report), [(11, "name-split")]);
    let given = ["Marie", "Jean-Pierre", "Ada", "Zoé", "太郎", "Otis", "Ana", "Luc", "Léa"];
    assert_eq!(sent(&done, "/first_name"), given);
    assert_eq!(sent(&done, "/last_name")[1], "DE LA TOUR");
    assert_eq!(sent(&done, "/last_name")[4], "山田");

    // Nor where the column is named, as `inspect --write-recipe` does.
    let (_, report) = omneo(&sheet, "--map Nom/Prénom=full_name", 1);
    assert_eq!(found(&report), [(11, "name-split")]);
    // Nor where none of the few shows it, as in the file of those who were refused.
    let few = "Nom/Prénom,Courriel\nSmith John,a@example.org\nVale Ada,b@example.org\n";
    let (_, report) = omneo(few, "--map Nom/Prénom=full_name", 1);
    assert_eq!(found(&report), [(2, "name-split"), (3, "name-split")]);
    let help = report["findings"][0]["help"].as_str().unwrap();
    assert!(help.contains("--map 'Nom/Prénom=full_name:family_first'"), "{help}");
    // Whoever says which name stands first is believed.
    let (done, _) = omneo(few, "--map Nom/Prénom=full_name:family_first", 0);
    assert_eq!(sent(&done, "/first_name"), ["John", "Ada"]);
    let turned = "Nom/Prénom,Courriel\nJohn Smith,a@example.org\nAda Vale,b@example.org\n";
    let (done, _) = omneo(turned, "--map Nom/Prénom=full_name:given_first", 0);
    assert_eq!(sent(&done, "/first_name"), ["John", "Ada"]);

    let (done, _) = omneo("氏名,メール\n山田 太郎,a@example.org\n佐藤 花子,b@example.org\n", "", 0);
    assert_eq!(sent(&done, "/first_name"), ["太郎", "花子"]);
    // What counts is the name as it is judged, and only what is a name of two parts.
    let wide = "氏名,メール\n山田\u{3000}太郎,a@example.org\n佐藤\u{3000}花子,b@example.org\n";
    let (done, _) = omneo(wide, "", 0);
    assert_eq!(sent(&done, "/last_name"), ["山田", "佐藤"]);
    let uneven = "Nom et prénom,Courriel\nDUPONT  Marie,a@example.org\nROY\u{a0}Luc,b@example.org\n\
                  -,c@example.org\nLI Wei,d@example.org\n";
    let (done, report) = omneo(uneven, "", 1);
    assert_eq!(sent(&done, "/last_name"), ["DUPONT", "ROY"]);
    assert_eq!(found(&report).iter().filter(|it| it.1 == "name-split").count(), 2);
}

#[test]
fn a_recipe_says_which_name_stands_first() {
    let desk = Desk::new();
    desk.write(
        "few.csv",
        "Nom et prénom,Courriel\nVale Ada,a@example.org\nRoy Luc,b@example.org\n",
    );
    // Nothing in the file shows which it is. Where people need names the run stops, and says how to say it; where
    // they do not, it is told that theirs are left out.
    let stopped = Import::at(&desk, "check few.csv --to vome").expect_code(2).run();
    stopped.says("--map 'Nom et prénom=full_name:family_first'");
    let report = Import::at(&desk, "check few.csv --to omneo --format json").run().json();
    assert_eq!(found(&report), [(1, "name-order")]);
    let help = report["findings"][0]["help"].as_str().unwrap();
    assert!(help.contains("--map 'Nom et prénom=full_name:given_first'"), "{help}");
    let inspect = Import::at(&desk, "inspect few.csv --to omneo --write-recipe=names.toml");
    inspect.arg("--map").arg("Nom et prénom=full_name:family_first").run();
    let recipe = desk.read("names.toml");
    assert!(recipe.contains("\"Nom et prénom\" = \"full_name:family_first\""), "{recipe}");
    let done = Import::at(&desk, "build few.csv --recipe names.toml -o out").run();
    assert_eq!(sent(&done, "/first_name"), ["Ada", "Luc"]);

    // Some of them show it: those may be sent, and the others refused.
    let some = "Nom et,Courriel\nprénom,\nVale Ada,a@example.org\nROY Luc,b@example.org\n";
    desk.write("some.csv", some);
    let report = Import::at(&desk, "check some.csv --to omneo --header-row 1-2 --format json");
    let report = report.run().json();
    let help = report["findings"][0]["help"].as_str().unwrap();
    assert!(help.contains("refuse the others: --map 'Nom et prénom=full_name'"), "{help}");
    // Only what splits the names is offered: nothing where they have not two parts, and the order where a column of
    // given names stands beside them.
    desk.write("jp.csv", "メール,氏名\na@example.org,山田太郎\nb@example.org,佐藤花子\n");
    let report = Import::at(&desk, "check jp.csv --to omneo --format json").run().json();
    assert_eq!(report["findings"][0]["help"], "give first and last name a column each");
    let beside = "Courriel,Prénom,Nom et prénom\na@example.org,Ada,Vale Ada\n";
    desk.write("beside.csv", beside);
    let stopped = Import::at(&desk, "check beside.csv --to vome").expect_code(2).run();
    stopped.says("--map 'Nom et prénom=full_name:family_first'");
    // Two such columns are told once each.
    let two = "Nom et prénom,\"Last, First\",Courriel\nVale Ada,Vale Ada,a@example.org\n";
    desk.write("two.csv", two);
    let report = Import::at(&desk, "check two.csv --to omneo --format json").run().json();
    assert_eq!(found(&report), [(1, "name-order"), (1, "name-order")]);
    // Where another thing speaks against the column, nothing is said of names.
    let mut mail = String::from("Nom et prénom,Courriel\n");
    for number in 0..6 {
        writeln!(mail, "x{number}@example.org,a{number}@example.org").unwrap();
    }
    desk.write("mail.csv", mail);
    let report = Import::at(&desk, "check mail.csv --to omneo --format json").run().json();
    assert_eq!(found(&report), []);

    // A slip is told, with what may be said.
    let slip = Import::at(&desk, "check few.csv --to omneo --map A=full_name:last_first");
    slip.expect_code(2).run().says("`full_name:family_first` or `full_name:given_first`");

    // The sheet to fill in has its example as the recipe has it read.
    let text = "target = \"omneo\"\n[columns]\n\"Nom et prénom\" = \"full_name\"\n";
    desk.write("form.toml", text);
    Import::at(&desk, "template --recipe form.toml -o form.csv").run();
    assert!(desk.read("form.csv").contains("\"Sample, Kim\""), "{}", desk.read("form.csv"));
    let report = Import::at(&desk, "check --format json form.csv --recipe form.toml").run().json();
    assert_eq!(counts(&report), [1, 0, 0, 1]);
}

#[test]
fn swapped_names_are_told_once_and_never_changed() {
    let people = ["Larkspur,Ada", "Vale,Otis", "Birch,Petra", "Moss,Karl", "Reed,Mona", "Fern,Bo"];
    let sheet = |address: &dyn Fn(usize, &str, &str) -> String| {
        let mut text = String::from("First name,Last name,Email\n");
        for (index, names) in people.iter().enumerate() {
            let (first, last) = names.split_once(',').unwrap();
            writeln!(text, "{names},{}", address(index, first, last)).unwrap();
        }
        text
    };
    let codes = |text: String| {
        let done = Import::new("check --format json").text("people.csv", text).run();
        let report = done.json();
        found(&report).into_iter().map(|(row, code)| (row, code.to_owned())).collect::<Vec<_>>()
    };
    let houses = ["example.org", "example.net"];
    let turned =
        |index: usize, first: &str, last: &str| format!("{last}.{first}@{}", houses[index % 2]);
    assert_eq!(codes(sheet(&turned)), [(1, "name-swapped".to_owned())]);
    // One house may write its addresses so; and so they are the right way round.
    let of_one = |_: usize, first: &str, last: &str| format!("{last}.{first}@example.org");
    assert_eq!(codes(sheet(&of_one)), []);
    let straight =
        |index: usize, first: &str, last: &str| format!("{first}.{last}@{}", houses[index % 2]);
    assert_eq!(codes(sheet(&straight)), []);

    let mut full = String::from("First name,Last name,Email,Full name\n");
    let mut capitals = String::from("First name,Last name,Email\n");
    for (index, names) in people.iter().cycle().take(24).enumerate() {
        let (first, last) = names.split_once(',').unwrap();
        writeln!(full, "{names},p{index}@example.org,{last} {first}").unwrap();
        writeln!(capitals, "{first},{},p{index}@example.org", last.to_uppercase()).unwrap();
    }
    // Under a header with the family name first they are the right way round.
    let straight = full.replace("Full name", "\"Last, First\"");
    assert_eq!(codes(straight), []);
    assert_eq!(codes(full), [(1, "name-swapped".to_owned())]);
    assert_eq!(codes(capitals), [(1, "name-capitals".to_owned())]);
}

#[test]
fn m_beside_h_is_no_gender_until_somebody_says_which() {
    let sheet = |letters: &[&str]| {
        let mut sheet = String::from("Nombre,Apellido,Correo,Sexo\n");
        for (number, letter) in (1..).zip(letters) {
            writeln!(sheet, "Ada,Vale,p{number}@example.org,{letter}").unwrap();
        }
        sheet
    };
    let check = |letters: &[&str], code: i32| {
        let check = Import::new("check --format json").text("people.csv", sheet(letters));
        let report = check.expect_code(code).run().json();
        let found = report["findings"].as_array().unwrap().clone();
        found.iter().map(|it| it["row"].as_u64().unwrap()).collect::<Vec<u64>>()
    };
    assert_eq!(check(&["H", "M", "H", "m"], 1), [3, 5]);
    assert!(check(&["H", "F", "H"], 0).is_empty());
    assert!(check(&["M", "F", "M"], 0).is_empty());
    assert!(check(&["H", "M", "F"], 0).is_empty());
    assert_eq!(check(&["Hombre", "Mujer", "M"], 1), [4]);
    assert!(check(&["Homme", "Femme", "M"], 0).is_empty());
    // Sorted by gender, the first rows show one letter alone.
    let sorted = [vec!["M"; 1_200], vec!["H"; 3]].concat();
    assert_eq!(check(&sorted, 1).len(), 1_200);
    let said = Import::new("check").text("people.csv", sheet(&["H", "M"]));
    said.recipe("[values.gender]\nM = \"Female\"\n").run();
    // V is a man in Spanish and a woman in Dutch; who says so of V says so of M.
    assert_eq!(check(&["M", "M", "V"], 1), [2, 3, 4]);
    let said = |word: &str, code: i32| {
        let check = Import::new("check").text("people.csv", sheet(&["V", "M"]));
        check.recipe(&format!("[values.gender]\nV = \"{word}\"\n")).expect_code(code).run()
    };
    said("Female", 0);
    said("Male", 1);
    // 1 and 2 are codes of Vome's own, and those of the standard for sexes.
    assert_eq!(check(&["1", "2", "1"], 1), [2, 3, 4]);
    assert!(check(&["0", "1", "2"], 0).is_empty());
    assert!(check(&["1", "1"], 0).is_empty());
    let said = Import::new("check").text("people.csv", sheet(&["1", "2"]));
    said.recipe("[values.gender]\n1 = \"Male\"\n2 = \"Female\"\n").run();
}

#[test]
fn letters_of_genders_are_those_of_the_sheets_language() {
    let build = |header: &str, letters: &[&str], code: i32| {
        let import = Import::new("build -o out --format json --to vome");
        import.text("people.csv", text(header, letters)).expect_code(code).run()
    };
    let genders = |done: &Done| -> Vec<Value> {
        let payload = done.desk.json("out/payloads/00001.json");
        let people = payload["volunteers_data"].as_array().unwrap();
        people.iter().map(|one| one["profile_data"]["gender"].clone()).collect()
    };
    // Dutch: vrouw and man.
    assert_eq!(genders(&build("Geslacht", &["V", "M", "v"], 0)), [1, 0, 1]);
    // Spanish or Portuguese, or neither: nobody can tell.
    let open = build("Sexo", &["V", "M", "V"], 1).json();
    assert_eq!(counts(&open), [3, 0, 3, 0]);
    // Hungarian: nő and férfi.
    let open = build("Gender", &["N", "F", "F"], 1).json();
    assert!(found(&open).iter().all(|(_, code)| *code == "choice-unknown"), "{open}");
    assert_eq!(counts(&open), [3, 0, 3, 0]);
    assert_eq!(genders(&build("Gender", &["Mrs", "Herr", "Mme", "Mr"], 0)), [1, 0, 1, 0]);
    assert_eq!(genders(&build("Sexo", &["Sr.", "Sra."], 0)), [0, 1]);
    // Unless the recipe says what they are, or another letter of women stands there.
    let said = "[values.gender]\nF = \"Male\"\nN = \"Female\"\n";
    let import = Import::new("build -o out --format json --to vome").recipe(said);
    let done = import.text("people.csv", text("Gender", &["N", "F", "F"])).run();
    assert_eq!(genders(&done), [1, 0, 0]);
    let danish = build("K\u{f8}n", &["K", "F", "K"], 0);
    assert_eq!(genders(&danish), [1, 1, 1]);
}

#[test]
fn a_birthday_in_utc_is_asked_about_or_read_where_the_sheet_comes_from() {
    let days = [
        "1990-02-13T23:00:00.000Z",
        "1985-06-30T22:00:00Z",
        "1999-05-31T00:00:00Z",
        "1999-05-31T04:00:00Z",
    ];
    let sheet = || text("Date of birth", &days);
    let (done, report) = omneo(sheet(), "", 0);
    assert_eq!(found(&report), [(2, "date-utc"), (3, "date-utc")]);
    assert_eq!(sent(&done, "/birth_day"), [13, 30, 31, 31]);
    let check = Import::new("build -o out --to omneo --format json").text("people.csv", sheet());
    let done = check.recipe("[policy]\ntime_zone = \"+01:00\"\n").run();
    // A name of a zone would know of the summer, too; not every machine knows names.
    assert_eq!(found(&done.json()), [(3, "date-utc")]);
    assert_eq!(sent(&done, "/birth_day"), [14, 30, 31, 31]);
}
