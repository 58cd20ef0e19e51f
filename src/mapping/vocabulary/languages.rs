//! What the plain headers of people's fields are called in other languages than those that all words
//! of headers are known in: a sheet of theirs has a few columns, each with one or two words.
//!
//! Words are in small letters and without accents. A word that two languages share means the same in
//! both, and nothing else in English, French or German.

/// The words of one language: what each stands for, and how it is written.
type Language = &'static [(&'static str, &'static str)];

/// All of them.
pub(super) const LANGUAGES: &[Language] = &[
    SPANISH,
    PORTUGUESE,
    ITALIAN,
    DUTCH,
    NORDIC,
    FINNISH,
    POLISH,
    CZECH,
    SOUTH_SLAVIC,
    HUNGARIAN,
    ROMANIAN,
    TURKISH,
    GREEK,
    RUSSIAN,
    UKRAINIAN,
    INDONESIAN,
    CHINESE,
    JAPANESE,
    KOREAN,
    ARABIC,
    HEBREW,
];

const SPANISH: Language = &[
    ("email", "correo"),
    ("electronic", "electronico electronica"),
    ("address", "direccion"),
    ("phone", "telefono telefonos tlf"),
    ("mobile", "movil celular"),
    ("name", "nombre nombres"),
    ("last name", "apellido apellidos cognom cognoms"),
    ("full", "completo"),
    ("birth", "nacimiento cumpleanos"),
    ("born", "nacido nacida"),
    ("date", "fecha"),
    ("gender", "sexo genero"),
    ("company", "empresa"),
];

const PORTUGUESE: Language = &[
    ("electronic", "eletronico"),
    ("address", "endereco morada"),
    ("phone", "telefone"),
    ("mobile", "celular telemovel"),
    ("name", "nome"),
    ("last name", "sobrenome"),
    ("full", "completo"),
    ("birth", "nascimento nasc aniversario"),
    ("born", "nascido nascida"),
    ("date", "dt"),
    ("gender", "sexo genero"),
    ("company", "empresa"),
];

const ITALIAN: Language = &[
    ("address", "indirizzo"),
    ("phone", "telefono"),
    ("mobile", "cellulare"),
    ("name", "nome"),
    ("last name", "cognome"),
    ("full", "completo"),
    ("birth", "nascita compleanno"),
    ("born", "nato nata"),
    ("gender", "sesso"),
    ("company", "azienda"),
];

const DUTCH: Language = &[
    ("address", "adres"),
    ("phone", "telefoon"),
    ("mobile", "mobiel mobiele"),
    ("name", "naam"),
    ("first name", "voornaam voornamen roepnaam"),
    ("last name", "achternaam familienaam"),
    ("full", "volledige"),
    ("birth", "geboorte verjaardag"),
    ("gender", "geslacht"),
    ("company", "bedrijf"),
];

/// Danish, Norwegian and Swedish.
const NORDIC: Language = &[
    ("email", "epost"),
    ("name", "namn navn"),
    ("first name", "fornamn fornavn"),
    ("last name", "efternamn efternavn etternavn"),
    ("full", "fullstandigt fulde"),
    ("birth", "fodelsedatum fodelsedag fødselsdato fødselsdag"),
    ("gender", "kjønn køn kon"),
    ("company", "foretag"),
];

const FINNISH: Language = &[
    ("email", "sahkoposti"),
    ("address", "osoite"),
    ("phone", "puhelin puhelinnumero puh"),
    ("mobile", "matkapuhelin"),
    ("name", "nimi"),
    ("first name", "etunimi etunimet"),
    ("last name", "sukunimi"),
    ("birth", "syntymaaika syntymapaiva synt"),
    ("date", "aika"),
    ("gender", "sukupuoli"),
];

const POLISH: Language = &[
    ("address", "adres"),
    ("phone", "telefonu"),
    ("mobile", "komorkowy komorka"),
    ("number", "numer"),
    ("name", "imie"),
    ("last name", "nazwisko"),
    ("birth", "urodzenia urodzin urodz ur"),
    ("gender", "płec"),
];

/// Czech and Slovak.
const CZECH: Language = &[
    ("email", "emailova"),
    ("address", "adresa"),
    ("phone", "telefonni"),
    ("number", "cislo"),
    ("name", "jmeno meno"),
    ("last name", "prijmeni priezvisko"),
    ("birth", "narozeni narodenia nar"),
    ("gender", "pohlavi pohlavie"),
];

/// Bosnian, Croatian, Serbian and Slovene.
const SOUTH_SLAVIC: Language = &[
    ("mobile", "mobitel"),
    ("name", "ime"),
    ("last name", "prezime priimek"),
    ("birth", "rođenja rojstva"),
    ("gender", "spol"),
];

