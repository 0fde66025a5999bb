"""`keyphrase/*`: the keyphrases that people chose, best first."""

from sources import text as source  # noqa: F401

SCORER = "score_keyphrase.py"
STAGES = ["tag.keyphrases"]


def figures(name):
    return ["F1@10", "F1@5"]


def stages(record):
    return ["ingest", "normalize", "tag", {"tag.keyphrases": {"top": 20}}]


def prediction(outcome):
    tags = outcome.document["tags"]
    return {"keyphrases": [tag["label"] for tag in tags if tag["scheme"] == "keyphrase"]}
