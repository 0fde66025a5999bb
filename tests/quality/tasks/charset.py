"""`charset/*`: files of many encodings, decoded by the encoding that the reader of text finds."""

import sources

SCORER = "score_charset.py"
STAGES = []
CODECS = {"x-mac-cyrillic": "mac_cyrillic", "windows-874": "cp874", "iso-8859-8-i": "iso8859_8", "windows-31j": "cp932", "euc-kr": "cp949", "kz-1048": "kz1048"}
"""What Python calls the encodings that WHATWG names otherwise."""


def figures(name):
    return ["decoded_exact", "decoded_exact[cjk]", "decoded_exact[single-byte]", "decoded_exact[utf]"]


def source(gold, record):
    return sources.file(gold, record, ".txt")


def stages(record):
    return ["ingest.text"]


def prediction(outcome):
    if not outcome.documents:
        return None
    encoding = outcome.document["source"]["encoding"]
    return {"encoding": CODECS.get(encoding, encoding)}
