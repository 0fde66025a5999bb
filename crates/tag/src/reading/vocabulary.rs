//! The words that numbers and dates are written with, by language.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::shapes::Shapes;

/// What a word means for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sense {
    /// A number below a thousand, which adds to what stands before it.
    Numeral(u16),
    /// Times a hundred.
    Hundred,
    /// Times a power of ten.
    Magnitude(u8),
    /// A place in an order, such as the day of a month.
    Ordinal(u8),
    /// A month, 1 to 12.
    Month(u8),
    /// A month in another language than the text's, 1 to 12: it counts behind a day only.
    ForeignMonth(u8),
    /// A day of the week, Monday being 1.
    Weekday(u8),
    /// A day by its distance from today.
    Day(i8),
    /// Last, this, next: a period by its distance from the present one.
    Shift(i8),
    /// A stretch of the calendar.
    Period(Period),
    /// A time of day, in hours.
    Hour(u8),
    /// Early, mid, late.
    Part,
    /// A number of periods before the present.
    Ago,
    /// A word that a bare year follows, such as `since`.
    BeforeYear,
}

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    /// Spring, summer, autumn, winter: 0 to 3.
    Season(u8),
}

/// The words of one language.
pub(crate) struct Vocabulary {
    senses: FxHashMap<&'static [u8], Sense>,
    shapes: Shapes,
    /// Whether numbers are written as in `1.234,56`.
    pub(crate) comma: bool,
}

/// Longer words mean nothing here, in bytes.
const LONGEST: usize = 24;