const HUNGARIAN: Language = &[
    ("phone", "telefonszam"),
    ("name", "nev"),
    ("full", "teljes"),
    ("first name", "keresztnev utonev"),
    ("last name", "vezeteknev"),
    ("birth", "szuletesi szul"),
    ("date", "ido"),
    ("gender", "nem neme"),
];

const ROMANIAN: Language = &[
    ("number", "numar"),
    ("name", "nume numele"),
    ("first name", "prenume prenumele"),
    ("family", "familie"),
    ("birth", "nasterii"),
];

const TURKISH: Language = &[
    ("email", "eposta"),
    ("address", "adresi"),
    ("name", "adı adınız isim"),
    ("last name", "soyad soyadı soyadınız soyisim"),
    ("birth", "dogum"),
    ("date", "tarihi"),
    ("gender", "cinsiyet cinsiyeti"),
];

const GREEK: Language = &[
    ("phone", "τηλεφωνο"),
    ("mobile", "κινητο"),
    ("name", "ονομα"),
    ("first last", "ονοματεπωνυμο"),
    ("last name", "επωνυμο"),
    ("birth", "γεννησης"),
    ("date", "ημερομηνια ημ"),
    ("gender", "φυλο"),
];

const RUSSIAN: Language = &[
    ("email", "почта почты"),
    ("electronic", "эл электронная электроннои"),
    ("address", "адрес"),
    ("phone", "телефон телефона"),
    ("mobile", "мобильныи мобильного сотовыи"),
    ("number", "номер"),
    ("name", "имя"),
    ("last name", "фамилия"),
    ("last first", "фио"),
    ("birth", "рождения"),
    ("date", "дата"),
    ("gender", "пол"),
];

const UKRAINIAN: Language = &[
    ("email", "пошта"),
    ("electronic", "електронна"),
    ("address", "адреса"),
    ("phone", "телефону"),
    ("mobile", "мобільнии"),
    ("name", "імʼя"),
    ("last name", "прізвище"),
    ("last first", "піб"),
    ("birth", "народження"),
    ("gender", "стать"),
];

const INDONESIAN: Language = &[
    ("address", "alamat"),
    ("phone", "telepon"),
    ("mobile", "ponsel"),
    ("number", "nomor"),
    ("name", "nama"),
    ("birth", "lahir"),
    ("date", "tanggal"),
];

const CHINESE: Language = &[
    ("email", "电子邮件 电子邮箱 邮箱 邮箱地址 電子郵件 電子信箱"),
    ("phone", "电话 电话号码 联系电话 電話 電話號碼 聯絡電話"),
    ("mobile", "手机 手机号 手机号码 手機 手機號碼"),
    ("name", "名字"),
    ("first name", "名"),
    ("last name", "姓 姓氏"),
    ("last first", "姓名"),
    ("birth", "出生日期 生日"),
    ("gender", "性别 性別"),
];

const JAPANESE: Language = &[
    ("email", "メール メールアドレス"),
    ("phone", "電話 電話番号"),
    ("mobile", "携帯 携帯電話 携帯電話番号 携帯番号"),
    ("first name", "名"),
    ("last name", "姓"),
    ("name", "お名前 名前"),
    ("last first", "氏名"),
    ("birth", "生年月日"),
    ("gender", "性別"),
];

const KOREAN: Language = &[
    ("email", "이메일"),
    ("phone", "전화 전화번호 연락처"),
    ("mobile", "휴대폰 휴대전화 핸드폰 휴대폰번호 휴대전화번호 핸드폰번호"),
    ("number", "번호"),
    ("name", "이름"),
    ("last name", "성"),
    ("last first", "성명"),
    ("birth", "생년월일"),
    ("gender", "성별"),
];

const ARABIC: Language = &[
    ("email", "البريد بريد الإيميل الايميل إيميل ايميل"),
    ("electronic", "الإلكتروني الالكتروني إلكتروني الكتروني"),
    ("address", "العنوان عنوان"),
    ("phone", "الهاتف هاتف"),
    ("mobile", "الجوال جوال المحمول الموبايل موبايل"),
    ("number", "رقم"),
    ("name", "الاسم الإسم اسم"),
    ("first", "الأول الاول"),
    ("last", "الأخير الاخير"),
    ("family", "العائلة العائله"),
    ("full", "الكامل"),
    ("birth", "الميلاد ميلاد"),
    ("date", "تاريخ"),
    ("gender", "الجنس"),
];

const HEBREW: Language = &[
    ("email", "אימייל מייל"),
    ("address", "כתובת"),
    ("phone", "טלפון"),
    ("mobile", "נייד"),
    ("number", "מספר"),
    ("name", "שם"),
    ("first", "פרטי"),
    ("family", "משפחה"),
    ("full", "מלא"),
    ("birth", "לידה"),
    ("date", "תאריך"),
    ("gender", "מין"),
];
