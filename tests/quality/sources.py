"""The documents of a set as files, as docmill is to find them, and the way back from places in a file to places in the text."""

import bisect
import dataclasses
import gzip
import itertools
import json
import pathlib


@dataclasses.dataclass
class Source:
    """A file: its suffix and bytes, and where in the bytes each character of the record's text begins, the end last."""

    suffix: str
    data: bytes
    starts: list = dataclasses.field(default_factory=list)

    def points(self, place):
        """The place of a record's `source`, in code points of the text."""
        start = bisect.bisect_left(self.starts, place["start"])
        return start, max(start, bisect.bisect_left(self.starts, place["end"]))


def text(gold, record, suffix=".txt"):
    """A text file."""
    words = record.get("text", record.get("input"))
    return Source(suffix, words.encode("utf-8"), list(itertools.accumulate(map(width, words), initial=0)))


def line(gold, record, **fields):
    """A file of JSON Lines with one record: the text, and what is known beside it."""
    words = record["text"]
    head = '{"text": "'
    starts = list(itertools.accumulate((width(escaped(char)) for char in words), initial=len(head)))
    data = head + escaped(words) + '", ' + json.dumps(fields)[1:] + "\n"
    return Source(".jsonl", data.encode("utf-8"), starts)


def file(gold, record, suffix=None):
    """The file that comes with a record; compressed pages are unpacked."""
    path = gold / record["file"]
    data, name = path.read_bytes(), path.name
    if name.endswith(".html.gz"):
        data, name = gzip.decompress(data), name[: -len(".gz")]
    return Source(suffix or "".join(pathlib.PurePath(name).suffixes[-2:]), data)


def width(words):
    return len(words.encode("utf-8"))


def escaped(words):
    return json.dumps(words, ensure_ascii=False)[1:-1]
