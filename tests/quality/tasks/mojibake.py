"""`mojibake/*`: broken text to repair, and sound text to leave as it is.

The gold has its quotes straightened.
"""

from sources import text as source  # noqa: F401

SCORER = "score_mojibake.py"
STAGES = ["normalize.entities", "normalize.mojibake", "normalize.unicode"]


def figures(name):
    return ["exact_pass", "exact[negative]"]


def stages(record):
    return [{"ingest.text": {"layout": False}}, "normalize.entities", "normalize.mojibake", "normalize.unicode", {"normalize.quotes": {"quotes": "ascii"}}]


def prediction(outcome):
    return {"output": outcome.document["text"]}
