//! How well a text reads: the rules by which a right reading of bytes beats the wrong ones, each of
//! which can be told to a person.

use std::sync::LazyLock;

use super::languages::{LANGUAGES, Language, Region};
use super::marks::Marks;

/// What speaks against a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Bytes that are nothing in this encoding, or control characters.
    Control,
    /// Symbols inside words.
    Symbol,
    /// A capital behind small letters.
    Case,
    /// Letters of two alphabets in a word.
    Scripts,
    /// Letters that no language of these writes.
    Rare,
}

impl Doubt {
    /// What is said of a reading with such words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Control => "bytes that are no characters in it",
            Self::Symbol => "symbols inside words",
            Self::Case => "capitals behind small letters",
            Self::Scripts => "letters of two alphabets in one word",
            Self::Rare => "letters that hardly any word has",
        }
    }
}

/// How well some words read.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// The natural logarithm of a likelihood, more or less.
    pub(super) score: f64,
    /// The language of most of its words.
    pub(super) language: Option<&'static str>,
    /// What speaks against it most.
    pub(super) doubt: Option<Doubt>,
}

/// The scripts that are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Thai,
    Kana,
    HalfKana,
    Han,
    Hangul,
    Other,
}

fn script(c: char) -> Script {
    match u32::from(c) {
        0..=0x24f | 0x1e00..=0x1eff | 0x300..=0x36f => Script::Latin,
        0x370..=0x3ff | 0x1f00..=0x1fff => Script::Greek,
        0x400..=0x52f => Script::Cyrillic,
        0x590..=0x5ff => Script::Hebrew,
        0x600..=0x6ff => Script::Arabic,
        0xe00..=0xe7f => Script::Thai,
        0x3040..=0x30ff => Script::Kana,
        0xff61..=0xff9f => Script::HalfKana,
        0x3005 | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff => Script::Han,
        0xac00..=0xd7a3 | 0x1100..=0x11ff | 0x3130..=0x318f => Script::Hangul,
        _ => Script::Other,
    }
}

/// Log-probability of a letter that a language does not have.
const FOREIGN: f64 = -7.5;
/// What it costs a word to be in another language than most words.
const OTHER_LANGUAGE: f64 = 1.6;

/// The log-probabilities of the letters of each language, in the order of [`LANGUAGES`].
static WEIGHTS: LazyLock<Vec<Vec<(char, f64)>>> =
    LazyLock::new(|| LANGUAGES.iter().map(weights).collect());

fn weights(language: &Language) -> Vec<(char, f64)> {
    let count = language.letters.chars().count();
    let (first, step) = match (language.latin, count) {
        (true, 0..=20) => (1.0, 0.32),
        (true, _) => (2.5, 0.05),
        (false, 0..=40) => (2.2, 0.115),
        (false, 0..=80) => (2.4, 0.055),
        (false, _) => (4.0, 0.006),
    };
    let mut letters: Vec<(char, f64)> = language
        .letters
        .chars()
        .zip(0_u16..)
        .map(|(c, rank)| (c, -(first + step * f64::from(rank))))
        .collect();
    letters.sort_by_key(|(c, _)| *c);
    letters.dedup_by_key(|(c, _)| *c);
    letters
}

fn weight(letters: &[(char, f64)], c: char) -> Option<f64> {
    let at = letters.binary_search_by_key(&c, |(letter, _)| *letter).ok()?;
    letters.get(at).map(|(_, weight)| *weight)
}

