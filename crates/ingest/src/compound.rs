//! Compound files ([MS-CFB]): the file systems in a file of Outlook's messages and of the office programs before 2007.

use std::borrow::Cow;
use std::io::{Cursor, Read, Result};

use cfb::CompoundFile;

/// An open compound file.
pub(crate) type Compound<'b> = CompoundFile<Cursor<Cow<'b, [u8]>>>;

/// Opens a compound file.
pub(crate) fn open(bytes: &[u8]) -> Result<Compound<'_>> {
    CompoundFile::open(Cursor::new(with_all_sectors(bytes)))
}

/// The bytes of a stream of a compound file, such as `Workbook`; `None` where it has no stream of this name.
///
/// # Errors
/// Where the bytes are no compound file, or one whose tables lead nowhere.
pub fn compound_stream(bytes: &[u8], name: &str) -> Result<Option<Vec<u8>>> {
    let mut file = open(bytes)?;
    if !file.is_stream(name) {
        return Ok(None);
    }
    let mut content = Vec::new();
    // A chain of sectors may lead in circles: no stream is larger than its file.
    file.open_stream(name)?.take(bytes.len() as u64).read_to_end(&mut content)?;
    Ok(Some(content))
}

/// The file with the sectors that its allocation table ([MS-CFB] 2.3) has room for, where some writers, such as that of `SheetJS`, fill the
/// rest of the table with ends of chains: without these sectors, the library takes it for cut off.
fn with_all_sectors(bytes: &[u8]) -> Cow<'_, [u8]> {
    match missing(bytes) {
        Some(missing) => Cow::Owned([bytes, &vec![0; missing]].concat()),
        None => Cow::Borrowed(bytes),
    }
}

/// How many bytes such a file lacks; `None` for any other.
fn missing(bytes: &[u8]) -> Option<usize> {
    /// Where the header has the binary logarithm of the size of a sector, how many sectors the table has, and which they are.
    const SIZE: usize = 30;
    const TABLES: usize = 44;
    const FIRST: usize = 76;
    const END_OF_CHAIN: [u8; 4] = 0xFFFF_FFFE_u32.to_le_bytes();
    let number = |at: usize| {
        let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(four)).ok()
    };
    let size = match bytes.get(SIZE)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    // The header names the first 109; larger files are written by others.
    let tables = number(TABLES).filter(|tables| (1..=109).contains(tables))?;
    let last = number(FIRST + 4 * (tables - 1))?;
    let table = last.checked_add(1)?.checked_mul(size)?;
    let table = bytes.get(table..table.checked_add(size)?)?;
    let whole = (tables * size / 4 + 1) * size;
    let unused = whole.checked_sub(bytes.len().next_multiple_of(size))? / size;
    let rest = table.get(table.len().checked_sub(4 * unused)?..)?;
    let are_ends = unused > 0 && rest.chunks_exact(4).all(|entry| entry == END_OF_CHAIN);
    are_ends.then(|| whole - bytes.len())
}
