//! Nothing is said of what people write in many languages; what was read in a wrong encoding is found, undone or named.

use super::*;

/// Names, towns and phrases as people write them: nothing may be said of any of them.
const GOOD: &str = "\
São Paulo|João|Conceição|Ângela|Â|Ã|ã|Estêvão|Goiânia|Antônio|Magalhães|Simões|Brandão|Assunção|ÂNGELA CONCEIÇÃO|JOÃO SIMÕES|MÃE|IRMÃ|Luís Guimarães|Mônica|Érica|Ítalo|Óscar|Úrsula|Vitória|Uberlândia|Cuiabá|Amapá|Paraná|Ação|PÃO|Açaí|\
Zoë|Noël|Anaïs|Loïc|Chloé|Éloïse|François|Françoise|Jérôme|Hélène|Aimée|Benoît|Côme|Gaëlle|Maëlys|Père Noël|L’Hôpital|L’Haÿ-les-Roses|Châteauroux|Besançon|Nîmes|Œuvre|CÉLINE|ÉLODIE|ANAÏS|Âge|Île-de-France|Être|À bientôt|Ça va|DÉJÀ VU|où|Señor|« Café »|«\u{a0}Café\u{a0}»|Café\u{a0}»|Noé\u{a0}»|l’été|n° 5|Nº 12|1ª planta|2ème étage|À|É|È|Ê|Ô|\
José|María|Peña|Muñoz|Núñez|Ibáñez|Íñigo|Ángel|Óscar|Begoña|Añover|ESPAÑA|MUÑOZ|NIÑO|PEÑA|IBÁÑEZ|Güell|Argüelles|Sigüenza|¿Qué?|¡Hola!|A Coruña|Cádiz|Málaga|Jaén|León|Martín|Ramón|Iñaki|Ñuñoa|Ñ|\
Müller|Jürgen|Jörg|Jäger|Groß|Strauß|Größe|Weiß|Öztürk|ÄÖÜ|Übelacker|MÜLLER|GROẞ|Straße 5|„Groß“|„Ä“|»Groß«|Köln|Düsseldorf|Zürich|Österreich|ÖSTERREICH|Händel|Böhm|Füßli|Spaß|Schäfer|Überlingen|\
Åsa|Åse|Øystein|Øyvind|Æther|Sørensen|Jørgensen|Kjær|Nygård|Ålesund|Tromsø|Århus|Ærø|Ø|Å|Ö|Malmö|Göteborg|Västerås|Sjöström|Åkesson|Björn|Märta|Ängelholm|Örebro|BJÖRK|ÅNGSTRÖM|SØREN|Hämäläinen|Mäkinen|Väinämöinen|Jyväskylä|Hyvää päivää|ÄÄNEKOSKI|Yliö|Töölö|Põltsamaa|Pärnu|Jõgeva|Õnne|Šahh|Žanna|KÄÄRIK|TÕNU|JÄÄÄÄR|\
Guðmundur|Þórður|Björk Guðmundsdóttir|Sigurðsson|Ísafjörður|Ægir|Þór|ÞÓRA|Ó Briain|Séamus|Síle|Máire Ní Dhómhnaill|Ó|Siân|Llŷr|Tŷ|\
Łukasz|Michał|Żaneta|Świętosław|Gdańsk|Łódź|Kraków|Wrocław|Częstochowa|Źródło|Ćwikła|ŁÓDŹ|ŻÓŁĆ|Żółć|Ąę|Jędrzej|Krzyżanowski|Wiśniewski|\
Jiří|Dvořák|Šárka|Žďár|Černý|Růžena|Třebíč|Plzeň|Ústí|Děčín|ŽIŽKA|ŠÁRKA|ČÁSLAV|Ľudovít|Ďuriš|Štúr|Košice|Žilina|Trenčín|Nováková|\
Kovács|Győr|Székesfehérvár|Őze|Űrhajós|Hódmezővásárhely|László|Gyöngyösi|ŐRSÉG|Ágnes|Éva|Ödön|\
Ștefan|Ţepeş|Țepeș|Iași|Brașov|Târgu Mureș|Înălțimea|Ăla|Băsescu|ȘTEFAN|ȚĂRANU|Î|Â|Câmpulung|Râmnicu|Gheorghiță|\
Đorđević|Šarić|Žižek|Čačak|Ćosić|Šibenik|Koš|ŠIŠKA|Đ|Ž|Škoda|Čapek|Kovačević|Ljubiša|DŽAJIĆ|Å|\
Gülşen|Çağlar|Şükrü|İbrahim|Iğdır|Ümit|Özgür|Ayşe|Eskişehir|Ağrı|ÇAĞLA|ŞIRNAK|ĞÜŞ|Işık|\
Jānis|Ģirts|Ķemeri|Liepāja|Šķēde|Žubīte|Ēriks|Jūrmala|Žemaitė|Šiauliai|Panevėžys|Gediminas Ąžuolas|Ūla|Įvaras|Ųž|\
Nguyễn|Trần Thị Hồng|Đặng|Phạm Văn Đồng|Hồ Chí Minh|Đà Nẵng|Huế|Ấn|Ânh|Lê Ý|Ưng|Ơi|Võ|Bùi|Đỗ|Thuỷ|Bình|\
Ħaż-Żebbuġ|Ġorġ|Żurrieq|Ĉarlo|Ŝanĝo|Ëlbasan|Gjergj Kastrioti Skënderbeu|Durrës|Çelë|\
Иван|Мария|Екатеринбург|Ёлкин|Щукин|ЖУКОВ|Санкт-Петербург|ПЁТР|«Ромашка»|№ 5|Є|Її|Юрій|Олексій|Лі|Київ|Львів|Її|ґанок|ВІТАЛІЙ|СІРІ|РІВНЕ|Ђорђе|Љиљана|Њего|Џон|Ћирић|Ѓорѓи|Ќамил|Ў|Быкаў|Магілёў|София|Пловдив|Ангел|\
Γιώργος|Ελένη|Αθήνα|ΘΕΣΣΑΛΟΝΙΚΗ|Ύδρα|Άννα|Ώρα|יוסף|שרה|תל אביב|محمد|فاطمة|القاهرة|دبي|تهران|گلناز|สมชาย|กรุงเทพ|\
田中太郎|佐藤花子|東京都|やまだ|ヤマダ|ﾔﾏﾀﾞ|王伟|李娜|北京|張偉|臺北|김민준|이서연|서울|박|लक्ष्मी|অনিতা|தமிழ்|Հայկ|გიორგი|\
20 °C|Ø 32 mm|50 €|€ 20|£5|§ 5|© 2024|Acme® Ltd|Foo™|“Bob”|‘Bob’|Bob’s|O’Brien|d’Arc|it’s – ok|…|A–Z|a — b|½ l|m²|±5|×3|×|÷|µ|•|·|Paral·lel|naïve|façade|“JOSÉ”|“PEÑA”|RENÉ’S|CAFÉ®|CAFÉ™|JOSÉ…|LUÍS–ANA|“FÅ”|“Ø”|“Å”|Å…|Å’s|МUZЕЈSKI|TÜV®|Citroën™|’s-Hertogenbosch|Ça|Œ|Sœur|Ŝ|ﬁ|Ａｂｃ|\
Smith & Sons|a=b|Why?|Really? Yes|What? No|Tom & Jerry; Co|R&D|AT&T|50%|100% cotton|q?|?|C=C|a&b;c|x=20|https://example.org/?q=M%20r&x=1|example.org/a?b=c|";