/// Scores a text by its words with characters beyond ASCII; languages of the region of its encoding
/// are likelier than others.
pub(super) fn read(text: &str, region: Region) -> Reading {
    let chars: Vec<char> = text.chars().collect();
    let mut doubts = Doubts::default();
    let mut score = 0.0;
    let mut words = Vec::new();
    let mut marks = Marks::default();
    let mut from = 0;
    while from < chars.len() {
        let rest = chars.get(from..).unwrap_or_default();
        let length = rest.iter().take_while(|c| is_letter(**c)).count();
        let word = rest.get(..length).unwrap_or_default();
        // A letter that is repeated over and over says nothing.
        let filler = length > 1 && word.windows(2).all(|pair| pair.first() == pair.last());
        if !word.is_ascii_only() && !filler {
            score += shape(word, &mut doubts);
            // What is no word tells nothing of the language.
            match alone(word, words.last().copied(), &mut doubts) {
                None => words.push(word),
                Some(cost) => score -= cost,
            }
        }
        if let Some(&c) = rest.get(length).filter(|c| !c.is_ascii()) {
            let behind = rest.get(length + 1..).unwrap_or_default();
            let before = (from + length).checked_sub(1).and_then(|at| chars.get(at)).copied();
            if !marks.take(c, word, behind) {
                score -= symbol(c, before, word, behind, &mut doubts);
            }
        }
        from += length + 1;
    }
    score -= marks.cost(words.is_empty());
    let (letters, language) = in_languages(&words, region, &mut doubts);
    Reading { score: score + letters, language, doubt: doubts.most() }
}

trait Word {
    fn is_ascii_only(&self) -> bool;
}

impl Word for &[char] {
    fn is_ascii_only(&self) -> bool {
        self.iter().all(char::is_ascii)
    }
}

/// A letter, or a mark that belongs to one.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, 'ª' | 'º' | 'ⁿ')
        || matches!(u32::from(c), 0x300..=0x36f | 0x591..=0x5c7 | 0x64b..=0x65f | 0xe31 | 0xe34..=0xe4e)
}

/// How much of each kind of doubt there is.
#[derive(Default)]
struct Doubts([(f64, Option<Doubt>); 5]);

impl Doubts {
    fn add(&mut self, doubt: Doubt, weight: f64) {
        let place = self.0.iter_mut().find(|(_, kind)| kind.is_none_or(|kind| kind == doubt));
        if let Some((sum, kind)) = place {
            *sum += weight;
            *kind = Some(doubt);
        }
    }

    fn most(&self) -> Option<Doubt> {
        self.0.iter().max_by(|a, b| a.0.total_cmp(&b.0)).and_then(|(_, doubt)| *doubt)
    }
}

/// Letters that are words.
const ALONE: &str = "àèéóáòÀÈÉíÍÓ";

/// Rules on what stands beside what in a word.
fn shape(word: &[char], doubts: &mut Doubts) -> f64 {
    let mut score = 0.0;
    let mut uppers = 0;
    for (before, c) in word.iter().zip(word.iter().skip(1)) {
        let beyond = !before.is_ascii() || !c.is_ascii();
        if beyond && script(*before) != script(*c) && !both_japanese(*before, *c) {
            score -= 6.0;
            doubts.add(Doubt::Scripts, 6.0);
        }
        uppers = if before.is_uppercase() { uppers + 1 } else { 0 };
        let rising = before.is_lowercase() && c.is_uppercase();
        let falling = uppers > 1 && c.is_lowercase();
        if beyond && (rising || falling) {
            score -= 5.0;
            doubts.add(Doubt::Case, 5.0);
        }
        // The last form of sigma stands at the end of a word and nowhere else.
        if *before == 'ς' {
            score -= 4.0;
            doubts.add(Doubt::Rare, 4.0);
        }
    }
    let starts_badly = word.first().is_some_and(|c| matches!(c, 'ь' | 'ъ' | 'ы' | 'ğ'));
    if starts_badly { score - 3.0 } else { score }
}

/// What it costs a letter to stand alone when it is no word: some are, and some are behind a word
/// of their alphabet.
fn alone(word: &[char], before: Option<&[char]>, doubts: &mut Doubts) -> Option<f64> {
    let &[c] = word else { return None };
    let own = script(c);
    let wide = matches!(own, Script::Han | Script::Kana | Script::Hangul);
    let follows = own != Script::Latin
        && before.and_then(|word| word.last()).is_some_and(|last| script(*last) == own);
    if wide || follows || ALONE.contains(c) {
        return None;
    }
    doubts.add(Doubt::Rare, 6.0);
    Some(6.0)
}

fn both_japanese(a: char, b: char) -> bool {
    let japanese = |c| matches!(script(c), Script::Kana | Script::Han | Script::HalfKana);
    japanese(a) && japanese(b)
}

