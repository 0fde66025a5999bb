//! Names and opens what was found.

use std::fs::{File, Metadata};
use std::io;
use std::path::PathBuf;

use docmill_core::Found;

/// The source at `path`, which `uri` names: opened later, if it is a file.
pub(super) fn found(uri: &[u8], path: PathBuf) -> Found {
    let metadata = match std::fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) => return failing(uri, described(&path, error)),
    };
    if !metadata.is_file() {
        let message = format!("it is {}, which is not read", kind(&metadata));
        return failing(uri, io::Error::new(io::ErrorKind::Unsupported, message));
    }
    let place = std::path::absolute(&path).ok();
    let open = Box::new(move || Ok(Box::new(File::open(path)?) as _));
    Found { uri: name(uri), place, bytes: Some(metadata.len()), open }
}

/// A source that cannot be opened, and why.
pub(super) fn failing(uri: &[u8], error: io::Error) -> Found {
    Found { uri: name(uri), place: None, bytes: None, open: Box::new(move || Err(error)) }
}

/// The error of a path that could not be looked at, in words that say what is wrong with it.
pub(super) fn described(path: &std::path::Path, error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::InvalidFilename {
        let bytes = path.as_os_str().len();
        let message = format!(
            "its path of {bytes} bytes is longer than the system takes ({error}); a run that starts in a folder further down \
             reads it"
        );
        return io::Error::new(error.kind(), message);
    }
    let Ok(target) = std::fs::read_link(path) else { return error };
    let target = target.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            io::Error::new(error.kind(), format!("it is a link to {target}, which does not exist"))
        }
        _ => io::Error::new(error.kind(), format!("it is a link to {target}, which cannot be followed: {error}")),
    }
}

/// Bytes of a path as a URI: what is not UTF-8, control characters, `%` and `#` as `%` and two hexadecimal digits a byte, so
/// that two files never have one name, no file has that of a row of a table, and no name moves the cursor of a terminal.
fn name(bytes: &[u8]) -> String {
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

/// The digit of a number below 16.
fn hexadecimal(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()
}

#[cfg(unix)]
fn kind(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_dir() {
        "a folder"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "a folder" } else { "no regular file" }
}