#[test]
fn nothing_is_said_of_good_text() {
    let good: Vec<&str> = GOOD.split('|').filter(|text| !text.is_empty()).collect();
    assert!(good.len() > 400, "{}", good.len());
    for text in good {
        assert_eq!(wreck(text), None, "{text:?}");
    }
}

/// UTF-8 read in another encoding, as Python's `str.encode('utf-8').decode(wrong)` gives it.
fn scramble(text: &str, mistake: &Mistake) -> Option<String> {
    let byte = |byte: u8| match mistake.table {
        _ if byte.is_ascii() => Some(char::from(byte)),
        Table::Web(encoding) => encoding.decode_without_bom_handling(&[byte]).0.chars().next(),
        Table::Own(chars) => chars.chars().nth(usize::from(byte) - 0x80),
    };
    text.bytes().map(byte).collect::<Option<String>>().filter(|text| !text.contains('\u{fffd}'))
}

#[test]
fn what_was_scrambled_is_found_and_undone() {
    let words = "José|São João|Müller|Zoë Noël|Åse|ÅSA|Čapek|Żółć|Őze|Ștefan|Gülşen|L’été|“Zoë”|50 €|naïve – ok|\
                 Иван|Ђорђе|Київ|Γιώργος|שרה|محمد|田中|王伟|김민준|Nguyễn|สมชาย|20 °C|À bientôt|José & María|Conceição";
    let mut wrong = Vec::new();
    for mistake in MISTAKES {
        for word in words.split('|') {
            let Some(harmed) = scramble(word, mistake) else { continue };
            let found = original(&harmed).map(|(text, _)| text);
            if found.as_deref() != Some(word) {
                wrong.push((word, mistake.name, harmed, found));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn wreckage_is_named_with_what_it_should_read() {
    for (text, code, after) in [
        ("JosÃ©", "text-mojibake", Some("José")),
        ("JosÃƒÂ©", "text-mojibake", Some("José")),
        ("São JosÃ©", "text-mojibake", Some("São José")),
        ("voilÃ ", "text-mojibake", Some("voilà")),
        ("itâ€™s", "text-mojibake", Some("it’s")),
        ("â€œBobâ€", "text-mojibake", None),
        ("Ð˜Ð²Ð°Ð½", "text-mojibake", Some("Иван")),
        ("Èâàí", "text-mojibake", Some("Иван")),
        ("Åêàòåðèíáóðã", "text-mojibake", Some("Екатеринбург")),
        ("Ãéþñãïò", "text-mojibake", Some("Γιώργος")),
        ("Jos\u{fffd}", "text-lost", None),
        ("Josï¿½", "text-lost", None),
        ("Jos&eacute;", "text-escaped", Some("José")),
        ("Jos&#233; &amp; Ana", "text-escaped", Some("José & Ana")),
        ("Jos&#xE9;", "text-escaped", Some("José")),
        ("Jos%C3%A9", "text-escaped", Some("José")),
        ("Jos=C3=A9", "text-escaped", Some("José")),
        ("M?ller", "text-holed", None),
    ] {
        let found = wreck(text).unwrap_or_else(|| panic!("{text:?} is not found"));
        assert_eq!((found.code.id, found.after.as_deref()), (code, after), "{text:?}");
    }
}
