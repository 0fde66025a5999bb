"""`summary/*`: summaries that people wrote, against sentences of the text within the words that they took."""

from sources import text as source  # noqa: F401

SCORER = "score_summary.py"
STAGES = ["summarize.extractive"]


def figures(name):
    return ["R1", "R2", "RL"]


def stages(record):
    return ["ingest", "normalize", "tag", {"summarize.extractive": {"words": record["budget"]}}]


def prediction(outcome):
    document = outcome.document
    summary = document.get("summary") or {"sentences": []}
    sentences = (one.get("text", document["text"][one["start"] : one["end"]]) for one in summary["sentences"])
    return {"summary": "\n".join(" ".join(sentence.split()) for sentence in sentences)}
