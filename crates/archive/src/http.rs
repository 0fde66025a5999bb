//! HTTP responses as web archives hold them (RFC 9112): the head, and the body out of its chunks and compression.

use std::io::{BufRead, BufReader, Read};

use docmill_core::ReadError;

/// More fields than any response has that is one.
const MOST_FIELDS: usize = 256;

/// The head of a response.
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Without parameters, in lower case.
    pub(crate) content_type: Option<String>,
    is_chunked: bool,
    content_encoding: Option<String>,
}

impl Response {
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        let mut parsed = httparse::Response::new(&mut fields);
        let mut config = httparse::ParserConfig::default();
        config.allow_spaces_after_header_name_in_responses(true);
        config.allow_obsolete_multiline_headers_in_responses(true);
        config.ignore_invalid_headers_in_responses(true);
        config.parse_response(&mut parsed, head).ok()?;
        let status = parsed.code?;
        let field = |name: &str| {
            let field = parsed.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
            Some(String::from_utf8_lossy(field.value).trim().to_ascii_lowercase())
        };
        Some(Self {
            status,
            content_type: field("content-type").map(|value| media_type(&value)),
            is_chunked: field("transfer-encoding").is_some_and(|value| value.contains("chunked")),
            content_encoding: field("content-encoding"),
        })
    }

    /// The body as it was before it was sent.
    pub(crate) fn body<'r>(&self, body: impl BufRead + 'r) -> Result<Box<dyn Read + 'r>, ReadError> {
        let mut body: Box<dyn BufRead + 'r> = Box::new(body);
        // Archivers may take the chunks away and leave the field.
        let begun = body.fill_buf().map_err(|error| crate::broken("a web archive", error))?;
        if self.is_chunked && begins_a_chunk(begun) {
            body = Box::new(BufReader::new(Chunks { body, left: 0, state: Next::First }));
        }
        let begun = body.fill_buf().map_err(|error| crate::broken("a web archive", error))?;
        Ok(match self.content_encoding.as_deref() {
            Some("gzip" | "x-gzip") if begun.starts_with(&[0x1F, 0x8B]) => {
                Box::new(flate2::bufread::MultiGzDecoder::new(body))
            }
            Some("deflate") if begun.first().is_some_and(|byte| byte & 0x0F == 8) => {
                Box::new(flate2::bufread::ZlibDecoder::new(body))
            }
            Some(encoding @ ("br" | "zstd")) if !looks_like_text(begun) => {
                let what = format!("the content encoding {encoding}");
                let way_out = "let the archiver take it away, as most do".to_owned();
                return Err(ReadError::Unsupported { what, way_out });
            }
            _ => Box::new(body),
        })
    }
}

/// A media type without parameters, in lower case.
pub(crate) fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase()
}

fn looks_like_text(bytes: &[u8]) -> bool {
    bytes.iter().take(64).all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace()) && bytes.is_ascii()
}

fn begins_a_chunk(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    size(line).is_some() && line.len() < bytes.len()
}

/// The size that a line before a chunk says.
fn size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?;
    let digits = std::str::from_utf8(digits.trim_ascii()).ok()?;
    u64::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// What comes next where a chunk is done.
#[derive(PartialEq, Eq)]
enum Next {
    /// The size of the first chunk.
    First,
    /// A line end, and the size of a chunk.
    Size,
    /// Nothing.
    End,
}

/// The data of chunks.
struct Chunks<R> {
    body: R,
    left: u64,
    state: Next,
}

impl<R: BufRead> Chunks<R> {
    fn line(&mut self) -> std::io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.body.by_ref().take(1024).read_until(b'\n', &mut line)?;
        Ok(line)
    }
}

impl<R: BufRead> Read for Chunks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let broken = || std::io::Error::new(std::io::ErrorKind::InvalidData, "a chunk of the response has no size");
        if self.left == 0 && self.state != Next::End {
            if self.state == Next::Size {
                self.line()?;
            }
            self.left = size(&self.line()?).ok_or_else(broken)?;
            self.state = if self.left == 0 { Next::End } else { Next::Size };
        }
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        match self.body.by_ref().take(self.left).read(buffer)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.left -= read as u64;
                Ok(read)
            }
        }
    }
}
