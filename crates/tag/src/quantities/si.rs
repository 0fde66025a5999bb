//! Amounts in the units of the SI: factors of UCUM units (NIST Special Publication 811, appendix B; the International System of
//! Units, 9th edition).

use crate::reading::Decimal;

/// Units that are no multiples by a prefix: UCUM symbol, SI unit, factor.
const UNITS: &[(&str, &str, &str)] = &[
    ("m", "m", "1"),
    ("[mi_i]", "m", "1609.344"),
    ("[nmi_i]", "m", "1852"),
    ("[ft_i]", "m", "0.3048"),
    ("[in_i]", "m", "0.0254"),
    ("[yd_i]", "m", "0.9144"),
    ("[fth_i]", "m", "1.8288"),
    ("[ly]", "m", "9460730472580800"),
    ("pc", "m", "30856775814913700"),
    ("[sft_i]", "m2", "0.09290304"),
    ("[cft_i]", "m3", "0.028316846592"),
    ("[smi_us]", "m2", "2589998.47"),
    ("g", "kg", "0.001"),
    ("t", "kg", "1000"),
    ("100.kg", "kg", "100"),
    ("[lb_av]", "kg", "0.45359237"),
    ("[oz_av]", "kg", "0.028349523125"),
    ("[stone_av]", "kg", "6.35029318"),
    ("[car_m]", "kg", "0.0002"),
    ("L", "m3", "0.001"),
    ("[gal_us]", "m3", "0.003785411784"),
    ("[qt_us]", "m3", "0.000946352946"),
    ("[pt_us]", "m3", "0.000473176473"),
    ("[cup_us]", "m3", "0.0002365882365"),
    ("[bbl_us]", "m3", "0.158987294928"),
    ("[tsp_us]", "m3", "0.00000492892159375"),
    ("[tbs_us]", "m3", "0.00001478676478125"),
    ("har", "m2", "10000"),
    ("[acr_us]", "m2", "4046.8726"),
    ("[kn_i]", "m/s", "0.514444444444"),
    ("s", "s", "1"),
    ("min", "s", "60"),
    ("h", "s", "3600"),
    ("d", "s", "86400"),
    ("wk", "s", "604800"),
    ("mo", "s", "2629800"),
    ("a", "s", "31557600"),
    ("W", "W", "1"),
    ("[HP]", "W", "745.699871582"),
    ("[PS]", "W", "735.49875"),
    ("J", "J", "1"),
    ("W.h", "J", "3600"),
    ("cal", "J", "4.184"),
    ("eV", "J", "0.0000000000000000001602176634"),
    ("V", "V", "1"),
    ("A", "A", "1"),
    ("Ohm", "Ohm", "1"),
    ("N", "N", "1"),
    ("Hz", "Hz", "1"),
    ("Pa", "Pa", "1"),
    ("bar", "Pa", "100000"),
    ("[psi]", "Pa", "6894.757293168"),
    ("K", "K", "1"),
    ("deg", "rad", "0.0174532925199"),
    ("circ", "rad", "6.28318530718"),
    ("By", "By", "1"),
    ("bit", "bit", "1"),
];

/// The units that take a prefix.
const METRIC: &[&str] = &[
    "m", "g", "t", "L", "s", "W", "J", "W.h", "cal", "eV", "V", "A", "Ohm", "N", "Hz", "Pa", "bar", "By", "bit", "pc",
];

const PREFIXES: &[(&str, i32)] = &[
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
];

/// An SI unit, and what one of the unit is of it.
struct Factor {
    unit: String,
    by: Decimal,
}

/// `amount` of the UCUM `unit`, below zero where `below` says so, in SI: the amount with its sign, and the unit. Data are given in
/// bytes or bits. `None` where the unit has none, or the number gets too long.
pub(super) fn normalized(amount: Decimal, below: bool, unit: &str) -> Option<(String, String)> {
    let kelvin = |text: &str| Decimal::parse(text, false);
    let temperature = match unit {
        "Cel" => Some(shifted(amount, below, kelvin("273.15")?)?),
        "[degF]" => {
            let rankine = shifted(amount, below, kelvin("459.67")?)?;
            Some(rankine.times(Decimal::from_integer(5))?.over(Decimal::from_integer(9))?)
        }
        _ => None,
    };
    if let Some(temperature) = temperature {
        return Some((temperature.to_string(), "K".to_owned()));
    }
    let (above, per) = match unit.split_once('/') {
        Some((above, per)) => (factor(above)?, Some(factor(per)?)),
        None => (factor(unit)?, None),
    };
    let amount = amount.times(above.by)?;
    let (amount, unit) = match per {
        Some(per) => (amount.over(per.by)?, format!("{}/{}", above.unit, per.unit)),
        None => (amount, above.unit),
    };
    let sign = if below { "-" } else { "" };
    Some((format!("{sign}{amount}"), unit))
}

fn shifted(amount: Decimal, below: bool, by: Decimal) -> Option<Decimal> {
    if below { by.minus(amount) } else { by.plus(amount) }
}

fn factor(unit: &str) -> Option<Factor> {
    if let Some(factor) = plain(unit) {
        return Some(factor);
    }
    let power = u32::from(unit.bytes().next_back().filter(|byte| matches!(byte, b'2' | b'3'))? - b'0');
    let one = plain(unit.get(..unit.len() - 1)?)?;
    let by = (1..power).try_fold(one.by, |by, _| by.times(one.by))?;
    Some(Factor { unit: format!("{}{power}", one.unit), by })
}

fn plain(unit: &str) -> Option<Factor> {
    let known = |unit: &str| UNITS.iter().find(|(symbol, ..)| *symbol == unit);
    if let Some((_, si, by)) = known(unit) {
        return Some(Factor { unit: (*si).to_owned(), by: Decimal::parse(by, false)? });
    }
    PREFIXES.iter().find_map(|(prefix, power)| {
        let base = unit.strip_prefix(prefix).filter(|base| METRIC.contains(base))?;
        let (_, si, by) = known(base)?;
        let by = Decimal::parse(by, false)?;
        let by = match u32::try_from(*power) {
            Ok(power) => by.shifted(power)?,
            Err(_) => by.times(Decimal::new(1, power.unsigned_abs()))?,
        };
        Some(Factor { unit: (*si).to_owned(), by })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_converted_exactly() {
        for (amount, below, unit, expected) in [
            ("10", false, "[mi_i]", Some(("16093.44", "m"))),
            ("2.5", false, "kg", Some(("2.5", "kg"))),
            ("90", false, "km/h", Some(("25", "m/s"))),
            ("190", false, "km2", Some(("190000000", "m2"))),
            ("20", false, "Cel", Some(("293.15", "K"))),
            ("40", true, "Cel", Some(("233.15", "K"))),
            ("32", false, "[degF]", Some(("273.15", "K"))),
            ("3", false, "kW.h", Some(("10800000", "J"))),
            ("75", false, "mL", Some(("0.000075", "m3"))),
            ("5", false, "dB", None),
        ] {
            let found = normalized(Decimal::parse(amount, false).unwrap(), below, unit);
            let found = found.as_ref().map(|(amount, unit)| (amount.as_str(), unit.as_str()));
            assert_eq!(found, expected, "{amount} {unit}");
        }
    }
}
