//! The names of months and days of the week in the languages of Europe.
//!
//! Names are normalised ([`crate::spelling::normalise`]) and in order. A name that means one month here
//! and another one there is left out: `listopad` is November in Poland and October in Croatia.

use crate::spelling::normalise;

/// Names of months and their usual short forms. English, French, German, Spanish, Italian, Portuguese,
/// Catalan, Dutch, the languages of Scandinavia, Finnish, Polish, Czech, Slovak, Croatian, Hungarian,
/// Romanian, Greek, Turkish, Russian, Ukrainian and Indonesian, with the case that dates take.
#[rustfmt::skip]
static MONTHS: &[(&str, i8)] = &[
    ("abr", 4), ("abril", 4), ("ago", 8), ("agost", 8), ("agosto", 8), ("agust", 8),
    ("agustos", 8), ("agustus", 8), ("aou", 8), ("aout", 8), ("apr", 4), ("april", 4),
    ("aprile", 4), ("aprilie", 4), ("aprilis", 4), ("aralık", 12), ("aug", 8), ("august", 8),
    ("augusta", 8), ("augusti", 8), ("augustus", 8), ("augusztus", 8), ("avr", 4), ("avril", 4),
    ("brezen", 3), ("brezna", 3), ("cer", 6), ("cerven", 6), ("cervence", 7), ("cervenec", 7),
    ("cervna", 6), ("cvc", 7), ("cze", 6), ("czerwca", 6), ("czerwiec", 6), ("dec", 12),
    ("december", 12), ("decembra", 12), ("decembre", 12), ("decembrie", 12), ("des", 12),
    ("desember", 12), ("desembre", 12), ("dez", 12), ("dezember", 12), ("dezembro", 12),
    ("dic", 12), ("dicembre", 12), ("diciembre", 12), ("duben", 4), ("dubna", 4), ("ekim", 10),
    ("elokuu", 8), ("elokuuta", 8), ("ene", 1), ("enero", 1), ("eylul", 9), ("feb", 2),
    ("febbr", 2), ("febbraio", 2), ("feber", 2), ("febrer", 2), ("febrero", 2), ("februar", 2),
    ("februari", 2), ("februarie", 2), ("february", 2), ("fev", 2), ("fevereiro", 2), ("fevr", 2),
    ("fevrier", 2), ("gen", 1), ("gener", 1), ("gennaio", 1), ("giu", 6), ("giugno", 6),
    ("gru", 12), ("grudnia", 12), ("grudzien", 12), ("haziran", 6), ("heinakuu", 7),
    ("heinakuuta", 7), ("helmikuu", 2), ("helmikuuta", 2), ("huhtikuu", 4), ("huhtikuuta", 4),
    ("ian", 1), ("ianuarie", 1), ("iul", 7), ("iulie", 7), ("iun", 6), ("iunie", 6), ("jan", 1),
    ("janeiro", 1), ("janner", 1), ("januar", 1), ("januari", 1), ("january", 1), ("janv", 1),
    ("janvier", 1), ("joulukuu", 12), ("joulukuuta", 12), ("juil", 7), ("juillet", 7),
    ("juin", 6), ("jul", 7), ("jula", 7), ("julho", 7), ("juli", 7), ("julio", 7), ("juliol", 7),
    ("julius", 7), ("july", 7), ("jun", 6), ("juna", 6), ("june", 6), ("junho", 6), ("juni", 6),
    ("junio", 6), ("junius", 6), ("juny", 6), ("kasım", 11), ("kesakuu", 6), ("kesakuuta", 6),
    ("kolovoz", 8), ("kolovoza", 8), ("kveten", 5), ("kvetna", 5), ("kwi", 4), ("kwiecien", 4),
    ("kwietnia", 4), ("led", 1), ("leden", 1), ("ledna", 1), ("lipanj", 6), ("lipca", 7),
    ("lipiec", 7), ("lipnja", 6), ("listopadu", 11), ("lokakuu", 10), ("lokakuuta", 10),
    ("lug", 7), ("luglio", 7), ("lutego", 2), ("luty", 2), ("maaliskuu", 3), ("maaliskuuta", 3),
    ("maart", 3), ("maerz", 3), ("mag", 5), ("maggio", 5), ("mai", 5), ("maig", 5), ("maio", 5),
    ("maj", 5), ("maja", 5), ("majus", 5), ("mar", 3), ("marc", 3), ("marca", 3), ("march", 3),
    ("marcius", 3), ("marco", 3), ("marec", 3), ("maret", 3), ("marraskuu", 11),
    ("marraskuuta", 11), ("mars", 3), ("mart", 3), ("martie", 3), ("marts", 3), ("marz", 3),
    ("marzec", 3), ("marzo", 3), ("may", 5), ("mayo", 5), ("mayıs", 5), ("mei", 5), ("mrt", 3),
    ("mrz", 3), ("nisan", 4), ("noi", 11), ("noiembrie", 11), ("nov", 11), ("november", 11),
    ("novembra", 11), ("novembre", 11), ("novembro", 11), ("noviembre", 11), ("ocak", 1),
    ("oct", 10), ("october", 10), ("octobre", 10), ("octombrie", 10), ("octubre", 10),
    ("okt", 10), ("oktober", 10), ("oktobra", 10), ("ott", 10), ("ottobre", 10), ("out", 10),
    ("outubro", 10), ("ozujak", 3), ("ozujka", 3), ("paz", 10), ("pazdziernik", 10),
    ("pazdziernika", 10), ("prosinac", 12), ("prosinca", 12), ("prosince", 12), ("prosinec", 12),
    ("rijen", 10), ("rijna", 10), ("rujan", 9), ("rujna", 9), ("sep", 9), ("sept", 9),
    ("september", 9), ("septembra", 9), ("septembre", 9), ("septembrie", 9), ("septiembre", 9),
    ("set", 9), ("setembre", 9), ("setembro", 9), ("setiembre", 9), ("sett", 9), ("settembre", 9),
    ("sie", 8), ("sierpien", 8), ("sierpnia", 8), ("sijecanj", 1), ("sijecnja", 1), ("srpen", 8),
    ("srpna", 8), ("studeni", 11), ("studenog", 11), ("studenoga", 11), ("sty", 1),
    ("styczen", 1), ("stycznia", 1), ("subat", 2), ("svibanj", 5), ("svibnja", 5), ("syyskuu", 9),
    ("syyskuuta", 9), ("szept", 9), ("szeptember", 9), ("tammikuu", 1), ("tammikuuta", 1),
    ("temmuz", 7), ("toukokuu", 5), ("toukokuuta", 5), ("travanj", 4), ("travnja", 4),
    ("unor", 2), ("unora", 2), ("veljaca", 2), ("veljace", 2), ("wrz", 9), ("wrzesien", 9),
    ("wrzesnia", 9), ("zari", 9), ("απρ", 4), ("απριλιος", 4), ("απριλιου", 4), ("αυγ", 8),
    ("αυγουστος", 8), ("αυγουστου", 8), ("δεκ", 12), ("δεκεμβριος", 12), ("δεκεμβριου", 12),
    ("ιαν", 1), ("ιανουαριος", 1), ("ιανουαριου", 1), ("ιουλιος", 7), ("ιουλιου", 7),
    ("ιουνιος", 6), ("ιουνιου", 6), ("μαιος", 5), ("μαιου", 5), ("μαρτιος", 3), ("μαρτιου", 3),
    ("νοε", 11), ("νοεμβριος", 11), ("νοεμβριου", 11), ("οκτ", 10), ("οκτωβριος", 10),
    ("οκτωβριου", 10), ("σεπ", 9), ("σεπτεμβριος", 9), ("σεπτεμβριου", 9), ("φεβ", 2),
    ("φεβρουαριος", 2), ("φεβρουαριου", 2), ("авг", 8), ("август", 8), ("августа", 8), ("апр", 4),
    ("апрель", 4), ("апреля", 4), ("бер", 3), ("березень", 3), ("березня", 3), ("вер", 9),
    ("вересень", 9), ("вересня", 9), ("груд", 12), ("грудень", 12), ("грудня", 12), ("дек", 12),
    ("декабрь", 12), ("декабря", 12), ("жов", 10), ("жовт", 10), ("жовтень", 10), ("жовтня", 10),
    ("июл", 7), ("июль", 7), ("июля", 7), ("июн", 6), ("июнь", 6), ("июня", 6), ("кві", 4),
    ("квіт", 4), ("квітень", 4), ("квітня", 4), ("липень", 7), ("липня", 7), ("лист", 11),
    ("листопад", 11), ("листопада", 11), ("лют", 2), ("лютии", 2), ("лютого", 2), ("маи", 5),
    ("мар", 3), ("март", 3), ("марта", 3), ("мая", 5), ("ноя", 11), ("нояб", 11), ("ноябрь", 11),
    ("ноября", 11), ("окт", 10), ("октябрь", 10), ("октября", 10), ("сен", 9), ("сент", 9),
    ("сентябрь", 9), ("сентября", 9), ("сер", 8), ("серп", 8), ("серпень", 8), ("серпня", 8),
    ("січ", 1), ("січень", 1), ("січня", 1), ("трав", 5), ("травень", 5), ("травня", 5),
    ("фев", 2), ("февр", 2), ("февраль", 2), ("февраля", 2), ("черв", 6), ("червень", 6),
    ("червня", 6), ("янв", 1), ("январь", 1), ("января", 1),
];

