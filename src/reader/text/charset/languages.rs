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
    /// For whose encodings it belongs to.
    pub(super) region: Region,
}

/// Languages that share their encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// Western and northern Europe, the Americas.
    West,
    /// The same, but few people write it.
    WestRare,
    /// Central Europe.
    Central,
    /// The Baltic states.
    Baltic,
    /// Turkey.
    Turkey,
    /// Malta, and Esperanto.
    South,
    /// Wales.
    Celtic,
    /// Viet Nam.
    VietNam,
    /// Where an alphabet of its own shows the encoding.
    Own,
}

const fn latin(region: Region, name: &'static str, letters: &'static str) -> Language {
    Language { name, letters, latin: true, region }
}

const fn own(name: &'static str, letters: &'static str) -> Language {
    Language { name, letters, latin: false, region: Region::Own }
}

/// The languages that are told apart.
pub(super) static LANGUAGES: &[Language] = &[
    latin(Region::West, "French", "éèàêçôîâûùëïœü"),
    latin(Region::West, "German", "üäößéè"),
    latin(Region::West, "Spanish", "óíáéñúü"),
    latin(Region::West, "Portuguese", "ãçéáíóêõâúôàü"),
    latin(Region::West, "Italian", "àèòùéìî"),
    latin(Region::WestRare, "Catalan", "àóéèíòçúïü"),
    latin(Region::West, "Dutch", "ëéïèöüêç"),
    latin(Region::West, "Danish or Norwegian", "øåæéöäüòô"),
    latin(Region::West, "Swedish", "äöåéüèà"),
    latin(Region::West, "Finnish", "äöå"),
    latin(Region::Baltic, "Estonian", "äõüöšž"),
    latin(Region::WestRare, "Icelandic", "ðáíóþéæúöý"),
    latin(Region::WestRare, "Irish", "áéíóú"),
    latin(Region::Celtic, "Welsh", "ŵâŷêôîûï"),
    latin(Region::Central, "Polish", "łóąężśćńź"),
    latin(Region::Central, "Czech", "íáéěýžčřšůúťňóď"),
    latin(Region::Central, "Slovak", "áíéčžšýúľťôóňďäĺŕ"),
    latin(Region::Central, "Hungarian", "áéöőóüíúű"),
    latin(Region::Central, "Romanian", "ăîâșțşţ"),
    latin(Region::Central, "Croatian or Slovene", "čšžćđ"),
    latin(Region::WestRare, "Albanian", "ëç"),
    latin(Region::Turkey, "Turkish", "ıüşğçöâî"),
    latin(Region::Baltic, "Latvian", "āīēšūņļžķčģ"),
    latin(Region::Baltic, "Lithuanian", "ėšžųįūčąę"),
    latin(Region::South, "Maltese", "ħġżċàèòù"),
    latin(Region::South, "Esperanto", "ĉĝŭŝĵĥ"),
    latin(
        Region::VietNam,
        "Vietnamese",
        "đảạáàấếâêôơưăịộớốồểễớờữựừứủụợọỏõòóốẩậầắặằẵẳéèẻẽẹềệíìỉĩúùũùýỳỷỹỵ\u{301}\u{300}\u{323}\u{309}\u{303}",
    ),
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
    own(
        "Japanese",
        "のにはいをとたがしでてるなれかすっもまりらうこあきよくさんけそだえせつどわ佐藤鈴木高橋田中伊渡辺邊吉々口崎斎池阿部石坂遠青福太浦岡竹金子和内柴酒工横宮安島谷丸今原増直樹郎花陽香織恵裕健翔輔拓真千代京都府阪浜屋神戸札幌仙広葉埼玉郡幸涼平知実康男雄秀明美春夏秋冬桃優希奈菜翼聡智淳修亮洋舞里沙友由郵便番号住所様株式会社みめろちごじおアイスンルトリードジラクシレロフコマタパプグテデバムメサキニカナ東山本日人大村川野小林井松清水市区県町氏名前電話年月時",
    ),
    own(
        "Chinese",
        "的一是不在人有我了中大国來来上个個为為們们到说說时時要就出会會可也你对對生能而子那得于於着下自之年过過发發后後作里用道行所然家种種事成方多经經么去法学學如都同现現当當没动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日军者意无無力它与與长長把机機十民第公此王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔汤伟芳娜秀英敏静丽磊洋勇艳杰娟涛超兰霞刚桂建华玉红梅文辉鹏宇浩欣怡婷雪琴云莉晨旭京海广州深圳津重庆汉南杭省市县街號号張劉楊趙吳馬羅鄭謝許韓馮鄧葉蘇呂盧鍾譚陸範賈鄒君雅淑芬玲志俊傑豪宏臺雄桃園竹板橋蓁宜佳蓉惠珍姓名电話邮箱郵電鄉鎮已工使情明性知全三又关點正业業外将將两间間由问問很最物手应戰战向头頭体體政美相见見被利什二等产或新己制身果加西斯月话合回特代内信化老给給世位次度门門常先通教儿東东声提立及比员員解水真论處处走义各入几口认條条平系气氣题活尔更别打女变變四神总数數安少报報才结反受目太量再感务做接必场場件计計管期直德资資命山指克统區区保至队隊形社便空决治展科司五基眼书書非则聽听却界达達光放强強即像难難且权權思象完设設式色路记記品住告类類求据北边死该該交规規萬取拉格望觉覺术術领領共确確传傳師观清今切院让識识候带帶导導争運运陳黃",
    ),
    own(
        "Korean",
        "이다는에의을가고하지로은한기도사를나자리어서인대그아있해시정일보라과전수여장부만들주구상성것면제으니원와적안우게공소비년화동국마유선생신세경요무러조거야말간실분모되내두영물트스용오김박최강윤임진민현준재연혜미희",
    ),
];
