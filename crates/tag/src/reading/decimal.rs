//! Decimal numbers, exact: an amount of money must not pass through a float.

use std::fmt;

/// `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    mantissa: u128,
    scale: u32,
}

impl Decimal {
    pub(crate) const fn from_integer(value: u128) -> Self {
        Self { mantissa: value, scale: 0 }
    }

    /// `mantissa / 10^scale`.
    pub(crate) const fn new(mantissa: u128, scale: u32) -> Self {
        Self { mantissa, scale }
    }

    /// The number in digits that `text` is. `comma` says that the language writes `1.234,56`; it only matters where one
    /// separator with three digits behind it could be either. `None` where the separators make no number, as in `3.14.2016`.
    pub(crate) fn parse(text: &str, comma: bool) -> Option<Self> {
        let points = text.bytes().filter(|byte| *byte == b'.').count();
        let commas = text.bytes().filter(|byte| *byte == b',').count();
        let decimal_separator = match (points, commas) {
            (1.., 1..) if text.rfind('.') > text.rfind(',') => (points == 1).then_some('.'),
            (1.., 1..) => (commas == 1).then_some(','),
            (1, 0) => is_fraction(text, '.', comma).then_some('.'),
            (0, 1) => is_fraction(text, ',', !comma).then_some(','),
            (_, 0) | (0, _) => None,
        };
        let (whole, fraction) = match decimal_separator {
            Some(separator) => text.split_once(separator)?,
            None => (text, ""),
        };
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(fraction) || !is_grouped(whole) {
            return None;
        }
        let mut mantissa: u128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit) {
            mantissa = mantissa.checked_mul(10)?.checked_add(u128::from(digit - b'0'))?;
        }
        Some(Self { mantissa, scale: u32::try_from(fraction.len()).ok()? })
    }

    /// Times `10^power`.
    pub(crate) fn shifted(self, power: u32) -> Option<Self> {
        if let Some(scale) = self.scale.checked_sub(power) {
            return Some(Self { scale, ..self });
        }
        let factor = 10_u128.checked_pow(power - self.scale)?;
        Some(Self { mantissa: self.mantissa.checked_mul(factor)?, scale: 0 })
    }

    /// The sum of two numbers.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let mantissa = |number: Self| number.mantissa.checked_mul(10_u128.checked_pow(scale - number.scale)?);
        Some(Self { mantissa: mantissa(self)?.checked_add(mantissa(other)?)?, scale })
    }

    /// The product of two numbers.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Some(Self { mantissa: self.mantissa.checked_mul(other.mantissa)?, scale: self.scale.checked_add(other.scale)? })
    }

    /// The quotient of two numbers, to twelve significant digits at least and eighteen decimal places at most.
    pub(crate) fn over(self, other: Self) -> Option<Self> {
        let mut scale = 0;
        let mut mantissa = self.mantissa.checked_mul(10_u128.checked_pow(other.scale)?)?;
        let divisor = other.mantissa.checked_mul(10_u128.checked_pow(self.scale)?)?;
        while mantissa != 0
            && scale < 18
            && mantissa.checked_rem(divisor)? != 0
            && mantissa / divisor < 1_000_000_000_000
        {
            let Some(longer) = mantissa.checked_mul(10) else { break };
            mantissa = longer;
            scale += 1;
        }
        Some(Self { mantissa: mantissa.checked_add(divisor / 2)?.checked_div(divisor)?, scale })
    }

    /// The difference, where the second number is not the greater one.
    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let mantissa = |number: Self| number.mantissa.checked_mul(10_u128.checked_pow(scale - number.scale)?);
        Some(Self { mantissa: mantissa(self)?.checked_sub(mantissa(other)?)?, scale })
    }

    /// Whether it is written without a fraction.
    pub(crate) fn is_integer(self) -> bool {
        self.scale == 0
    }

    /// The number, where it is whole and small.
    pub(crate) fn small(self) -> Option<u16> {
        if self.scale == 0 { u16::try_from(self.mantissa).ok() } else { None }
    }

    /// Divided by a hundred.
    pub(crate) fn hundredth(self) -> Self {
        Self { scale: self.scale + 2, ..self }
    }
}

/// Whether the one `separator` in `text` parts a fraction rather than thousands.
fn is_fraction(text: &str, separator: char, groups: bool) -> bool {
    let (whole, fraction) = text.split_once(separator).unwrap_or((text, ""));
    !groups || fraction.len() != 3 || whole.len() > 3 || whole == "0"
}

/// Whether `whole` is digits, or groups of them: of three, or as in India of three at the end and two before.
fn is_grouped(whole: &str) -> bool {
    let mut groups = whole.rsplit(|c: char| !c.is_ascii_digit()).map(str::len);
    let Some(last) = groups.next() else { return false };
    let groups: Vec<usize> = groups.collect();
    let Some((first, middle)) = groups.split_last() else { return last > 0 };
    let one_separator = {
        let mut separators = whole.chars().filter(|c| !c.is_ascii_digit());
        let first = separators.next();
        separators.all(|separator| Some(separator) == first)
    };
    let of = |size: usize| (1..=size).contains(first) && middle.iter().all(|group| *group == size);
    one_separator && last == 3 && (of(3) || of(2))
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>width$}", self.mantissa, width = self.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        match fraction.trim_end_matches('0') {
            "" => f.write_str(whole),
            fraction => write!(f, "{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        for (text, comma, expected) in [
            ("2.17", false, Some("2.17")),
            ("1,200.50", false, Some("1200.5")),
            ("1.234,56", false, Some("1234.56")),
            ("1,234", false, Some("1234")),
            ("1,234", true, Some("1.234")),
            ("1.234", true, Some("1234")),
            ("0.005", true, Some("0.005")),
            ("12,34,567", false, Some("1234567")),
            ("1\u{a0}200\u{a0}000", true, Some("1200000")),
            ("12'500.20", false, Some("12500.2")),
            ("3.14.2016", false, None),
            ("1,23,4", false, None),
            ("340282366920938463463374607431768211456", false, None),
        ] {
            assert_eq!(Decimal::parse(text, comma).map(|number| number.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn magnitudes_shift_the_point() {
        let shifted = |text: &str, power| Decimal::parse(text, false).unwrap().shifted(power).map(|n| n.to_string());
        assert_eq!(shifted("2.17", 9).as_deref(), Some("2170000000"));
        assert_eq!(shifted("1.23456", 3).as_deref(), Some("1234.56"));
        assert_eq!(shifted("99999999999999999999", 30), None);
    }
}