/// What a character that is no letter costs, by the character and the word before it and the text behind it.
fn symbol(c: char, last: Option<char>, word: &[char], behind: &[char], doubts: &mut Doubts) -> f64 {
    let after_digit = last.is_some_and(|c| c.is_ascii_digit());
    let is_free = last == Some(' ') && behind.first() == Some(&' ');
    let next = behind.first().copied().filter(|c| is_letter(*c));
    let length = behind.iter().take_while(|c| is_letter(**c)).count();
    let (before, inside) = (!word.is_empty(), !word.is_empty() && next.is_some());
    let beside = before || next.is_some();
    let (cost, doubt) = match c {
        '\u{fffd}' | '\u{80}'..='\u{9f}' => (12.0, Doubt::Control),
        '\u{e000}'..='\u{f8ff}' => (10.0, Doubt::Control),
        // O’Brien, and O´Brien by whoever takes the accent for it, which is rarer.
        '’' if inside && (word.len() <= 2 || length == 1) => (1.5, Doubt::Symbol),
        '´' if inside && (word.len() <= 2 || length == 1) => (1.8, Doubt::Symbol),
        '’' if inside => (5.0, Doubt::Symbol),
        '’' if !before && next.is_some() && length > 2 => (6.0, Doubt::Symbol),
        '·' if inside => (3.0, Doubt::Symbol),
        '\u{a0}' if inside && next.is_some_and(char::is_lowercase) => (7.0, Doubt::Symbol),
        '\u{a0}' => (3.5, Doubt::Symbol),
        // A quantity, an ordinal, a list: 1½, 38°, 2ª, Nº 7, Mª Carmen, A · B.
        '¼' | '½' | '¾' | '²' | '³' | '°' | 'º' | 'ª' | '€' if after_digit => {
            (1.5, Doubt::Symbol)
        }
        'º' | 'ª'
            if word.len() <= 2 && word.last().is_some_and(char::is_ascii_alphabetic) && !inside =>
        {
            (1.5, Doubt::Symbol)
        }
        '·' | '•' | '–' if is_free => (1.5, Doubt::Symbol),
        // They open what is quoted, or what is numbered.
        '‚' | '„' | '‘' | '“' | '¿' | '¡' | '§' if before && !inside => {
            (6.0, Doubt::Symbol)
        }
        'º' | 'ª' | '–' | '—' if beside && !inside => (6.0, Doubt::Symbol),
        '“' | '”' | '‘' | '’' | '„' | '–' | '—' | '…' | '«' | '»' | '°' | 'º' | 'ª' | '€' | '£'
        | '§' | '•' | '¿' | '¡' | '№' | '´' | '‚'
            if !inside =>
        {
            (3.0, Doubt::Symbol)
        }
        '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}' | '・' => (4.0, Doubt::Symbol),
        _ if inside => (8.0, Doubt::Symbol),
        _ if beside => (7.0, Doubt::Symbol),
        '©' | '®' | '™' => (4.0, Doubt::Symbol),
        _ => (5.5, Doubt::Symbol),
    };
    if cost > 4.0 {
        doubts.add(doubt, cost);
    }
    cost
}

/// The words in the language that fits most of them, each at liberty to be in another one.
fn in_languages(
    words: &[&[char]],
    region: Region,
    doubts: &mut Doubts,
) -> (f64, Option<&'static str>) {
    let scores: Vec<Vec<f64>> = words
        .iter()
        .map(|word| {
            let languages = WEIGHTS.iter().zip(LANGUAGES);
            let lower: Vec<char> = word.iter().map(|c| small(*c)).collect();
            let scores = languages.map(|(letters, language)| {
                letters_in(word, letters)
                    - places(word, &lower, language)
                    - strange(language, region)
            });
            scores.collect()
        })
        .collect();
    let of = |language: usize| {
        scores
            .iter()
            .map(|word| {
                let own = word.get(language).copied().unwrap_or(f64::MIN);
                let any = word.iter().copied().fold(f64::MIN, f64::max);
                own.max(any - OTHER_LANGUAGE)
            })
            .sum::<f64>()
    };
    let best = (0..LANGUAGES.len())
        .map(|language| (of(language), language))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let Some((score, language)) = best.filter(|_| !words.is_empty()) else { return (0.0, None) };
    let count: usize = words.iter().map(|word| word.iter().filter(|c| !c.is_ascii()).count()).sum();
    #[expect(clippy::cast_precision_loss, reason = "the texts are short")]
    let rare = -score - 3.5 * count as f64;
    if rare > 0.0 {
        doubts.add(Doubt::Rare, rare);
    }
    (score, LANGUAGES.get(language).map(|language| language.name))
}

