//! Which letters beyond ASCII a language writes, the most frequent first: what tells a right
//! reading of a file from a wrong one.

/// A language as the encodings of its texts see it.
pub(super) struct Language {
    /// Its name in messages.
    pub(super) name: &'static str,
    /// Its letters beyond ASCII in lower case, by frequency.
    pub(super) letters: &'static str,
    /// Whether its letters are those of the Latin alphabet, of which only the rarer ones are here.
    pub(super) latin: bool,
}

const fn latin(name: &'static str, letters: &'static str) -> Language {
    Language { name, letters, latin: true }
}

const fn own(name: &'static str, letters: &'static str) -> Language {
    Language { name, letters, latin: false }
}

/// The languages that are told apart.
pub(super) static LANGUAGES: &[Language] = &[
    latin("French", "éèàêçôîâûùëïœü"),
    latin("German", "üäößéè"),
    latin("Spanish", "óíáéñúü"),
    latin("Portuguese", "ãçéáíóêõâúôàü"),
    latin("Italian", "àèòùéìî"),
    latin("Catalan", "àóéèíòçúïü"),
    latin("Dutch", "ëéïèöüêç"),
    latin("Danish or Norwegian", "øåæéöäüòô"),
    latin("Swedish or Finnish", "äöåéüèà"),
    latin("Estonian", "äõüöšž"),
    latin("Icelandic", "ðáíóþéæúöý"),
    latin("Irish", "áéíóú"),
    latin("Welsh", "ŵâŷêôîûï"),
    latin("Polish", "łóąężśćńź"),
    latin("Czech", "íáéěýžčřšůúťňóď"),
    latin("Slovak", "áíéčžšýúľťôóňďäĺŕ"),
    latin("Hungarian", "áéöőóüíúű"),
    latin("Romanian", "ăîâșțşţ"),
    latin("Croatian or Slovene", "čšžćđ"),
    latin("Albanian", "ëç"),
    latin("Turkish", "ıüşğçöâî"),
    latin("Latvian", "āīēšūņļžķčģ"),
    latin("Lithuanian", "ėšžųįūčąę"),
    latin("Maltese", "ħġżċàèòù"),
    latin("Esperanto", "ĉĝŭŝĵĥ"),
    latin("Vietnamese", "đảạáàấếâêôơưăịộớốồểễớờữựừứủụợọỏõòóốẩậầắặằẵẳéèẻẽẹềệíìỉĩúùũùýỳỷỹỵ\u{301}\u{300}\u{323}\u{309}\u{303}"),
    own("Russian", "оаеинтрсвлкмдпуяыьгзбчйхжшюцщэфъё"),
    own("Ukrainian", "оаиніветрслкдумпзяьбгчйхцжюїєшфщґ"),
    own("Bulgarian", "аоиентрсвлкдпмзгуъябчщцжхшюйфь"),
    own("Serbian or Macedonian", "аоиенрстјувкмдлпзгбчшцћхжђљњфџѓќѕ"),
    own("Belarusian", "аніеоырсялдткувмпзцьчбгшхйюжфўэё"),
    own("Greek", "αοιετσνηυρπκμλςίάόωέδγήχθύφώβξζψϊϋΐ"),
    own("Hebrew", "יוהלאתרמבשנכעדחפקסגטזצםןךףץ"),
    own("Arabic", "الينمرتوبدهكعفسقحشجصخطةىأثئءإضذغزظؤآ"),
    own("Persian", "ایرندمهوتبسشکلزگفعقخجحپصطچضژغظذثئآءأؤ"),
    own("Thai", "านรก่อเงม้ัิยลวดทสตะีปุบคหแจพชำู์ื็ถผโใไซธณข็ศภฐึฉษญฟๆฮฎฝฌฏฑฆฒฬ"),
    own("Japanese", "のにはいをとたがしでてるなれかすっもまりらうこあきよくさんけそだえせつどわみめろちごじおアイスンルトリードジラクシレロフコマタパプグテデバムメサキニカナ東京田中山本日人大木村川藤高野小林井松清水鈴佐市区県町会社氏名前電話年月時"),
    own("Chinese", "的一是不在人有我了中大国來来上个個为為們们到说說时時要就出会會可也你对對生能而子那得于於着下自之年过過发發后後作里用道行所然家种種事成方多经經么去法学學如都同现現当當没动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日军者意无無力它与與长長把机機十民第公此已工使情明性知全三又关點正业業外将將两高间間由问問很最重物手应戰战向头頭文体體政美相见見被利什二等产或新己制身果加西斯月话話合回特代内信化老给給世位次度门門任常先海通教儿東东声提立及比员員解水名真论處处走义各入几口认條条平系气氣题活尔更别打女变變四神总何電电数數安少报報才结反受目太量再感建务做接必场場件计計管期市直德资資命山金指克许許统區区保至队隊形社便空决治展马科司五基眼书書非则聽听白却界达達光放强強即像难難且权權思王象完设設式色路记記南品住告类類求据程北边死张張该該交规規万萬取拉格望觉覺术術领領共确確传傳師观清今切院让識识候带帶导導争運运李陈陳林黄黃"),
    own("Korean", "이다는에의을가고하지로은한기도사를나자리어서인대그아있해시정일보라과전수여장부만들주구상성것면제으니원와적안우게공소비년화동국마유선생신세경요무러조거야말간실분모되내두영물트스용오김박최강윤임진민현준재연혜미희"),
];
