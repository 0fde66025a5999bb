"""`sentences/*`: where sentences end."""

from sources import text as source  # noqa: F401

SCORER = "score_sentences.py"
STAGES = ["tag.sentences"]


def figures(name):
    return ["exact_docs"] if name == "golden" else ["boundary_F1", "boundary_P", "boundary_R"]


def stages(record):
    return ["ingest", "tag.language", "tag.sentences"]


def prediction(outcome):
    """The text of the record, cut where sentences end: what the reader took out, such as bullets, goes with the sentence behind it."""
    found = (one for one in outcome.document["annotations"] if one["kind"] == "sentence")
    ends = sorted({outcome.source.points(one["source"])[1] for one in found})
    text = outcome.record["text"]
    return {"sentences": [text[start:end] for start, end in zip([0, *ends[:-1]], [*ends[:-1], len(text)])]}
