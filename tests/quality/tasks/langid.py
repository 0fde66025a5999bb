"""`langid/*`: the language of sentences and of pairs of words."""

from sources import text as source  # noqa: F401

SCORER = "score_langid.py"
STAGES = ["tag.language"]


def figures(name):
    return ["accuracy[sentences]", "accuracy[word-pairs]"]


def stages(record):
    return ["ingest", "tag.language"]


def prediction(outcome):
    return {"lang": outcome.document.get("language")}