/// What it costs a word to be in a language that the encoding was not made for.
fn strange(language: &Language, region: Region) -> f64 {
    match (language.region, region) {
        (Region::Own, _) => 0.0,
        (Region::WestRare, Region::West | Region::Turkey) => 1.5,
        (Region::West, Region::Turkey) | (Region::Turkey, Region::South) => 0.4,
        (language, region) if language == region => 0.0,
        // Names of the neighbours.
        (Region::West, Region::Central | Region::Baltic) => 2.0,
        _ => 3.0,
    }
}

/// What it costs that letters stand where the language hardly ever has them; with the word in small ones.
fn places(spoken: &[char], word: &[char], language: &Language) -> f64 {
    let mut cost = 0.0;
    let is_capital = spoken.first().is_some_and(|c| c.is_uppercase());
    for (at, c) in word.iter().enumerate() {
        if c.is_ascii() {
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| word.get(before));
        let behind = word.get(at + 1);
        let after_consonant = before.is_some_and(|c| !is_vowel(*c));
        let before_consonant = behind.is_some_and(|c| !is_vowel(*c));
        let wedged = !is_vowel(*c)
            && before.is_some_and(|c| !is_vowel(*c) && !matches!(c, 'r' | 'l'))
            && before_consonant;
        let vowels = before.is_some_and(|c| is_vowel(*c)) || behind.is_some_and(|c| is_vowel(*c));
        cost += match (language.name, *c) {
            _ if wedged && language.latin => 3.0,
            ("French" | "Dutch", 'ë' | 'ï') if after_consonant => 3.0,
            ("Spanish", 'ñ') if behind.is_none() || before_consonant => 4.0,
            ("French" | "Portuguese", 'ç') if behind.is_none() || before_consonant => 3.0,
            // Kovačič and Petrović, and what they look like in the code pages of other languages.
            ("Croatian or Slovene", 'č' | 'ć') if behind.is_none() && before == Some(&'i') => {
                -2.0
            }
            ("Danish or Norwegian", 'æ') | ("Danish or Norwegian" | "Swedish", 'å')
                if before == Some(&'i') =>
            {
                2.5
            }
            ("Italian", 'è') if matches!(before, Some('a' | 'e')) => 2.5,
            ("Italian", _) if behind.is_none() => -0.8,
            // It stands in front of a consonant, and those of k, j and w are no French ones.
            ("French" | "Dutch", 'è')
                if behind.is_none_or(|c| is_vowel(*c) || matches!(c, 'j' | 'k' | 'w')) =>
            {
                3.0
            }
            // Mònica and Grècia: no letter stands beside the same one without its caron.
            (_, 'č' | 'ň' | 'š' | 'ž') if beside_its_base(*c, before, behind) => 3.0,
            // Geneviève, Benoît, Guimarães.
            ("French", 'è') if before_mute_e(word, at) => -2.0,
            ("French", 'î') if matches!(before, Some('a' | 'o')) => -0.8,
            ("Portuguese", 'ã' | 'õ') if matches!(behind, Some('e' | 'o')) => -0.8,
            ("Latvian", 'ā' | 'ē' | 'ī' | 'ū') if before.is_some_and(|c| is_vowel(*c)) => 2.5,
            ("Romanian", 'ă') if matches!(behind, Some('a' | 'e' | 'o')) => 2.5,
            ("French" | "Italian", 'à' | 'ù') | ("Italian", 'è' | 'ì' | 'ò')
                if behind.is_some() && (before.is_some() || !is_capital) =>
            {
                2.5
            }
            ("German" | "Swedish", 'ä') | ("German", 'ö') if behind.is_none() => 2.5,
            ("Finnish", 'ä' | 'ö') if word.iter().any(|c| matches!(c, 'a' | 'o' | 'u')) => 2.5,
            ("Portuguese", 'ã' | 'õ') if before_consonant => 2.0,
            ("Turkish", 'ı') if vowels => 2.5,
            ("Polish", 'ą' | 'ę') if before.is_none() => 4.0,
            _ => 0.0,
        };
    }
    // One vowel of a word has the accent.
    if matches!(language.name, "Spanish" | "Italian" | "Catalan" | "Portuguese") {
        let accents = word.iter().filter(|c| "áéíóúàèìòùâêô".contains(**c)).count();
        if accents > 1 {
            cost += 3.0;
        }
    }
    cost
}

