use super::*;
use crate::spelling::normalise;

#[test]
fn the_words_beside_names_are_in_order() {
    assert!(NO_NAMES.is_sorted_by(|a, b| a < b));
    assert!(NO_NAMES.iter().all(|word| normalise(word) == *word && !TITLES.contains(word)));
    assert!(ALSO_GIVEN.iter().all(|word| PARTICLES.contains(word)));
}

/// A name under a header that says nothing of the order.
fn split(text: &str) -> Option<(&str, &str)> {
    super::split(text, NameOrder::GivenFirst)
}

#[test]
fn under_a_header_with_the_family_name_first_each_name_shows_it() {
    for (text, split) in [
        ("Larkspur, Ada", Some(("Ada", "Larkspur"))),
        ("LARKSPUR Ada", Some(("Ada", "LARKSPUR"))),
        ("DE LA TOUR Marie", Some(("Marie", "DE LA TOUR"))),
        ("McDONALD Ann", Some(("Ann", "McDONALD"))),
        ("Ó BRIAIN Ada", Some(("Ada", "Ó BRIAIN"))),
        ("Mac GABHANN Seán", Some(("Seán", "Mac GABHANN"))),
        ("d'ARC Jeanne", Some(("Jeanne", "d'ARC"))),
        ("van DYCK Anna", Some(("Anna", "van DYCK"))),
        ("LE GOFF-McCALL Ann", Some(("Ann", "LE GOFF-McCALL"))),
        ("ROY Luc", Some(("Luc", "ROY"))),
        ("Ó Briain, Ada", Some(("Ada", "Ó Briain"))),
        // The header says one thing, the capitals another; or they are initials, or a degree.
        ("Ada LARKSPUR", None),
        ("Murthy BVSN", None),
        ("Le GALL", None),
        ("AKM Rahman", None),
        ("JRR Tolkien", None),
        ("山田 太郎", Some(("太郎", "山田"))),
        ("김 민준", Some(("민준", "김"))),
        ("Larkspur Ada", None),
        ("LARKSPUR ADA", None),
        ("Smith JRR", None),
        ("Smith MRCP Ann", None),
        ("JP Dupont", None),
        ("LI Na", None),
        // Whoever has no given name may have all of this as the family name.
        ("Lopes da Silva", None),
        ("スミス ジョン", None),
        ("山田 Taro", None),
        ("山田太郎", None),
        ("Larkspur, Ada Maria", None),
        ("Larkspur", None),
    ] {
        assert_eq!(super::split(text, NameOrder::Shown), split, "{text}");
    }
    for (text, shown) in [
        ("Larkspur, Ada Maria", Some(true)),
        ("McDONALD Ann", Some(true)),
        ("Larkspur Ada", Some(false)),
        ("LARKSPUR ADA", Some(false)),
        ("Lopes da Silva", Some(false)),
        ("Ada LARKSPUR", Some(false)),
        ("LI Wei", None),
        ("JP Dupont", None),
        ("Larkspur", None),
        ("-", None),
        ("", None),
    ] {
        assert_eq!(shows_family(text), shown, "{text}");
    }
}

