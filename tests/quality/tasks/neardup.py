"""`neardup/*`: copies of articles, changed in known ways; a duplicate belongs with the document that it repeats."""

from sources import text as source  # noqa: F401

SCORER = "score_neardup.py"
STAGES = ["dedup.near"]
COPIES = 1
"""Of copies of the set all but the first would be exact duplicates."""


def figures(name):
    return ["F1", "P", "R"]


def stages(record):
    return ["ingest", "normalize", {"dedup.near": {"annotate": True}}]


def prediction(outcome):
    document = outcome.document
    if not outcome.documents:
        return None
    return {"cluster": document["meta"].get("duplicate_of", document["source"]["uri"])}
