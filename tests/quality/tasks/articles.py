"""`articles/*`: the main text of web pages and their title, as `ingest.html` reads them.

The text of a page is that of its blocks of the kinds in KINDS: no title, byline, dateline or caption.
"""

from sources import file as source  # noqa: F401

SCORER = "score_article.py"
STAGES = []
KINDS = {"heading", "paragraph", "list_item", "table", "quote", "code"}
FIGURES = {"scrapinghub": ["shingle_F1", "exact"], "trafilatura-snippets": ["snippet_F1"]}


def figures(name):
    return FIGURES.get(name, ["word_F1", "snippet_F1"])


def stages(record):
    return [{"ingest.html": {"links": False}}]


def prediction(outcome):
    document = outcome.document
    return {"text": "\n\n".join(texts(document, KINDS)), "title": title(document)}


def texts(document, kinds):
    return [document["text"][block["start"] : block["end"]] for block in document["blocks"] if block["kind"] in kinds]


def title(document):
    return next(iter(texts(document, {"title"})), document["meta"].get("title"))
