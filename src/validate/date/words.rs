//! The names of months and days of the week in the languages of Europe and in some of Asia.
//!
//! Names are normalised ([`crate::spelling::normalise`]) and in order. A name that means one month here
//! and another one there is left out: `listopad` is November in Poland and October in Croatia.

use crate::spelling::normalise;

/// Names of months and their usual short forms. English, French, German, Spanish, Italian, Portuguese,
/// Catalan, Dutch, the languages of Scandinavia, Finnish, Polish, Czech, Slovak, Croatian, Hungarian,
/// Romanian, Greek, Turkish, Russian, Ukrainian and Indonesian, with the case that dates take; the words that those of
/// Albanian, Armenian, Azerbaijani, the Balkans, the Baltic, Basque, Belarusian, Bulgarian, Filipino, Galician, Georgian,
/// Irish, Kazakh, Malay, Maltese, Uzbek and Welsh have beside these; and Arabic, Bengali, Hebrew, Hindi, Persian, Tajik,
/// Thai and Urdu, as far as their names are one word (Unicode CLDR).
#[rustfmt::skip]
#[expect(clippy::unicode_not_nfc, reason = "normal form takes letters apart")]
static MONTHS: &[(&str, i8)] = &[
    ("abendua", 12), ("abr", 4), ("abrell", 4), ("abril", 4), ("abuztua", 8), ("ago", 8),
    ("agost", 8), ("agosto", 8), ("agust", 8), ("agustos", 8), ("agustus", 8), ("aibrean", 4),
    ("aou", 8), ("aout", 8), ("apirila", 4), ("apr", 4), ("aprel", 4), ("april", 4), ("aprile", 4),
    ("aprilie", 4), ("aprilis", 4), ("aprill", 4), ("aralık", 12), ("aug", 8), ("august", 8),
    ("augusta", 8), ("augusti", 8), ("augusts", 8), ("augustus", 8), ("augusztus", 8),
    ("avgust", 8), ("avqust", 8), ("avr", 4), ("avril", 4), ("awst", 8), ("awwissu", 8),
    ("azaroa", 11), ("balandis", 4), ("balandzio", 4), ("beal", 5), ("bealtaine", 5), ("birz", 6),
    ("birzelio", 6), ("birzelis", 6), ("brezen", 3), ("brezna", 3), ("cer", 6), ("cerven", 6),
    ("cervence", 7), ("cervenec", 7), ("cervna", 6), ("chwef", 2), ("chwefror", 2), ("cvc", 7),
    ("cze", 6), ("czerwca", 6), ("czerwiec", 6), ("dec", 12), ("decembar", 12), ("december", 12),
    ("decembra", 12), ("decembre", 12), ("decembrie", 12), ("decembris", 12), ("decembro", 12),
    ("dekabr", 12), ("des", 12), ("desember", 12), ("desembre", 12), ("dets", 12),
    ("detsember", 12), ("dez", 12), ("dezember", 12), ("dezembro", 12), ("dfomh", 10),
    ("dhjetor", 12), ("dic", 12), ("dicembre", 12), ("dicembru", 12), ("diciembre", 12),
    ("disember", 12), ("disyembre", 12), ("duben", 4), ("dubna", 4), ("eanair", 1), ("ebrill", 4),
    ("ekaina", 6), ("ekim", 10), ("elokuu", 8), ("elokuuta", 8), ("ene", 1), ("enero", 1),
    ("eylul", 9), ("feabh", 2), ("feabhra", 2), ("feb", 2), ("febbr", 2), ("febbraio", 2),
    ("feber", 2), ("febr", 2), ("febreiro", 2), ("febrer", 2), ("febrero", 2), ("februar", 2),
    ("februari", 2), ("februarie", 2), ("februaris", 2), ("february", 2), ("fev", 2),
    ("fevereiro", 2), ("fevr", 2), ("fevral", 2), ("fevrier", 2), ("frar", 2), ("geguze", 5),
    ("geguzes", 5), ("gen", 1), ("gener", 1), ("gennaio", 1), ("giu", 6), ("giugno", 6),
    ("gorff", 7), ("gorffennaf", 7), ("gru", 12), ("grudnia", 12), ("grudzien", 12), ("gruod", 12),
    ("gruodis", 12), ("gruodzio", 12), ("gunju", 6), ("gush", 8), ("gusht", 8), ("haziran", 6),
    ("heinakuu", 7), ("heinakuuta", 7), ("helmikuu", 2), ("helmikuuta", 2), ("huhtikuu", 4),
    ("huhtikuuta", 4), ("hulyo", 7), ("hunyo", 6), ("hydref", 10), ("ian", 1), ("ianuarie", 1),
    ("ionawr", 1), ("iraila", 9), ("iuil", 7), ("iul", 7), ("iulie", 7), ("iun", 6), ("iunie", 6),
    ("iyul", 7), ("iyun", 6), ("jaan", 1), ("jaanuar", 1), ("jan", 1), ("janar", 1), ("janeiro", 1),
    ("jannar", 1), ("janner", 1), ("januar", 1), ("januari", 1), ("januarie", 1), ("january", 1),
    ("janv", 1), ("janvaris", 1), ("janvier", 1), ("joulukuu", 12), ("joulukuuta", 12), ("juil", 7),
    ("juillet", 7), ("juin", 6), ("jul", 7), ("jula", 7), ("julai", 7), ("julho", 7), ("juli", 7),
    ("julie", 7), ("julij", 7), ("julijs", 7), ("julio", 7), ("juliol", 7), ("julius", 7),
    ("july", 7), ("jun", 6), ("juna", 6), ("june", 6), ("junho", 6), ("juni", 6), ("junie", 6),
    ("junij", 6), ("junijs", 6), ("junio", 6), ("junius", 6), ("juny", 6), ("juuli", 7),
    ("juuni", 6), ("kasım", 11), ("kesakuu", 6), ("kesakuuta", 6), ("kolovoz", 8), ("kolovoza", 8),
    ("korr", 7), ("korrik", 7), ("kovas", 3), ("kovo", 3), ("kveten", 5), ("kvetna", 5), ("kwi", 4),
    ("kwiecien", 4), ("kwietnia", 4), ("lapkr", 11), ("lapkricio", 11), ("lapkritis", 11),
    ("led", 1), ("leden", 1), ("ledna", 1), ("liep", 7), ("liepa", 7), ("liepos", 7), ("lipanj", 6),
    ("lipca", 7), ("lipiec", 7), ("lipnja", 6), ("listopadu", 11), ("lokakuu", 10),
    ("lokakuuta", 10), ("lug", 7), ("luglio", 7), ("lulju", 7), ("lunasa", 8), ("lutego", 2),
    ("luty", 2), ("maaliskuu", 3), ("maaliskuuta", 3), ("maart", 3), ("maerz", 3), ("mag", 5),
    ("maggio", 5), ("mai", 5), ("maiatza", 5), ("maig", 5), ("maijs", 5), ("maio", 5), ("maj", 5),
    ("maja", 5), ("majus", 5), ("mar", 3), ("marc", 3), ("marca", 3), ("march", 3), ("marcius", 3),
    ("marco", 3), ("marec", 3), ("maret", 3), ("marraskuu", 11), ("marraskuuta", 11), ("mars", 3),
    ("marso", 3), ("mart", 3), ("marta", 3), ("martie", 3), ("marts", 3), ("martxoa", 3),
    ("marz", 3), ("marzec", 3), ("marzo", 3), ("marzu", 3), ("mawrth", 3), ("may", 5), ("mayo", 5),
    ("mayıs", 5), ("medi", 9), ("mehefin", 6), ("mei", 5), ("meith", 6), ("meitheamh", 6),
    ("mejju", 5), ("mfomh", 9), ("mrt", 3), ("mrz", 3), ("nentor", 11), ("nisan", 4),
    ("nobyembre", 11), ("noi", 11), ("noiembrie", 11), ("noll", 12), ("nollaig", 12), ("nov", 11),
    ("novembar", 11), ("november", 11), ("novembra", 11), ("novembre", 11), ("novembris", 11),
    ("novembro", 11), ("novembru", 11), ("noviembre", 11), ("noyabr", 11), ("ocak", 1), ("oct", 10),
    ("october", 10), ("octobre", 10), ("octombrie", 10), ("octubre", 10), ("ogos", 8), ("okt", 10),
    ("oktabr", 10), ("oktobar", 10), ("oktober", 10), ("oktobra", 10), ("oktobris", 10),
    ("oktoober", 10), ("oktubre", 10), ("oktyabr", 10), ("otsaila", 2), ("ott", 10),
    ("ottobre", 10), ("ottubru", 10), ("out", 10), ("outubro", 10), ("ozujak", 3), ("ozujka", 3),
    ("paz", 10), ("pazdziernik", 10), ("pazdziernika", 10), ("pebrero", 2), ("prill", 4),
    ("prosinac", 12), ("prosinca", 12), ("prosince", 12), ("prosinec", 12), ("qershor", 6),
    ("rhag", 12), ("rhagfyr", 12), ("rijen", 10), ("rijna", 10), ("rugp", 8), ("rugpjucio", 8),
    ("rugpjutis", 8), ("rugs", 9), ("rugsejis", 9), ("rugsejo", 9), ("rujan", 9), ("rujna", 9),
    ("samh", 11), ("samhain", 11), ("saus", 1), ("sausio", 1), ("sausis", 1), ("sentabr", 9),
    ("sentyabr", 9), ("sep", 9), ("sept", 9), ("septembar", 9), ("september", 9), ("septembra", 9),
    ("septembre", 9), ("septembrie", 9), ("septembris", 9), ("septiembre", 9), ("set", 9),
    ("setembre", 9), ("setembro", 9), ("setiembre", 9), ("sett", 9), ("settembre", 9),
    ("settembru", 9), ("setyembre", 9), ("shkurt", 2), ("shtator", 9), ("sie", 8), ("sierpien", 8),
    ("sierpnia", 8), ("sijecanj", 1), ("sijecnja", 1), ("spal", 10), ("spalio", 10), ("spalis", 10),
    ("srpanj", 7), ("srpen", 8), ("srpna", 8), ("srpnja", 7), ("studeni", 11), ("studenog", 11),
    ("studenoga", 11), ("sty", 1), ("styczen", 1), ("stycznia", 1), ("subat", 2), ("svibanj", 5),
    ("svibnja", 5), ("syyskuu", 9), ("syyskuuta", 9), ("szept", 9), ("szeptember", 9), ("tach", 11),
    ("tachwedd", 11), ("tammikuu", 1), ("tammikuuta", 1), ("temmuz", 7), ("tetor", 10),
    ("toukokuu", 5), ("toukokuuta", 5), ("travanj", 4), ("travnja", 4), ("unor", 2), ("unora", 2),
    ("urria", 10), ("urtarrila", 1), ("uztaila", 7), ("vasario", 2), ("vasaris", 2), ("veebr", 2),
    ("veebruar", 2), ("velj", 2), ("veljaca", 2), ("veljace", 2), ("wrz", 9), ("wrzesien", 9),
    ("wrzesnia", 9), ("xaneiro", 1), ("xullo", 7), ("xuno", 6), ("yanvar", 1), ("zari", 9),
    ("απρ", 4), ("απριλιος", 4), ("απριλιου", 4), ("αυγ", 8), ("αυγουστος", 8), ("αυγουστου", 8),
    ("δεκ", 12), ("δεκεμβριος", 12), ("δεκεμβριου", 12), ("ιαν", 1), ("ιανουαριος", 1),
    ("ιανουαριου", 1), ("ιουλιος", 7), ("ιουλιου", 7), ("ιουνιος", 6), ("ιουνιου", 6), ("μαιος", 5),
    ("μαιου", 5), ("μαρτιος", 3), ("μαρτιου", 3), ("νοε", 11), ("νοεμβριος", 11), ("νοεμβριου", 11),
    ("οκτ", 10), ("οκτωβριος", 10), ("οκτωβριου", 10), ("σεπ", 9), ("σεπτεμβριος", 9),
    ("σεπτεμβριου", 9), ("φεβ", 2), ("φεβρουαριος", 2), ("φεβρουαριου", 2), ("авг", 8),
    ("август", 8), ("августа", 8), ("апр", 4), ("апрел", 4), ("апрель", 4), ("апреля", 4),
    ("април", 4), ("ақп", 2), ("ақпан", 2), ("бер", 3), ("березень", 3), ("березня", 3), ("вер", 9),
    ("верасень", 9), ("верасня", 9), ("вересень", 9), ("вересня", 9), ("груд", 12), ("грудень", 12),
    ("грудня", 12), ("дек", 12), ("декабр", 12), ("декабрь", 12), ("декабря", 12), ("декември", 12),
    ("дец", 12), ("децембар", 12), ("жел", 12), ("желтоқсан", 12), ("жні", 8), ("жнівень", 8),
    ("жніуня", 8), ("жов", 10), ("жовт", 10), ("жовтень", 10), ("жовтня", 10), ("июл", 7),
    ("июль", 7), ("июля", 7), ("июн", 6), ("июнь", 6), ("июня", 6), ("кас", 10), ("кастрычнік", 10),
    ("кастрычніка", 10), ("кві", 4), ("квіт", 4), ("квітень", 4), ("квітня", 4), ("кра", 4),
    ("красавік", 4), ("красавіка", 4), ("липень", 7), ("липня", 7), ("лист", 11), ("листопад", 11),
    ("листопада", 11), ("лют", 2), ("лютага", 2), ("лютии", 2), ("лютого", 2), ("люты", 2),
    ("ліп", 7), ("ліпень", 7), ("ліпеня", 7), ("ліс", 11), ("лістапад", 11), ("лістапада", 11),
    ("маи", 5), ("мам", 5), ("мамыр", 5), ("мар", 3), ("март", 3), ("марта", 3), ("мау", 6),
    ("маусым", 6), ("мая", 5), ("мај", 5), ("нау", 3), ("наурыз", 3), ("нов", 11), ("новембар", 11),
    ("ное", 11), ("ноември", 11), ("ноя", 11), ("нояб", 11), ("ноябр", 11), ("ноябрь", 11),
    ("ноября", 11), ("окт", 10), ("октобар", 10), ("октомври", 10), ("октябр", 10), ("октябрь", 10),
    ("октября", 10), ("сак", 3), ("сакавік", 3), ("сакавіка", 3), ("сен", 9), ("сент", 9),
    ("сентябр", 9), ("сентябрь", 9), ("сентября", 9), ("сеп", 9), ("септембар", 9),
    ("септември", 9), ("сер", 8), ("серп", 8), ("серпень", 8), ("серпня", 8), ("сне", 12),
    ("снежань", 12), ("снежня", 12), ("сту", 1), ("студзень", 1), ("студзеня", 1), ("січ", 1),
    ("січень", 1), ("січня", 1), ("сәу", 4), ("сәуір", 4), ("там", 8), ("тамыз", 8), ("трав", 5),
    ("травень", 5), ("травня", 5), ("феб", 2), ("фебруар", 2), ("фев", 2), ("февр", 2),
    ("феврал", 2), ("февраль", 2), ("февраля", 2), ("февруари", 2), ("черв", 6), ("червень", 6),
    ("червня", 6), ("чэр", 6), ("чэрвень", 6), ("чэрвеня", 6), ("шіл", 7), ("шілде", 7), ("юли", 7),
    ("юни", 6), ("янв", 1), ("январ", 1), ("январь", 1), ("января", 1), ("яну", 1), ("януари", 1),
    ("јан", 1), ("јануар", 1), ("јануари", 1), ("јул", 7), ("јули", 7), ("јун", 6), ("јуни", 6),
    ("қаз", 10), ("қазан", 10), ("қар", 11), ("қараша", 11), ("қаң", 1), ("қаңтар", 1), ("қыр", 9),
    ("қыркүиек", 9), ("ապր", 4), ("ապրիլ", 4), ("ապրիլի", 4), ("դեկ", 12), ("դեկտեմբեր", 12),
    ("դեկտեմբերի", 12), ("հլս", 7), ("հնս", 6), ("հնվ", 1), ("հոկ", 10), ("հոկտեմբեր", 10),
    ("հոկտեմբերի", 10), ("հուլիս", 7), ("հուլիսի", 7), ("հունիս", 6), ("հունիսի", 6),
    ("հունվար", 1), ("հունվարի", 1), ("մայիս", 5), ("մայիսի", 5), ("մարտ", 3), ("մարտի", 3),
    ("մյս", 5), ("մրտ", 3), ("նոյ", 11), ("նոյեմբեր", 11), ("նոյեմբերի", 11), ("սեպ", 9),
    ("սեպտեմբեր", 9), ("սեպտեմբերի", 9), ("փետրվար", 2), ("փետրվարի", 2), ("փտվ", 2),
    ("օգոստոս", 8), ("օգոստոսի", 8), ("օգս", 8), ("אוג", 8), ("אוגוסט", 8), ("אוק", 10),
    ("אוקטובר", 10), ("אפר", 4), ("אפריל", 4), ("באוג", 8), ("באוגוסט", 8), ("באוק", 10),
    ("באוקטובר", 10), ("באפר", 4), ("באפריל", 4), ("בדצמ", 12), ("בדצמבר", 12), ("ביולי", 7),
    ("ביוני", 6), ("בינו", 1), ("בינואר", 1), ("במאי", 5), ("במרץ", 3), ("בנוב", 11),
    ("בנובמבר", 11), ("בספט", 9), ("בספטמבר", 9), ("בפבר", 2), ("בפברואר", 2), ("דצמ", 12),
    ("דצמבר", 12), ("יולי", 7), ("יוני", 6), ("ינו", 1), ("ינואר", 1), ("מאי", 5), ("מרץ", 3),
    ("נוב", 11), ("נובמבר", 11), ("ספט", 9), ("ספטמבר", 9), ("פבר", 2), ("פברואר", 2), ("اوت", 8),
    ("آب", 8), ("آذار", 3), ("آوریل", 4), ("أبريل", 4), ("أغسطس", 8), ("أفريل", 4),
    ("أكتوبر", 10), ("أوت", 8), ("أيار", 5), ("أيلول", 9), ("اپریل", 4), ("اکتبر", 10),
    ("اکتوبر", 10), ("اگست", 8), ("تموز", 7), ("جانفي", 1), ("جنوری", 1), ("جوان", 6),
    ("جولائی", 7), ("جون", 6), ("جويلية", 7), ("حزيران", 6), ("دسامبر", 12), ("دسمبر", 12),
    ("ديسمبر", 12), ("سبتمبر", 9), ("ستمبر", 9), ("سپتامبر", 9), ("شباط", 2), ("فبراير", 2),
    ("فروری", 2), ("فوریه", 2), ("فيفري", 2), ("مارس", 3), ("مارچ", 3), ("ماي", 5), ("مايو", 5),
    ("مئی", 5), ("نوامبر", 11), ("نوفمبر", 11), ("نومبر", 11), ("نيسان", 4), ("يناير", 1),
    ("يوليو", 7), ("يونيو", 6), ("ژانویه", 1), ("ژوئن", 6), ("ژوئیه", 7), ("अकटू", 10),
    ("अकटूबर", 10), ("अगसत", 8), ("अपरैल", 4), ("जनवरी", 1), ("जुल", 7), ("जुलाई", 7), ("जून", 6),
    ("दिस", 12), ("दिसंबर", 12), ("नवंबर", 11), ("फरवरी", 2), ("मई", 5), ("मारच", 3), ("सित", 9),
    ("सितंबर", 9), ("অকটো", 10), ("অকটোবর", 10), ("আগসট", 8), ("এপরি", 4), ("এপরিল", 4),
    ("জানু", 1), ("জানুযারি", 1), ("জুন", 6), ("জুল", 7), ("জুলাই", 7), ("ডিসে", 12),
    ("ডিসেমবর", 12), ("নভে", 11), ("নভেমবর", 11), ("ফেব", 2), ("ফেবরুযারি", 2), ("মারচ", 3),
    ("মে", 5), ("সেপ", 9), ("সেপট", 9), ("সেপটেমবর", 9), ("กรกฎาคม", 7), ("กันยายน", 9),
    ("กุมภาพันธ", 2), ("ตุลาคม", 10), ("ธันวาคม", 12), ("พฤศจิกายน", 11), ("พฤษภาคม", 5),
    ("มกราคม", 1), ("มิถุนายน", 6), ("มีนาคม", 3), ("สิงหาคม", 8), ("เมษายน", 4), ("აგვ", 8),
    ("აგვისტო", 8), ("აპრ", 4), ("აპრილი", 4), ("დეკ", 12), ("დეკემბერი", 12), ("თებ", 2),
    ("თებერვალი", 2), ("იან", 1), ("იანვარი", 1), ("ივლ", 7), ("ივლისი", 7), ("ივნ", 6),
    ("ივნისი", 6), ("მაი", 5), ("მაისი", 5), ("მარ", 3), ("მარტი", 3), ("ნოე", 11),
    ("ნოემბერი", 11), ("ოქტ", 10), ("ოქტომბერი", 10), ("სექ", 9), ("სექტემბერი", 9),
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

/// The month that Roman numerals name, as people write it in the east of Europe: `3.V.1990`.
pub(super) fn roman_month(word: &str) -> Option<i8> {
    const NUMERALS: [&str; 12] =
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    (1..).zip(NUMERALS).find(|(_, numeral)| *numeral == word).map(|(month, _)| month)
}

/// The day of the week that a word names, from Monday as 1.
pub(super) fn weekday(word: &str) -> Option<i8> {
    let word = normalise(word);
    let at = WEEKDAYS.binary_search_by_key(&word.as_str(), |(name, _)| name).ok()?;
    WEEKDAYS.get(at).map(|(_, day)| *day)
}

/// Whether a word is a month in any of the languages.
pub(in crate::validate) fn is_month(word: &str) -> bool {
    month(word).is_some()
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
            ("gegužės", Some(5)),
            ("мај", Some(5)),
            ("พฤษภาคม", Some(5)),
            ("मई", Some(5)),
            ("مايو", Some(5)),
            ("lis", None),
            ("srp", None),
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
