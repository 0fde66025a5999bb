//! Japanese: the calendar, currencies and units. Its numerals are read in `ideographic`.

use super::{Language, Writing};
use crate::reading::vocabulary::Holiday::Fixed;
use crate::reading::vocabulary::Sense::{self, Age, Day, Minus, Near, Opening, Percent, Shift, To, Trail, Weekday};
use crate::reading::vocabulary::{Holiday, Period};

pub(crate) static JAPANESE: Language = Language {
    comma: false,
    twenties: false,
    compounds: false,
    writing: Writing::Japanese,
    kin: None,
    words: WORDS,
    phrases: PHRASES,
    holidays: HOLIDAYS,
    money: MONEY,
    countries: &[],
    units: UNITS,
    powers: &[],
};

const WORDS: &[(&str, Sense)] = &[
    ("月曜日 月曜", Weekday(1)),
    ("火曜日 火曜", Weekday(2)),
    ("水曜日 水曜", Weekday(3)),
    ("木曜日 木曜", Weekday(4)),
    ("金曜日 金曜", Weekday(5)),
    ("土曜日 土曜", Weekday(6)),
    ("日曜日 日曜", Weekday(7)),
    ("一昨日 おととい", Day(-2)),
    ("昨日 きのう", Day(-1)),
    ("今日 本日 きょう", Day(0)),
    ("明日 あした", Day(1)),
    ("明後日 あさって", Day(2)),
    ("昨 去 先", Near(-1)),
    ("今 本", Shift(0)),
    ("来", Near(1)),
    ("日間", Sense::Period(Period::Day)),
    ("週 週間", Sense::Period(Period::Week)),
    ("月 か月 ヶ月 カ月 ヵ月", Sense::Period(Period::Month)),
    ("四半期", Sense::Period(Period::Quarter)),
    ("年 年間", Sense::Period(Period::Year)),
    // Words whose last character would be read as the first of something else.
    ("日本 将来 従来 本来 以来 優先 行先 連絡先 昨今 毎年 毎月 毎週", Opening),
    ("午前 午後 令和 平成 昭和 大正 明治", Opening),
];

const PHRASES: &[(&str, Sense)] = &[
    ("前", Trail(-1)),
    ("後", Trail(1)),
    ("から|～|〜|~", To),
    ("％|パーセント|パーセントポイント", Percent),
    ("氷点下|マイナス", Minus),
    ("歳|才", Age),
];

const HOLIDAYS: &[(&str, Holiday)] = &[
    ("元日|元旦", Fixed(1, 1)),
    ("バレンタインデー", Fixed(2, 14)),
    ("憲法記念日", Fixed(5, 3)),
    ("こどもの日", Fixed(5, 5)),
    ("文化の日", Fixed(11, 3)),
    ("クリスマスイブ", Fixed(12, 24)),
    ("クリスマス", Fixed(12, 25)),
    ("大晦日|大みそか", Fixed(12, 31)),
];

const MONEY: &[(&str, &str)] = &[
    ("JPY", "円"),
    ("USD", "ドル 米ドル"),
    ("EUR", "ユーロ"),
    ("GBP", "ポンド 英ポンド"),
    ("yuan", "元 人民元"),
    ("KRW", "ウォン"),
    ("RUB", "ルーブル"),
    ("CHF", "スイスフラン"),
    ("AUD", "豪ドル オーストラリアドル"),
    ("CAD", "カナダドル"),
    ("HKD", "香港ドル"),
    ("TWD", "台湾ドル"),
    ("INR", "ルピー"),
    ("THB", "バーツ"),
    ("VND", "ドン"),
    ("BRL", "レアル"),
];

const UNITS: &[(&str, &str)] = &[
    ("m", "メートル"),
    ("km", "キロメートル キロ"),
    ("cm", "センチメートル センチ"),
    ("mm", "ミリメートル ミリ"),
    ("um", "マイクロメートル"),
    ("nm", "ナノメートル"),
    ("[mi_i]", "マイル"),
    ("[nmi_i]", "海里"),
    ("[ft_i]", "フィート"),
    ("[in_i]", "インチ"),
    ("[ly]", "光年"),
    ("m2", "平方メートル"),
    ("km2", "平方キロメートル 平方キロ"),
    ("m3", "立方メートル"),
    ("har", "ヘクタール"),
    ("kg", "キログラム"),
    ("g", "グラム"),
    ("mg", "ミリグラム"),
    ("t", "トン"),
    ("L", "リットル"),
    ("mL", "ミリリットル"),
    ("[kn_i]", "ノット"),
    ("W", "ワット"),
    ("kW", "キロワット"),
    ("MW", "メガワット"),
    ("kW.h", "キロワット時"),
    ("V", "ボルト"),
    ("Hz", "ヘルツ"),
    ("deg", "度"),
    ("a", "年間 年"),
    ("mo", "か月 ヶ月 カ月 ヵ月"),
    ("wk", "週間"),
    ("d", "日間"),
    ("h", "時間"),
    ("min", "分間"),
    ("s", "秒 秒間"),
];
