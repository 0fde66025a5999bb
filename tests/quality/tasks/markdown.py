"""`markdown/*`: the examples of CommonMark, of which docmill gives the text and no HTML."""

from sources import text

SCORER = "score_markdown.py"
STAGES = []


def figures(name):
    return ["text_exact"]


def source(gold, record):
    return text(gold, record, ".md")


def stages(record):
    return ["ingest.markdown"]


def prediction(outcome):
    return {"text": outcome.document["text"]}