impl Vocabulary {
    /// The vocabulary for a document of `language`; English where it is unknown.
    pub(crate) fn of(language: Option<&str>) -> &'static Self {
        static ENGLISH: LazyLock<Vocabulary> =
            LazyLock::new(|| Vocabulary::new(&[FOREIGN_MONTHS, ENGLISH_WORDS], false));
        static GERMAN: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&[MONTHS, GERMAN_WORDS], true));
        static FRENCH: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&[MONTHS, FRENCH_WORDS], true));
        static SPANISH: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&[MONTHS, SPANISH_WORDS], true));
        static PORTUGUESE: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&[MONTHS, PORTUGUESE_WORDS], true));
        static ITALIAN: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&[MONTHS, ITALIAN_WORDS], true));
        static COMMA: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&[FOREIGN_MONTHS, ENGLISH_WORDS], true));
        match language.map(|language| language.split(['-', '_']).next().unwrap_or_default()) {
            Some("de") => &GERMAN,
            Some("fr") => &FRENCH,
            Some("es" | "ca" | "gl") => &SPANISH,
            Some("pt") => &PORTUGUESE,
            Some("it") => &ITALIAN,
            Some(
                "nl" | "da" | "sv" | "nb" | "nn" | "no" | "fi" | "pl" | "cs" | "sk" | "ro" | "tr" | "ru" | "uk" | "el"
                | "hu",
            ) => &COMMA,
            Some(_) | None => &ENGLISH,
        }
    }

    fn new(lists: &[&[(&'static str, Sense)]], comma: bool) -> Self {
        let mut senses = FxHashMap::default();
        for (words, sense) in lists.iter().copied().flatten() {
            for word in words.split(' ') {
                senses.insert(word.as_bytes(), *sense);
            }
        }
        let shapes = Shapes::of(lists.iter().copied().flatten().flat_map(|(words, _)| words.split(' ')));
        Self { senses, shapes, comma }
    }

    /// The sense of a word in any case.
    pub(crate) fn sense(&self, word: &str) -> Option<Sense> {
        if word.len() > LONGEST {
            return None;
        }
        if !word.is_ascii() {
            return self.senses.get(word.to_lowercase().as_bytes()).copied();
        }
        if !self.shapes.may_hold(word) {
            return None;
        }
        let mut lowered = [0; LONGEST];
        let lowered = lowered.get_mut(..word.len())?;
        lowered.copy_from_slice(word.as_bytes());
        lowered.make_ascii_lowercase();
        self.senses.get(&*lowered).copied()
    }
}

use Sense::{
    Ago, BeforeYear, Day, ForeignMonth, Hour, Hundred, Magnitude, Month, Numeral, Ordinal, Part, Shift, Weekday,
};

const ENGLISH_WORDS: &[(&str, Sense)] = &[
    ("zero", Numeral(0)),
    ("one", Numeral(1)),
    ("two", Numeral(2)),
    ("three", Numeral(3)),
    ("four", Numeral(4)),
    ("five", Numeral(5)),
    ("six", Numeral(6)),
    ("seven", Numeral(7)),
    ("eight", Numeral(8)),
    ("nine", Numeral(9)),
    ("ten", Numeral(10)),
    ("eleven", Numeral(11)),
    ("twelve", Numeral(12)),
    ("thirteen", Numeral(13)),
    ("fourteen", Numeral(14)),
    ("fifteen", Numeral(15)),
    ("sixteen", Numeral(16)),
    ("seventeen", Numeral(17)),
    ("eighteen", Numeral(18)),
    ("nineteen", Numeral(19)),
    ("twenty", Numeral(20)),
    ("thirty", Numeral(30)),
    ("forty fourty", Numeral(40)),
    ("fifty", Numeral(50)),
    ("sixty", Numeral(60)),
    ("seventy", Numeral(70)),
    ("eighty", Numeral(80)),
    ("ninety", Numeral(90)),
    ("hundred", Hundred),
    ("thousand thousands", Magnitude(3)),
    ("lakh lakhs", Magnitude(5)),
    ("million millions mln", Magnitude(6)),
    ("crore crores", Magnitude(7)),
    ("billion billions bln", Magnitude(9)),
    ("trillion trillions trn", Magnitude(12)),
    ("quadrillion", Magnitude(15)),
    ("first", Ordinal(1)),
    ("second", Ordinal(2)),
    ("third", Ordinal(3)),
    ("fourth", Ordinal(4)),
    ("fifth", Ordinal(5)),
    ("sixth", Ordinal(6)),
    ("seventh", Ordinal(7)),
    ("eighth", Ordinal(8)),
    ("ninth", Ordinal(9)),
    ("tenth", Ordinal(10)),
    ("eleventh", Ordinal(11)),
    ("twelfth", Ordinal(12)),
    ("thirteenth", Ordinal(13)),
    ("fourteenth", Ordinal(14)),
    ("fifteenth", Ordinal(15)),
    ("sixteenth", Ordinal(16)),
    ("seventeenth", Ordinal(17)),
    ("eighteenth", Ordinal(18)),
    ("nineteenth", Ordinal(19)),
    ("twentieth", Ordinal(20)),
    ("thirtieth", Ordinal(30)),
    ("january jan", Month(1)),
    ("february feb", Month(2)),
    ("march mar", Month(3)),
    ("april apr", Month(4)),
    ("may", Month(5)),
    ("june jun", Month(6)),
    ("july jul", Month(7)),
    ("august aug", Month(8)),
    ("september sep sept", Month(9)),
    ("october oct", Month(10)),
    ("november nov", Month(11)),
    ("december dec", Month(12)),
    ("monday mon", Weekday(1)),
    ("tuesday tue tues", Weekday(2)),
    ("wednesday wed", Weekday(3)),
    ("thursday thu thur thurs", Weekday(4)),
    ("friday fri", Weekday(5)),
    ("saturday sat", Weekday(6)),
    ("sunday sun", Weekday(7)),
    ("yesterday", Day(-1)),
    ("today", Day(0)),
    ("tomorrow", Day(1)),
    ("last past previous", Shift(-1)),
    ("this", Shift(0)),
    ("next coming", Shift(1)),
    ("day days", Sense::Period(Period::Day)),
    ("week weeks", Sense::Period(Period::Week)),
    ("month months", Sense::Period(Period::Month)),
    ("quarter quarters", Sense::Period(Period::Quarter)),
    ("year years", Sense::Period(Period::Year)),
    ("decade decades", Sense::Period(Period::Decade)),
    ("spring", Sense::Period(Period::Season(0))),
    ("summer", Sense::Period(Period::Season(1))),
    ("autumn fall", Sense::Period(Period::Season(2))),
    ("winter", Sense::Period(Period::Season(3))),
    ("noon midday", Hour(12)),
    ("midnight", Hour(0)),
    ("early mid late", Part),
    ("ago earlier", Ago),
    ("in since by before after until till from during of for to around about circa ca between through", BeforeYear),
];

/// English names of months, which texts in other languages quote.
const MONTHS: &[(&str, Sense)] = &[
    ("january", Month(1)),
    ("february", Month(2)),
    ("june", Month(6)),
    ("july", Month(7)),
    ("august", Month(8)),
    ("september", Month(9)),
    ("october", Month(10)),
    ("november", Month(11)),
    ("december", Month(12)),
];

/// Names of months as English texts quote them in references, such as `(Le Monde, 3 mars)`.
const FOREIGN_MONTHS: &[(&str, Sense)] = &[
    ("janvier januar januari janeiro enero gennaio stycznia ledna siječnja ianuarie ocak jänner", ForeignMonth(1)),
    ("février februar februari fevereiro febrero febbraio lutego února februarie şubat", ForeignMonth(2)),
    ("mars märz maart marts março marzo marca března martie mart", ForeignMonth(3)),
    ("avril abril aprile kwietnia dubna aprilie nisan", ForeignMonth(4)),
    ("mai maj mei maio mayo maggio maja května mayıs", ForeignMonth(5)),
    ("juin juni junho junio giugno czerwca června iunie haziran", ForeignMonth(6)),
    ("juillet juli julho julio luglio lipca července iulie temmuz", ForeignMonth(7)),
    ("août aout augusti augustus agosto sierpnia srpna ağustos", ForeignMonth(8)),
    ("septembre septiembre setiembre setembro settembre września září septembrie eylül", ForeignMonth(9)),
    ("octobre oktober octubre outubro ottobre października října octombrie ekim", ForeignMonth(10)),
    ("novembre noviembre novembro listopada listopadu noiembrie kasım", ForeignMonth(11)),
    ("décembre dezember desember diciembre dezembro dicembre grudnia prosince decembrie aralık", ForeignMonth(12)),
];

const GERMAN_WORDS: &[(&str, Sense)] = &[
    ("null", Numeral(0)),
    ("ein eins eine einen einem einer", Numeral(1)),
    ("zwei", Numeral(2)),
    ("drei", Numeral(3)),
    ("vier", Numeral(4)),
    ("fünf", Numeral(5)),
    ("sechs", Numeral(6)),
    ("sieben", Numeral(7)),
    ("acht", Numeral(8)),
    ("neun", Numeral(9)),
    ("zehn", Numeral(10)),
    ("elf", Numeral(11)),
    ("zwölf", Numeral(12)),
    ("dreizehn", Numeral(13)),
    ("vierzehn", Numeral(14)),
    ("fünfzehn", Numeral(15)),
    ("sechzehn", Numeral(16)),
    ("siebzehn", Numeral(17)),
    ("achtzehn", Numeral(18)),
    ("neunzehn", Numeral(19)),
    ("zwanzig", Numeral(20)),
    ("dreißig", Numeral(30)),
    ("vierzig", Numeral(40)),
    ("fünfzig", Numeral(50)),
    ("sechzig", Numeral(60)),
    ("siebzig", Numeral(70)),
    ("achtzig", Numeral(80)),
    ("neunzig", Numeral(90)),
    ("hundert einhundert", Hundred),
    ("tausend", Magnitude(3)),
    ("million millionen mio", Magnitude(6)),
    ("milliarde milliarden mrd", Magnitude(9)),
    ("billion billionen", Magnitude(12)),
    ("januar jänner jan", Month(1)),
    ("februar feber feb", Month(2)),
    ("märz", Month(3)),
    ("april apr", Month(4)),
    ("mai", Month(5)),
    ("juni", Month(6)),
    ("juli", Month(7)),
    ("august aug", Month(8)),
    ("september sept", Month(9)),
    ("oktober okt", Month(10)),
    ("november nov", Month(11)),
    ("dezember dez", Month(12)),
    ("montag", Weekday(1)),
    ("dienstag", Weekday(2)),
    ("mittwoch", Weekday(3)),
    ("donnerstag", Weekday(4)),
    ("freitag", Weekday(5)),
    ("samstag sonnabend", Weekday(6)),
    ("sonntag", Weekday(7)),
    ("gestern", Day(-1)),
    ("heute", Day(0)),
    ("letzte letzten letzter letztes vergangene vergangenen vorigen voriges", Shift(-1)),
    ("diese dieser diesen dieses diesem", Shift(0)),
    ("nächste nächsten nächster nächstes kommenden", Shift(1)),
    ("woche", Sense::Period(Period::Week)),
    ("monat", Sense::Period(Period::Month)),
    ("quartal", Sense::Period(Period::Quarter)),
    ("jahr jahre jahres", Sense::Period(Period::Year)),
    ("frühjahr frühling", Sense::Period(Period::Season(0))),
    ("sommer", Sense::Period(Period::Season(1))),
    ("herbst", Sense::Period(Period::Season(2))),
    ("winter", Sense::Period(Period::Season(3))),
    ("mittag", Hour(12)),
    ("mitternacht", Hour(0)),
    ("anfang mitte ende", Part),
    ("in seit bis vor nach von ab um zwischen", BeforeYear),
];

const FRENCH_WORDS: &[(&str, Sense)] = &[
    ("zéro", Numeral(0)),
    ("un une", Numeral(1)),
    ("deux", Numeral(2)),
    ("trois", Numeral(3)),
    ("quatre", Numeral(4)),
    ("cinq", Numeral(5)),
    ("six", Numeral(6)),
    ("sept", Numeral(7)),
    ("huit", Numeral(8)),
    ("neuf", Numeral(9)),
    ("dix", Numeral(10)),
    ("onze", Numeral(11)),
    ("douze", Numeral(12)),
    ("treize", Numeral(13)),
    ("quatorze", Numeral(14)),
    ("quinze", Numeral(15)),
    ("seize", Numeral(16)),
    ("vingt", Numeral(20)),
    ("trente", Numeral(30)),
    ("quarante", Numeral(40)),
    ("cinquante", Numeral(50)),
    ("soixante", Numeral(60)),
    ("cent cents", Hundred),
    ("mille", Magnitude(3)),
    ("million millions", Magnitude(6)),
    ("milliard milliards", Magnitude(9)),
    ("premier", Ordinal(1)),
    ("janvier janv", Month(1)),
    ("février févr", Month(2)),
    ("mars", Month(3)),
    ("avril", Month(4)),
    ("mai", Month(5)),
    ("juin", Month(6)),
    ("juillet juil", Month(7)),
    ("août aout", Month(8)),
    ("septembre", Month(9)),
    ("octobre", Month(10)),
    ("novembre", Month(11)),
    ("décembre", Month(12)),
    ("lundi", Weekday(1)),
    ("mardi", Weekday(2)),
    ("mercredi", Weekday(3)),
    ("jeudi", Weekday(4)),
    ("vendredi", Weekday(5)),
    ("samedi", Weekday(6)),
    ("dimanche", Weekday(7)),
    ("hier", Day(-1)),
    ("aujourd", Day(0)),
    ("demain", Day(1)),
    ("printemps", Sense::Period(Period::Season(0))),
    ("été", Sense::Period(Period::Season(1))),
    ("automne", Sense::Period(Period::Season(2))),
    ("hiver", Sense::Period(Period::Season(3))),
    ("midi", Hour(12)),
    ("minuit", Hour(0)),
    ("début fin", Part),
    ("en depuis dès avant après", BeforeYear),
];

const SPANISH_WORDS: &[(&str, Sense)] = &[
    ("cero", Numeral(0)),
    ("un una uno", Numeral(1)),
    ("dos", Numeral(2)),
    ("tres", Numeral(3)),
    ("cuatro", Numeral(4)),
    ("cinco", Numeral(5)),
    ("seis", Numeral(6)),
    ("siete", Numeral(7)),
    ("ocho", Numeral(8)),
    ("nueve", Numeral(9)),
    ("diez", Numeral(10)),
    ("once", Numeral(11)),
    ("doce", Numeral(12)),
    ("trece", Numeral(13)),
    ("catorce", Numeral(14)),
    ("quince", Numeral(15)),
    ("veinte", Numeral(20)),
    ("treinta", Numeral(30)),
    ("cuarenta", Numeral(40)),
    ("cincuenta", Numeral(50)),
    ("sesenta", Numeral(60)),
    ("setenta", Numeral(70)),
    ("ochenta", Numeral(80)),
    ("noventa", Numeral(90)),
    ("cien ciento", Numeral(100)),
    ("doscientos doscientas", Numeral(200)),
    ("trescientos trescientas", Numeral(300)),
    ("quinientos quinientas", Numeral(500)),
    ("mil", Magnitude(3)),
    ("millón millon millones", Magnitude(6)),
    ("billón billones", Magnitude(12)),
    ("primero", Ordinal(1)),
    ("enero", Month(1)),
    ("febrero", Month(2)),
    ("marzo", Month(3)),
    ("abril", Month(4)),
    ("mayo", Month(5)),
    ("junio", Month(6)),
    ("julio", Month(7)),
    ("agosto", Month(8)),
    ("septiembre setiembre", Month(9)),
    ("octubre", Month(10)),
    ("noviembre", Month(11)),
    ("diciembre", Month(12)),
    ("lunes", Weekday(1)),
    ("martes", Weekday(2)),
    ("miércoles", Weekday(3)),
    ("jueves", Weekday(4)),
    ("viernes", Weekday(5)),
    ("sábado", Weekday(6)),
    ("domingo", Weekday(7)),
    ("ayer", Day(-1)),
    ("hoy", Day(0)),
    ("primavera", Sense::Period(Period::Season(0))),
    ("verano", Sense::Period(Period::Season(1))),
    ("otoño", Sense::Period(Period::Season(2))),
    ("invierno", Sense::Period(Period::Season(3))),
    ("mediodía", Hour(12)),
    ("medianoche", Hour(0)),
    ("en desde hasta", BeforeYear),
];

const PORTUGUESE_WORDS: &[(&str, Sense)] = &[
    ("zero", Numeral(0)),
    ("um uma", Numeral(1)),
    ("dois duas", Numeral(2)),
    ("três", Numeral(3)),
    ("quatro", Numeral(4)),
    ("cinco", Numeral(5)),
    ("seis", Numeral(6)),
    ("sete", Numeral(7)),
    ("oito", Numeral(8)),
    ("nove", Numeral(9)),
    ("dez", Numeral(10)),
    ("onze", Numeral(11)),
    ("doze", Numeral(12)),
    ("treze", Numeral(13)),
    ("quinze", Numeral(15)),
    ("vinte", Numeral(20)),
    ("trinta", Numeral(30)),
    ("quarenta", Numeral(40)),
    ("cinquenta", Numeral(50)),
    ("sessenta", Numeral(60)),
    ("setenta", Numeral(70)),
    ("oitenta", Numeral(80)),
    ("noventa", Numeral(90)),
    ("cem cento", Numeral(100)),
    ("duzentos duzentas", Numeral(200)),
    ("trezentos trezentas", Numeral(300)),
    ("quinhentos quinhentas", Numeral(500)),
    ("mil", Magnitude(3)),
    ("milhão milhao milhões milhoes", Magnitude(6)),
    ("bilhão bilhões bilhoes", Magnitude(9)),
    ("trilhão trilhões", Magnitude(12)),
    ("primeiro", Ordinal(1)),
    ("janeiro", Month(1)),
    ("fevereiro", Month(2)),
    ("março", Month(3)),
    ("abril", Month(4)),
    ("maio", Month(5)),
    ("junho", Month(6)),
    ("julho", Month(7)),
    ("agosto", Month(8)),
    ("setembro", Month(9)),
    ("outubro", Month(10)),
    ("novembro", Month(11)),
    ("dezembro", Month(12)),
    ("ontem", Day(-1)),
    ("hoje", Day(0)),
    ("amanhã", Day(1)),
    ("primavera", Sense::Period(Period::Season(0))),
    ("verão", Sense::Period(Period::Season(1))),
    ("outono", Sense::Period(Period::Season(2))),
    ("inverno", Sense::Period(Period::Season(3))),
    ("em desde até", BeforeYear),
];

const ITALIAN_WORDS: &[(&str, Sense)] = &[
    ("zero", Numeral(0)),
    ("un uno una", Numeral(1)),
    ("due", Numeral(2)),
    ("tre", Numeral(3)),
    ("quattro", Numeral(4)),
    ("cinque", Numeral(5)),
    ("sei", Numeral(6)),
    ("sette", Numeral(7)),
    ("otto", Numeral(8)),
    ("nove", Numeral(9)),
    ("dieci", Numeral(10)),
    ("undici", Numeral(11)),
    ("dodici", Numeral(12)),
    ("quindici", Numeral(15)),
    ("venti", Numeral(20)),
    ("trenta", Numeral(30)),
    ("quaranta", Numeral(40)),
    ("cinquanta", Numeral(50)),
    ("sessanta", Numeral(60)),
    ("settanta", Numeral(70)),
    ("ottanta", Numeral(80)),
    ("novanta", Numeral(90)),
    ("cento", Hundred),
    ("mille mila", Magnitude(3)),
    ("milione milioni", Magnitude(6)),
    ("miliardo miliardi", Magnitude(9)),
    ("primo", Ordinal(1)),
    ("gennaio", Month(1)),
    ("febbraio", Month(2)),
    ("marzo", Month(3)),
    ("aprile", Month(4)),
    ("maggio", Month(5)),
    ("giugno", Month(6)),
    ("luglio", Month(7)),
    ("agosto", Month(8)),
    ("settembre", Month(9)),
    ("ottobre", Month(10)),
    ("novembre", Month(11)),
    ("dicembre", Month(12)),
    ("lunedì", Weekday(1)),
    ("martedì", Weekday(2)),
    ("mercoledì", Weekday(3)),
    ("giovedì", Weekday(4)),
    ("venerdì", Weekday(5)),
    ("sabato", Weekday(6)),
    ("domenica", Weekday(7)),
    ("ieri", Day(-1)),
    ("oggi", Day(0)),
    ("domani", Day(1)),
    ("primavera", Sense::Period(Period::Season(0))),
    ("estate", Sense::Period(Period::Season(1))),
    ("autunno", Sense::Period(Period::Season(2))),
    ("inverno", Sense::Period(Period::Season(3))),
    ("mezzogiorno", Hour(12)),
    ("mezzanotte", Hour(0)),
    ("nel dal del", BeforeYear),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_what_they_mean_in_the_language() {
        for (language, word, sense) in [
            (None, "MARCH", Some(Month(3))),
            (Some("de"), "März", Some(Month(3))),
            (Some("en-GB"), "mars", Some(ForeignMonth(3))),
            (Some("fr"), "mars", Some(Month(3))),
            (Some("fr"), "six", Some(Numeral(6))),
            (Some("de"), "Billion", Some(Magnitude(12))),
            (Some("en"), "billion", Some(Magnitude(9))),
            (None, "averyveryverylongwordindeed", None),
        ] {
            assert_eq!(Vocabulary::of(language).sense(word), sense, "{word}");
        }
    }
}