/// Whether a letter stands beside the one that it is without its caron.
fn beside_its_base(c: char, before: Option<&char>, behind: Option<&char>) -> bool {
    let base = unicode_normalization::UnicodeNormalization::nfd(std::iter::once(c)).next();
    base.is_some_and(|base| before == Some(&base) || behind == Some(&base))
}

/// Whether the è of a word has a consonant and a mute e behind it, and in front of it what French has there: père,
/// Rivière, Hélène. The letter that it is in central Europe mostly follows a vowel: ročne, različne.
fn before_mute_e(word: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| word.get(before));
    match (before, word.get(at + 1..)) {
        (Some(before), Some(['n', 'e'])) => !is_vowel(*before) && *before != 'n',
        (Some(before), Some([consonant, 'e'])) => {
            "bcdglmprstvz".contains(*consonant)
                && (!is_vowel(*before)
                    || matches!(before, 'i' | 'u' | 'y')
                    || matches!(before, 'a' | 'o') && "lrtv".contains(*consonant))
        }
        _ => false,
    }
}

/// A letter as a small one.
fn small(c: char) -> char {
    let mut lower = c.to_lowercase();
    lower.next().filter(|_| lower.next().is_none()).unwrap_or(c)
}

/// Whether a letter is a vowel, with or without an accent.
pub(super) fn is_vowel(c: char) -> bool {
    let base = unicode_normalization::UnicodeNormalization::nfd(std::iter::once(c)).next();
    let base = base.unwrap_or(c).to_ascii_lowercase();
    matches!(base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'ı' | 'æ' | 'ø' | 'œ' | 'Æ' | 'Ø' | 'Œ')
}

