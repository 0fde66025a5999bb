"""`convert/*`: the words of office documents, books and the like, by the recommended readers.

A file that is split into several documents counts as one.
"""

from sources import file as source  # noqa: F401

SCORER = "score_convert.py"
STAGES = []


def figures(name):
    return ["word_F1", "bigram_F1"]


def stages(record):
    return ["ingest"]


def prediction(outcome):
    return {"text": "\n".join(document["text"] for document in outcome.documents)}