/// Names of days of the week and their short forms, from Monday as 1.
#[rustfmt::skip]
static WEEKDAYS: &[(&str, i8)] = &[
    ("ctvrtek", 4), ("czwartek", 4), ("di", 2), ("dienstag", 2), ("dim", 7), ("dimanche", 7),
    ("dinsdag", 2), ("do", 4), ("dom", 7), ("domenica", 7), ("domingo", 7), ("donderdag", 4),
    ("donnerstag", 4), ("fr", 5), ("fredag", 5), ("freitag", 5), ("fri", 5), ("friday", 5),
    ("gio", 4), ("giovedi", 4), ("jeu", 4), ("jeudi", 4), ("jue", 4), ("jueves", 4),
    ("lordag", 6), ("lun", 1), ("lundi", 1), ("lunedi", 1), ("lunes", 1), ("lørdag", 6),
    ("ma", 1), ("maandag", 1), ("mandag", 1), ("mar", 2), ("mardi", 2), ("martedi", 2),
    ("martes", 2), ("mer", 3), ("mercoledi", 3), ("mercredi", 3), ("mi", 3), ("mie", 3),
    ("miercoles", 3), ("mittwoch", 3), ("mo", 1), ("mon", 1), ("monday", 1), ("montag", 1),
    ("nedele", 7), ("niedziela", 7), ("onsdag", 3), ("patek", 5), ("piatek", 5), ("pondeli", 1),
    ("poniedziałek", 1), ("qua", 3), ("quarta", 3), ("qui", 4), ("quinta", 4), ("sa", 6),
    ("sab", 6), ("sabado", 6), ("sabato", 6), ("sam", 6), ("samedi", 6), ("samstag", 6),
    ("sat", 6), ("saturday", 6), ("seg", 1), ("segunda", 1), ("sex", 5), ("sexta", 5), ("so", 7),
    ("sobota", 6), ("sondag", 7), ("sonnabend", 6), ("sonntag", 7), ("sroda", 3), ("streda", 3),
    ("sun", 7), ("sunday", 7), ("søndag", 7), ("ter", 2), ("terca", 2), ("thu", 4), ("thur", 4),
    ("thurs", 4), ("thursday", 4), ("tirsdag", 2), ("tisdag", 2), ("torsdag", 4), ("tue", 2),
    ("tues", 2), ("tuesday", 2), ("utery", 2), ("ven", 5), ("vendredi", 5), ("venerdi", 5),
    ("vie", 5), ("viernes", 5), ("vr", 5), ("vrijdag", 5), ("wed", 3), ("wednesday", 3),
    ("weds", 3), ("wo", 3), ("woensdag", 3), ("wtorek", 2), ("za", 6), ("zaterdag", 6), ("zo", 7),
    ("zondag", 7), ("воскресенье", 7), ("вс", 7), ("вт", 2), ("вторник", 2), ("пн", 1),
    ("понедельник", 1), ("пт", 5), ("пятница", 5), ("сб", 6), ("ср", 3), ("среда", 3),
    ("суббота", 6), ("четверг", 4), ("чт", 4),
];

