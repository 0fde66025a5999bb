"""`robust/*`: sound, odd, locked and broken files, of which each must end as a record, a drop or an entry of the quarantine.

A file without an entry in the ledger has no prediction, which the scorer takes for a crash.
"""

import base64

import sources
from tasks.convert import stages  # noqa: F401

SCORER = "score_robust.py"
STAGES = []


def figures(name):
    return ["survived", "verdict_accuracy"] if name == "json" else ["survived"]


def source(gold, record):
    if "input_b64" in record:
        return sources.Source(".csv", base64.b64decode(record["input_b64"]))
    return sources.file(gold, record)


def prediction(outcome):
    if outcome.status is None:
        return None
    return {"status": outcome.status, "text": "\n".join(document["text"] for document in outcome.documents)}
