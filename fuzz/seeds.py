"""Writes the inputs that fuzzing begins with into corpus/, made of the fixtures: `python3 fuzz/seeds.py`

What libFuzzer found later lies beside them under the hash of its bytes, and stays."""

import gzip
import io
import os
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "fixtures"

# Target: its fixtures.
WHOLE = {
    "text": ["newsroom/memo.txt", "newsroom/dates.txt", "newsroom/shiftjis.txt", "newsroom/crlf-bom.txt", "pii/email-thread.txt"],
    "html": ["newsroom/bulletin.html", "newsroom/listing.html", "corpus/good-peat-bog.html"],
    "markdown": ["newsroom/minutes.md"],
    "eml": ["mail/attachment.eml", "mail/base64.eml", "mail/forward.eml", "mail/quoted-printable.eml", "mail/broken.eml"],
    "mbox": ["mail/desk.mbox"],
    "msg": ["formats/message.msg"],
    "doc": ["formats/report.doc"],
    "rtf": ["formats/report.rtf"],
    "pdf": ["formats/columns.pdf", "formats/tables.pdf", "formats/rotated.pdf", "formats/locked.pdf", "formats/unmapped.pdf"],
    "sheet": ["formats/arrivals.xls"],
    "sqlite": ["formats/notes.sqlite"],
    "parquet": ["formats/notes-none.parquet", "formats/notes-gzip.parquet"],
    "zip": ["formats/yard.zip"],
    "tar": ["formats/yard.tar"],
    "7z": ["formats/yard.7z"],
    "compressed": ["formats/note.txt.gz", "formats/note.txt.bz2", "formats/note.txt.zst", "formats/yard.tar.xz"],
    "run": ["formats/yard.zip", "formats/yard.tgz", "mail/attachment.eml", "formats/report.rtf", "formats/ferry.warc.gz", "formats/book.epub"],
}

# Target: a package, and which of its files are the pieces of an input.
PACKAGES = {
    "docx": ("formats/report.docx", ["word/document.xml", "word/numbering.xml", "word/footnotes.xml"]),
    "pptx": ("formats/slides.pptx", ["ppt/slides/slide1.xml", "ppt/notesSlides/notesSlide1.xml"]),
    "xlsx": ("formats/arrivals.xlsx", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]),
    "odt": ("formats/report.odt", ["content.xml", "styles.xml", "meta.xml"]),
    "ods": ("formats/arrivals.ods", ["content.xml", "meta.xml"]),
}

# Target: small inputs, written here.
WRITTEN = {
    "xml": [
        '<?xml version="1.0"?>\n<article><title>Tides</title><p>The harbour &amp; the <b>rail</b>.</p></article>',
        '<!DOCTYPE d [<!ENTITY a "tide"><!ENTITY b "&a;&a;">]><d>&b;</d>',
        '<rss><channel><item><title>Ferry</title><description><![CDATA[<p>Late</p>]]></description></item></channel></rss>',
    ],
    "json": ['[{"title": "Tide", "text": "High at noon."}, {"text": "L\\u00f6w\\ud83d\\ude00"}]', '{"items": [1, "two", null]}'],
    "jsonl": ['{"text": "High at noon."}\n{"text": 5}\n\n{"te'],
    "csv": ["id,text\n1,High at noon\n2,\"Low, \"\"late\"\"\"\n", "id;text\n1;'a'\n2\n"],
    "mhtml": [
        "From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n"
        "Content-Location: http://a.example/\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Tide=20table</p>\r\n--x--\r\n"
    ],
    "epub": [
        '<package><metadata><title>Tides</title></metadata><manifest><item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine>'
        "</package>\0<html><body><h1>One</h1><p>High.</p></body></html>\0<html><body><p>Low.</p></body></html>"
    ],
    "warc": [
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: application/http\r\nContent-Length: 92\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nTides\r\n0\r\n\r\n\r\n\r\n"
    ],
    "pipeline": [
        'version: 1\nvars: { inbox: ./docs, top: 3 }\ninput: ["${inbox}"]\nstages:\n  - ingest\n  - ingest.csv: { text: body }\n    when: words > 3\n'
        "output:\n  - jsonl: out/documents.jsonl\nlimits: { depth: 10 }\n",
        "version: 1\nstages: [ingest, {filter.where: {where: 'language == \"en\"'}}]\n",
    ],
    "condition": ['language == "en" && words > 3', 'tags.topic.exists(t, t.startsWith("a")) ? size(text) : -1', '"a" in ["a", "b"]'],
}


def folder(target):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(target, name, data):
    (folder(target) / name).write_bytes(data)


def link(target, fixture):
    """Fixtures that are inputs as they are lie in the repository once."""
    place = folder(target) / fixture.name
    place.unlink(missing_ok=True)
    place.symlink_to(os.path.relpath(fixture, place.parent))


def main():
    for target, names in WHOLE.items():
        for name in names:
            link(target, FIXTURES / name)
    for target, (name, members) in PACKAGES.items():
        with zipfile.ZipFile(FIXTURES / name) as package:
            there = set(package.namelist())
            pieces = [package.read(member) if member in there else b"" for member in members]
        keep(target, Path(name).name, b"\0".join(pieces))
    for target, texts in WRITTEN.items():
        for number, text in enumerate(texts, 1):
            keep(target, f"written-{number}", text.encode())
    keep("warc", "ferry.warc", gzip.GzipFile(fileobj=io.BytesIO((FIXTURES / "formats/ferry.warc.gz").read_bytes())).read())


main()