/// November in Czech; what it begins with is October in Croatian.
const ONLY_WHOLE: &str = "listopadu";

/// The month that a word names: one of [`MONTHS`], or the first four letters or more of only one of them.
pub(super) fn month(word: &str) -> Option<i8> {
    let word = normalise(word);
    if let Ok(at) = MONTHS.binary_search_by_key(&word.as_str(), |(name, _)| name) {
        return MONTHS.get(at).map(|(_, month)| *month);
    }
    let from = MONTHS.partition_point(|(name, _)| *name < word.as_str());
    let mut begun = MONTHS
        .iter()
        .skip(from)
        .take_while(|(name, _)| name.starts_with(&word))
        .filter(|(name, _)| *name != ONLY_WHOLE);
    let month = begun.next().filter(|_| word.chars().count() > 3)?.1;
    begun.all(|(_, other)| *other == month).then_some(month)
}

/// The day of the week that a word names, from Monday as 1.
pub(super) fn weekday(word: &str) -> Option<i8> {
    let word = normalise(word);
    let at = WEEKDAYS.binary_search_by_key(&word.as_str(), |(name, _)| name).ok()?;
    WEEKDAYS.get(at).map(|(_, day)| *day)
}

/// Whether a word is a month as spreadsheets write it in English or French: `Mar`, `août`.
pub(in crate::validate) fn is_usual_month(word: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "jan", "feb", "fev", "mar", "apr", "avr", "may", "mai", "jun", "jui", "jul", "aug", "aou",
        "sep", "oct", "nov", "dec",
    ];
    let plain = normalise(word);
    BEGINNINGS.iter().any(|begin| plain.starts_with(begin)) && month(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_normalised_and_of_one_meaning() {
        for table in [MONTHS, WEEKDAYS] {
            assert!(table.is_sorted_by(|(a, _), (b, _)| a < b));
            for (name, number) in table {
                assert_eq!(normalise(name), *name);
                assert!((1..=12).contains(number));
            }
        }
        for month in 1..=12 {
            assert!(MONTHS.iter().filter(|(_, number)| *number == month).count() > 15);
        }
    }

    #[test]
    fn months_are_known_by_their_names_and_beginnings() {
        for (word, expected) in [
            ("Sept", Some(9)),
            ("SEPTEM", Some(9)),
            ("Févr", Some(2)),
            ("août", Some(8)),
            ("Septiembre", Some(9)),
            ("января", Some(1)),
            ("Ιουλίου", Some(7)),
            // July to some, June to others; November or October.
            ("lip", None),
            ("listopad", None),
            ("listopadu", Some(11)),
            ("Marble", None),
            ("ju", None),
            ("juli", Some(7)),
            ("červen", Some(6)),
            ("cervene", Some(7)),
        ] {
            assert_eq!(month(word), expected, "{word}");
        }
        assert!(is_usual_month("Mar") && !is_usual_month("set"));
        assert_eq!(
            [weekday("Tues"), weekday("Sonntag"), weekday("Noday")],
            [Some(2), Some(7), None]
        );
    }
}