#[test]
fn where_a_user_says_that_the_family_name_stands_first_it_does() {
    for (text, split) in [
        ("Larkspur Ada", Some(("Ada", "Larkspur"))),
        ("LARKSPUR ADA", Some(("ADA", "LARKSPUR"))),
        ("van der Berg Anna", Some(("Anna", "van der Berg"))),
        ("LI Na", Some(("Na", "LI"))),
        ("Nguyen Van", Some(("Van", "Nguyen"))),
        ("Smith J.", Some(("J.", "Smith"))),
        ("Smith JP", Some(("JP", "Smith"))),
        ("Frau Joan", None),
        // A name that shows its order has it all the same.
        ("Larkspur, Ada", Some(("Ada", "Larkspur"))),
        ("LARKSPUR Ada Maria", Some(("Ada Maria", "LARKSPUR"))),
        ("山田 太郎", Some(("太郎", "山田"))),
        ("山田 タロウ", Some(("タロウ", "山田"))),
        ("ヤマダ タロウ", Some(("タロウ", "ヤマダ"))),
        ("金 David", Some(("David", "金"))),
        ("アンナ 山田", None),
        ("David 金", None),
        ("佐藤 様", None),
        ("東京 株式会社", None),
        ("Smith JRR", Some(("JRR", "Smith"))),
        ("Ann LEE", None),
        ("Ada LARKSPUR", None),
        ("Wei LI", None),
        ("Maria DeLUCA", None),
        ("Nguyen THANH", None),
        ("Smith MBBS", None),
        ("Le Minh", None),
        ("Mc Donald", None),
        ("St. John", None),
        ("Abdul Rahman", None),
        ("Larkspur Ada Maria", None),
        ("Larkspur", None),
        ("Dr Larkspur", None),
        ("Larkspur Dr", None),
        ("Larkspur PhD", None),
        ("J. Smith", None),
        ("van Dyck", None),
        ("De Gaulle", None),
        ("Dyck van", None),
        ("Larkspur Ada & Bob", None),
        ("Acme GmbH", None),
        ("", None),
    ] {
        assert_eq!(super::split(text, NameOrder::FamilyFirst), split, "{text}");
    }
}

