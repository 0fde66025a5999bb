//! Chinese, in simplified and traditional characters: the calendar, currencies and units. Its numerals are read in `ideographic`.

use super::{Language, Writing};
use crate::reading::vocabulary::Holiday::Fixed;
use crate::reading::vocabulary::Sense::{self, Age, Day, Minus, Near, Opening, Percent, Shift, To, Trail, Weekday};
use crate::reading::vocabulary::{Holiday, Period};

pub(crate) static CHINESE: Language = Language {
    comma: false,
    twenties: false,
    compounds: false,
    writing: Writing::Chinese,
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
    ("星期一 周一 礼拜一 週一 禮拜一", Weekday(1)),
    ("星期二 周二 礼拜二 週二 禮拜二", Weekday(2)),
    ("星期三 周三 礼拜三 週三 禮拜三", Weekday(3)),
    ("星期四 周四 礼拜四 週四 禮拜四", Weekday(4)),
    ("星期五 周五 礼拜五 週五 禮拜五", Weekday(5)),
    ("星期六 周六 礼拜六 週六 禮拜六", Weekday(6)),
    ("星期日 星期天 周日 礼拜天 週日 禮拜天", Weekday(7)),
    ("前天", Day(-2)),
    ("昨天 昨日", Day(-1)),
    ("今天 今日", Day(0)),
    ("明天 明日", Day(1)),
    ("后天 後天", Day(2)),
    ("去 上 上个 上個", Near(-1)),
    ("今 本", Shift(0)),
    ("明 下 下个 下個", Near(1)),
    ("天", Sense::Period(Period::Day)),
    ("周 週 星期 个星期 個星期", Sense::Period(Period::Week)),
    ("月 个月 個月", Sense::Period(Period::Month)),
    ("季度", Sense::Period(Period::Quarter)),
    ("年", Sense::Period(Period::Year)),
    // Words whose last character would be read as the first of something else.
    (
        "以上 以下 加上 马上 馬上 晚上 早上 海上 日本 基本 说明 說明 证明 證明 表明 文明 当天 當天 每天 春天 夏天 秋天 冬天",
        Opening,
    ),
    ("上午 下午 中午 凌晨 清晨 傍晚 民国 民國 百分之", Opening),
];

const PHRASES: &[(&str, Sense)] = &[
    ("前|之前|以前", Trail(-1)),
    ("后|之后|以后|後|之後|以後", Trail(1)),
    ("至|到|～|~", To),
    ("％|百分点|个百分点|百分點|個百分點", Percent),
    ("零下", Minus),
    ("岁|歲|周岁", Age),
];

const HOLIDAYS: &[(&str, Holiday)] = &[
    ("元旦", Fixed(1, 1)),
    ("情人节|情人節", Fixed(2, 14)),
    ("妇女节|婦女節", Fixed(3, 8)),
    ("劳动节|勞動節", Fixed(5, 1)),
    ("儿童节|兒童節", Fixed(6, 1)),
    ("国庆节", Fixed(10, 1)),
    ("圣诞节|聖誕節", Fixed(12, 25)),
];

const MONEY: &[(&str, &str)] = &[
    ("yuan", "元 圆 圓 块 块钱 人民币 人民幣 元人民币 元人民幣"),
    ("USD", "美元 美金"),
    ("EUR", "欧元 歐元"),
    ("JPY", "日元 日圆 日圓"),
    ("GBP", "英镑 英鎊"),
    ("HKD", "港元 港币 港幣"),
    ("TWD", "新台币 新臺幣 新台幣 台币 台幣"),
    ("KRW", "韩元 韓元 韩圆"),
    ("RUB", "卢布 盧布"),
    ("CAD", "加元 加拿大元"),
    ("AUD", "澳元"),
    ("SGD", "新加坡元"),
    ("CHF", "瑞士法郎 瑞郎"),
    ("INR", "卢比 盧比"),
    ("THB", "泰铢 泰銖"),
    ("VND", "越南盾"),
    ("BRL", "雷亚尔"),
];

const UNITS: &[(&str, &str)] = &[
    ("m", "米 公尺"),
    ("km", "公里 千米"),
    ("cm", "厘米 公分"),
    ("mm", "毫米"),
    ("um", "微米"),
    ("nm", "纳米 奈米"),
    ("[mi_i]", "英里"),
    ("[nmi_i]", "海里 浬"),
    ("[ft_i]", "英尺"),
    ("[in_i]", "英寸"),
    ("[ly]", "光年"),
    ("m2", "平方米 平方公尺"),
    ("km2", "平方公里 平方千米"),
    ("m3", "立方米 立方公尺"),
    ("har", "公顷 公頃"),
    ("kg", "公斤 千克"),
    ("g", "克"),
    ("mg", "毫克"),
    ("t", "吨 噸 公吨 公噸"),
    ("L", "升 公升"),
    ("mL", "毫升"),
    ("km/h", "公里每小时 公里每小時"),
    ("[kn_i]", "节"),
    ("W", "瓦 瓦特"),
    ("kW", "千瓦"),
    ("MW", "兆瓦"),
    ("kW.h", "千瓦时 千瓦時"),
    ("V", "伏 伏特"),
    ("Hz", "赫兹 赫茲"),
    ("Cel", "摄氏度 攝氏度"),
    ("deg", "度"),
    ("a", "年"),
    ("mo", "个月 個月"),
    ("wk", "周 週 星期 个星期 個星期"),
    ("d", "天"),
    ("h", "小时 小時 个小时 個小時"),
    ("min", "分钟 分鐘"),
    ("s", "秒 秒钟 秒鐘"),
];