/// The letters beyond ASCII of a word as letters of a language.
fn letters_in(word: &[char], letters: &[(char, f64)]) -> f64 {
    let mut score = 0.0;
    for c in word.iter().filter(|c| !c.is_ascii()) {
        let small = small(*c);
        let known = weight(letters, small).unwrap_or(match script(*c) {
            Script::Han => -7.5,
            Script::Hangul => -8.0,
            Script::HalfKana => -6.5,
            Script::Kana => -6.0,
            Script::Other => FOREIGN - 3.0,
            _ => FOREIGN,
        });
        score += known - if small == *c { 0.0 } else { 0.35 };
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_reading_beats_the_wrong_one() {
        for (right, wrong, doubt) in [
            ("José Muñoz", "Jos‚ Mu¤oz", Doubt::Symbol),
            ("José Zoë", "JosŽ Zo–l", Doubt::Symbol),
            ("Łukasz Wiśniewski", "£ukasz Wi¶niewski", Doubt::Symbol),
            ("Почта", "Џочта", Doubt::Rare),
            ("Иван Смирнов", "йЧБО уНЙТОПЧ", Doubt::Case),
            ("Müller Köln", "Mьller Kцln", Doubt::Scripts),
            ("Çağlar Yılmaz", "Çaðlar Yýlmaz", Doubt::Rare),
            ("東京 田中", "“Œ‹ž “c’†", Doubt::Symbol),
        ] {
            let (good, bad) = (read(right, Region::Own), read(wrong, Region::Own));
            assert!(good.score > bad.score, "{right} {} {wrong} {}", good.score, bad.score);
            if doubt != Doubt::Rare {
                assert_eq!(bad.doubt, Some(doubt), "{wrong}");
            }
        }
        for (right, wrong) in [
            ("O´Brien", "OŽBrien"),
            ("Acme® Club", "Acme« Club"),
            ("Acme™ Club", "Acmeô Club"),
            ("Nº 12", "Nş 12"),
            ("Mª Carmen", "MŞ Carmen"),
            ("A · B", "A À B"),
            ("Benoît", "Benoīt"),
            ("Geneviève", "Genevičve"),
            ("Groß", "Gro§"),
            ("Guimarães", "Guimarăes"),
            ("ITIL®, PMP®, TOGAF®", "ITILŽ, PMPŽ, TOGAFŽ"),
            ("BETA™", "BETAÖ"),
            ("FANTA® NIVEA®", "FANTAŽ NIVEAŽ"),
            ("CISA® CCNA® PMP®", "CISAŽ CCNAŽ PMPŽ"),
            ("José LEGO®", "José LEGOŽ"),
            ("Renée LEGO® IKEA®", "Renée LEGOŽ IKEAŽ"),
            ("Müller NIVEA® LEGO® IKEA®", "Müller NIVEAŽ LEGOŽ IKEAŽ"),
            ("Foto© Ada", "FotoŠ Ada"),
            ("père, Gisèle, Irène", "pčre, Gisčle, Irčne"),
            ("Joèle, Noèle, Poète", "Jočle, Nočle, Počte"),
            ("Bruyère, Rouyère", "Bruyčre, Rouyčre"),
            ("Grècia", "Grčcia"),
            ("Verònica", "Verňnica"),
            ("Hélène, Rivière, Liège", "Hélčne, Rivičre, Ličge"),
            ("Mercè, Noè, Giosuè", "Mercč, Noč, Giosuč"),
            ("Òscar, Àlex", "Ňscar, Ŕlex"),
        ] {
            let (good, bad) = (read(right, Region::West), read(wrong, Region::Central));
            assert!(good.score > bad.score, "{right} {} {wrong} {}", good.score, bad.score);
        }
        for (right, wrong) in [
            ("ALEŠ, MILOŠ", "ALE©, MILO©"),
            ("ALEŠ, MATJAŽ, TOMAŽ", "ALE©, MATJA®, TOMA®"),
            ("TOMÁŠ, LUKÁŠ", "TOMÁ©, LUKÁ©"),
            ("KŘÍŽ", "KŘÍ®"),
            ("Łukasz, Rafał", "ùukasz, Rafaà"),
            ("Točke, Ročne, Mačke", "Toèke, Roène, Maèke"),
            ("Kopač, Kovač", "Kopaè, Kovaè"),
            ("Kovačič, Zupančič", "Kovaèiè, Zupanèiè"),
            ("KOVAČIČ, ČRNČIČ", "KOVAÈIÈ, ÈRNÈIÈ"),
            ("Petrović, Babić", "Petroviæ, Babiæ"),
            ("Petrović, Babić", "Petroviå, Babiå"),
        ] {
            let (good, bad) = (read(right, Region::Central), read(wrong, Region::West));
            assert!(good.score > bad.score, "{right} {} {wrong} {}", good.score, bad.score);
        }
        for (right, wrong) in [("Acme© 2020", "Acme® 2020"), ("Bruyère, Boyère", "Bruyäre, Boyäre")]
        {
            let (good, bad) = (read(right, Region::West), read(wrong, Region::West));
            assert!(good.score >= bad.score, "{right} {} {wrong} {}", good.score, bad.score);
        }
        // The accent of Geneviève does not begin a word, as the letter of old code pages does.
        let (good, bad) = (read("Åke Öst", Region::West), read("èke ôst", Region::West));
        assert!(good.score > bad.score, "{} {}", good.score, bad.score);
        assert_eq!(read("Смирнов Юрьев Рыжков", Region::Own).language, Some("Russian"));
        assert_eq!(read("Żaneta Wiśniewska", Region::Central).language, Some("Polish"));
    }
}