#[test]
fn full_names_are_split_only_where_that_is_certain() {
    assert_eq!(split("Ada Lovelace"), Some(("Ada", "Lovelace")));
    assert_eq!(split("Lovelace, Ada"), Some(("Ada", "Lovelace")));
    assert_eq!(split("Tomás de la Cruz"), Some(("Tomás", "de la Cruz")));
    assert_eq!(split("de la Cruz, Tomás"), Some(("Tomás", "de la Cruz")));
    for initials in ["J.D.", "JD", "M.D.", "J.R.R."] {
        let name = format!("{initials} Vance");
        assert_eq!(split(&name), Some((initials, "Vance")));
    }
    // Where the family name stands first by custom.
    for (name, given, family) in [
        ("山田 太郎", "太郎", "山田"),
        ("김 철수", "철수", "김"),
        ("山﨑 太郎", "太郎", "山﨑"),
        ("𠮷田 太郎", "太郎", "𠮷田"),
        ("佐々木 〆子", "〆子", "佐々木"),
    ] {
        assert_eq!(split(name), Some((given, family)));
    }
    // Family names in capitals, wherever they stand.
    assert_eq!(split("DUPONT Jean-Pierre"), Some(("Jean-Pierre", "DUPONT")));
    assert_eq!(split("DE LA TOUR Marie"), Some(("Marie", "DE LA TOUR")));
    assert_eq!(split("LEFÈVRE Anne Marie"), Some(("Anne Marie", "LEFÈVRE")));
    assert_eq!(split("Léa MARTIN"), Some(("Léa", "MARTIN")));
    assert_eq!(split("ADA LOVELACE"), Some(("ADA", "LOVELACE")));
    assert_eq!(split("JP Dupont"), Some(("JP", "Dupont")));
    // Two letters that are spoken as one may be a family name, or a given one that somebody typed so.
    assert_eq!((split("LI Wei"), split("JO Brown")), (None, None));
    assert_eq!((split("Li Wei"), split("LI WEI")), (Some(("Li", "Wei")), Some(("LI", "WEI"))));
    assert_eq!(split("DUPONT jean"), Some(("DUPONT", "jean")));
    assert_eq!(split("McDONALD Ann"), Some(("Ann", "McDONALD")));
    assert_eq!(split("Ann McDONALD"), Some(("Ann", "McDONALD")));
    assert_eq!(split("Ann McDonald"), Some(("Ann", "McDonald")));
    assert_eq!(split("JoAnn Larkspur"), Some(("JoAnn", "Larkspur")));
    assert_eq!(split("MCDONALD McCALL"), Some(("MCDONALD", "McCALL")));
    // Initials, and what may be; capitals within a word, where given names have them too.
    assert_eq!(split("JRR Tolkien"), Some(("JRR", "Tolkien")));
    assert_eq!(split("AKM Rahman"), None);
    assert_eq!(split("LaVERNE Vale"), None);
    assert_eq!(split("DeLUCA Maria"), None);
    assert_eq!(split("Maria DeLUCA"), Some(("Maria", "DeLUCA")));
    assert_eq!(split("Ada Ó Briain"), Some(("Ada", "Ó Briain")));
    assert_eq!(split("Anna van 't Hof"), Some(("Anna", "van 't Hof")));
    // Words cut short are no initials, and initials are no family name.
    assert_eq!(split("ST. JOHN Mary"), Some(("Mary", "ST. JOHN")));
    assert_eq!(split("Mary ST. JOHN"), None);
    for (name, given, family) in [
        ("M.S. Dhoni", "M.S.", "Dhoni"),
        ("Ewing, J.R.", "J.R.", "Ewing"),
        ("J. Smith", "J.", "Smith"),
        ("J.-P. Sartre", "J.-P.", "Sartre"),
        // What elsewhere is a title, a numeral or a degree.
        ("Jon Lord", "Jon", "Lord"),
        ("JON LORD", "JON", "LORD"),
        ("Naomasa Ii", "Naomasa", "Ii"),
        ("Md Rahim", "Md", "Rahim"),
        ("Md. Rahim", "Md.", "Rahim"),
        ("MD. RAHIM", "MD.", "RAHIM"),
        ("md rahim", "md", "rahim"),
        ("RN Tagore", "RN", "Tagore"),
        ("IV Raman", "IV", "Raman"),
        ("Jr. Walker", "Jr.", "Walker"),
        ("Léon Mba", "Léon", "Mba"),
        ("Mba, Ana", "Ana", "Mba"),
        ("Joan Frau", "Joan", "Frau"),
        ("Frau, Joan", "Joan", "Frau"),
        ("Zeynep İnç", "Zeynep", "İnç"),
        ("Gomez, Lady", "Lady", "Gomez"),
        ("HANSEN Sig", "Sig", "HANSEN"),
        ("Sven C:son", "Sven", "C:son"),
        // Given names that are cut short.
        ("CHAS. Smith", "CHAS.", "Smith"),
        ("MST. Fatema", "MST.", "Fatema"),
        ("MD RAHIM", "MD", "RAHIM"),
        ("Rahim, Md", "Md", "Rahim"),
        // Those who are called as family names begin.
        ("Al Gore", "Al", "Gore"),
        ("Al de Vries", "Al", "de Vries"),
        ("Des O'Connor", "Des", "O'Connor"),
        ("Van Morrison", "Van", "Morrison"),
        ("le nguyen", "le", "nguyen"),
        ("Les Paul", "Les", "Paul"),
        ("LES PAUL", "LES", "PAUL"),
        ("Von Miller", "Von", "Miller"),
        ("Het Patel", "Het", "Patel"),
        ("Du Nguyen", "Du", "Nguyen"),
        ("ZHANG De", "De", "ZHANG"),
        ("Anna d'Arc", "Anna", "d'Arc"),
        // Names of East Asia that end as forms of address do, and those beside a comma.
        ("王 丽君", "丽君", "王"),
        ("정 예님", "예님", "정"),
        ("鵜殿 花子", "花子", "鵜殿"),
        ("김, 철수", "철수", "김"),
        ("Smith, マリア", "マリア", "Smith"),
    ] {
        assert_eq!(split(name), Some((given, family)));
    }
    for unsure in [
        "Ada",
        "Anna Maria van Dyck",
        "Dyck, Anna Maria",
        "SMITH, JOHN AND MARY",
        "Dyck, Ph.D.",
        "アンナ 山田",
        "ﾔﾏﾀﾞ ﾀﾛｳ",
        "Anna Maria Dyck, PhD",
        "Dyck, PhD",
        "Dyck, Jr.",
        "Dyck, Anna III",
        "Dyck, Dr.",
        "Dyck, Dr Anna",
        "Dyck, Anna and Maria",
        "Dyck, Anna & Maria",
        "Dyck, Anna (Maria)",
        "Van Dyck, Anna, Maria",
        "Anna Dyck, Ottawa",
        "アダ セッジ",
        "a,b,c",
        "",
        "Mc Donald",
        "St. John",
        "ST JOHN",
        "Ste Marie",
        "'t Hart",
        "Ní Bhriain",
        "Ó Briain",
        "Dr Lovelace",
        "DR LOVELACE Ada",
        "Ada Lovelace PHD",
        "Mr. Dyck",
        "Dupont, Mme",
        "Dupont, Miss",
        "Smith, 2nd",
        "Smith, -",
        "Smith, RN",
        "Smith, MD",
        "Smith, M.B.A.",
        "Smith, deceased",
        "Dupont, Décédée",
        "Smith, (Ada)",
        "Smith, Ada/Bob",
        "Dyck, van",
        "Acme, Inc.",
        "Acme, Ltd",
        "Acme GmbH",
        "Lovelace PhD",
        "Lovelace Jr.",
        "Lovelace MD",
        "Dupont Mme",
        "SMITH Jr",
        "SMITH Anne PhD",
        "DUPONT Mme",
        "DUPONT J.P.",
        "Smith J.",
        "Smith J",
        "Dupont -",
        "Jean –",
        "42 Smith",
        "de Gaulle",
        "de gaulle",
        "De Gaulle",
        "van Dyck",
        "Van der Berg",
        "Von der Berg",
        "Smith: Ada",
        "Smith, Frau",
        "Rossi, Sig.",
        "Ada&Bob Smith",
        "Ada/Bob Smith",
        "Smith; Ada",
        "Smith、 Ada",
        // Beside a word of another script nobody can tell the order.
        "金 David",
        "David 金",
        "マリア Smith",
        "三船 敏郎（俳優）",
        "山田 タロウ",
        "佐藤 様",
        "佐藤 さん",
        "佐藤 花子様",
        "佐藤 君",
        "佐藤 先生",
        "王 女士",
        "김 선생님",
        "김 철수님",
        "김 씨",
        "김 님",
        "佐藤, 様",
        "東京 株式会社",
        "有限会社 東京",
    ] {
        assert_eq!(split(unsure), None, "{unsure}");
    }
}

