"""`dates/*`: the date of publication of web pages, where `ingest.html` knows it to the day."""

from sources import file as source  # noqa: F401
from tasks.articles import stages  # noqa: F401

SCORER = "score_dates.py"
STAGES = []


def figures(name):
    return ["accuracy", "precision"]


def prediction(outcome):
    date = outcome.document["meta"].get("date") or ""
    return {"date": date if len(date) == len("2016-03-14") else None}
