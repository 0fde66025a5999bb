//! What goes to standard error: messages, numbers, colours where they are wanted.

use std::io::{IsTerminal as _, Write as _};

/// Writes a line to standard error.
pub(crate) fn say(line: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Whether standard error is a terminal that shows colours.
pub(crate) fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether standard error is a terminal.
pub(crate) fn is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// A number with its thousands apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A size in the largest unit that leaves a number of one or more.
pub(crate) fn size(bytes: u64) -> String {
    let mut amount = bytes as f64;
    for unit in ["bytes", "KB", "MB", "GB"] {
        if amount < 1000.0 {
            return if unit == "bytes" { format!("{bytes} bytes") } else { format!("{amount:.1} {unit}") };
        }
        amount /= 1000.0;
    }
    format!("{amount:.1} TB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes_read_well() {
        assert_eq!(["7", "1,000", "1,234,567"], [7, 1000, 1_234_567].map(thousands).each_ref().map(String::as_str));
        assert_eq!(
            ["999 bytes", "1.0 KB", "12.3 MB"],
            [999, 1000, 12_345_678].map(size).each_ref().map(String::as_str)
        );
    }
}