proptest::proptest! {
    #[test]
    fn plain_names_are_split_as_a_closer_look_does(
        given in "[A-Za-z]{1,7}|[A-Z][a-z.é]{0,5}",
        family in "[A-Za-z]{1,7}|[A-Z][a-z.é]{0,5}",
        word in proptest::sample::select([TITLES, NO_NAMES, PARTICLES].concat()),
        which in 0..4,
    ) {
        let text = match which {
            0 => format!("{word} {family}"),
            1 => format!("{given} {word}"),
            2 => format!("{} {family}", word.to_uppercase()),
            _ => format!("{given} {family}"),
        };
        if let Some(parts) = plain(&text) {
            proptest::prop_assert_eq!(closely(&text, NameOrder::GivenFirst), Some(parts), "{}", text);
        }
    }

    #[test]
    fn what_is_split_stands_in_the_text(text in "\\PC{0,40}|[A-Z]{0,3}[a-z.]{0,3}[ ,&/-]{1,2}[A-Z]{0,3}[a-z.]{0,3}") {
        for order in [NameOrder::Shown, NameOrder::FamilyFirst] {
            let parts = super::split(&text, order);
            if let Some((given, family)) = parts {
                proptest::prop_assert!(text.contains(given) && text.contains(family));
            }
            // What a name shows itself holds whatever is said.
            if order == NameOrder::Shown && parts.is_some() {
                proptest::prop_assert_eq!(split(&text), parts, "{}", text);
                let said = super::split(&text, NameOrder::FamilyFirst);
                proptest::prop_assert_eq!(said, parts, "{}", text);
            }
        }
        if let Some((given, family)) = split(&text) {
            proptest::prop_assert!(text.contains(given) && text.contains(family));
            // One word each is split again as it was.
            if !family.contains([' ', ',']) && !given.contains([' ', ',']) && !is_no_name(given) {
                let turned = format!("{family}, {given}");
                proptest::prop_assert_eq!(split(&turned), Some((given, family)));
            }
        }
    }
}
