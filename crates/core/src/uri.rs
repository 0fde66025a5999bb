//! Names of sources: paths, and paths in containers, as text that is safe to show.

/// Bytes of a path as a URI: what is not UTF-8, control characters, `%` and `#` as `%` and two hexadecimal digits a byte, so
/// that two files never have one name, no file has that of a row of a table, and no name moves the cursor of a terminal.
pub fn uri_text(bytes: &[u8]) -> String {
    let mut name = String::with_capacity(bytes.len());
    let escape = |name: &mut String, byte: u8| name.extend(['%', hexadecimal(byte >> 4), hexadecimal(byte & 0xF)]);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() || matches!(character, '%' | '#') {
                let mut buffer = [0; 4];
                for byte in character.encode_utf8(&mut buffer).bytes() {
                    escape(&mut name, byte);
                }
            } else {
                name.push(character);
            }
        }
        for &byte in chunk.invalid() {
            escape(&mut name, byte);
        }
    }
    name
}

/// The URI of the member `path` of the container with this URI, such as `a.zip!/b/c.docx`. A path is a name and nothing else: it
/// stays below its container, whatever steps up, roots and drives are in it, and is cut where it is longer than 4,096 bytes.
///
/// ```
/// assert_eq!(docmill_core::member_uri("a.zip", b"b/c.docx"), "a.zip!/b/c.docx");
/// assert_eq!(docmill_core::member_uri("a.zip", b"..\\..\\etc//passwd"), "a.zip!/%2E%2E/%2E%2E/etc/passwd");
/// ```
pub fn member_uri(container: &str, path: &[u8]) -> String {
    let path = &path[..path.len().min(4096)];
    let steps = path.split(|byte| matches!(byte, b'/' | b'\\')).filter(|step| !matches!(*step, b"" | b"."));
    let mut uri = format!("{container}!");
    for step in steps {
        uri.push('/');
        match step {
            b".." => uri.push_str("%2E%2E"),
            step => uri.push_str(&uri_text(step)),
        }
    }
    if uri.ends_with('!') {
        uri.push('/');
    }
    uri
}

/// The digit of a number below 16.
fn hexadecimal(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()
}
