//! What was compiled is kept, and nothing else is believed.

use std::fs;
use std::path::PathBuf;

use docmill_wasm::{CacheFolder, Wasm};

use crate::support::{File, logged, open, probe};

fn kept(file: &File) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(file.cache()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Opens it, and says what was logged.
fn opened(file: &File, fuel: Option<u64>) -> String {
    let wasm = Wasm { fuel, cache: CacheFolder::At(file.cache()), ..file.options() };
    let (opened, log) = logged(|| open(wasm));
    opened.unwrap();
    log
}

fn compiles(log: &str) -> bool {
    log.contains("compiling stage.wasm took")
}

#[test]
fn the_second_time_nothing_is_compiled() {
    let file = probe();
    assert!(compiles(&opened(&file, None)));
    assert_eq!(kept(&file).len(), 1);
    let log = opened(&file, None);
    assert!(!compiles(&log) && log.contains("was compiled before"), "{log}");
    assert_eq!(kept(&file).len(), 1);
}

#[test]
fn a_damaged_file_is_not_loaded_and_made_again() {
    let file = probe();
    opened(&file, None);
    let path = kept(&file).remove(0);
    let good = fs::read(&path).unwrap();
    // In the name of the format, in the checksum, in the machine code, at its end; and what a full disk leaves.
    for at in [3, 20, good.len() / 2, good.len() - 1] {
        let mut damaged = good.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, damaged).unwrap();
        let log = opened(&file, None);
        assert!(compiles(&log) && log.contains("is not used: it is damaged"), "byte {at}: {log}");
        assert_eq!(fs::read(&path).unwrap(), good, "byte {at}");
    }
    for length in [0, 40, good.len() - 1] {
        fs::write(&path, &good[..length]).unwrap();
        assert!(compiles(&opened(&file, None)), "{length} bytes");
        assert_eq!(fs::read(&path).unwrap(), good);
    }
    assert!(!compiles(&opened(&file, None)));
}

#[test]
fn other_settings_and_other_bytes_are_kept_elsewhere() {
    let file = probe();
    opened(&file, None);
    assert!(compiles(&opened(&file, Some(1_000_000))), "fuel is counted in the machine code");
    assert_eq!(kept(&file).len(), 2);
    assert!(!compiles(&opened(&file, Some(2_000_000))), "how much of it there is, is not");
    // A section that means nothing: another component all the same.
    let mut bytes = fs::read(&file.wasm).unwrap();
    bytes.extend([0, 3, 1, b'x', 0]);
    fs::write(&file.wasm, bytes).unwrap();
    assert!(compiles(&opened(&file, None)));
    assert_eq!(kept(&file).len(), 3);
}

#[cfg(unix)]
#[test]
fn only_this_user_can_write_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;

    let file = probe();
    opened(&file, None);
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let set = |path: &PathBuf, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let path = kept(&file).remove(0);
    assert_eq!((mode(&file.cache()), mode(&path)), (0o700, 0o600));

    set(&path, 0o620);
    let log = opened(&file, None);
    assert!(compiles(&log) && log.contains("others may write to it"), "{log}");
    assert_eq!(mode(&path), 0o600, "it was replaced");

    for open_to in [0o720, 0o702] {
        set(&file.cache(), open_to);
        let log = opened(&file, None);
        assert!(compiles(&log) && log.contains("stage.wasm is compiled anew each time"), "{log}");
    }
    set(&file.cache(), 0o755);
    assert!(!compiles(&opened(&file, None)), "others may look");
}

#[test]
fn nothing_is_kept_where_nothing_shall_be() {
    let file = probe();
    let (opened, log) = logged(|| open(file.options()));
    assert!(opened.is_ok() && compiles(&log));
    assert!(!file.cache().exists());
}
