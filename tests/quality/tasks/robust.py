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
    status = outcome.status
    if status is None:
        return None
    if "expect" in outcome.record:
        # Of a broken file what stands before the break is read; a sound one may hold nothing but numbers.
        status = "ok" if all(map(lacks_text, outcome.failures)) else "error"
    return {"status": status, "text": "\n".join(document["text"] for document in outcome.documents)}


def lacks_text(failure):
    """Whether a document is in quarantine for want of a text alone, such as a number in JSON."""
    first = failure["error"][0]
    return first.startswith("not a record with a text") or (first == "it is empty" and "#" in failure["uri"])
