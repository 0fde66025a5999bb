"""`ner/*`: people, organizations and places, by their exact span and type."""

from sources import text as source  # noqa: F401

SCORER = "score_ner.py"
STAGES = ["tag.entities"]
TYPES = {"person": "PER", "organization": "ORG", "place": "LOC"}


def figures(name):
    return ["core_F1", "core_P", "core_R", "overlap_F1"]


def stages(record):
    return ["ingest", "normalize", "tag.language", "tag.citations", "tag.dates", "tag.money", "tag.quantities", "tag.links", "tag.entities"]


def prediction(outcome):
    entities = []
    for found in outcome.document["annotations"]:
        if found["kind"] in TYPES:
            start, end = outcome.source.points(found["source"])
            entities.append({"start": start, "end": end, "type": TYPES[found["kind"]], "score": found["score"]})
    return {"entities": entities}


def reliability(records, predictions):
    """The score of each entity found, and whether it is one by exact span and type."""
    gold = {record["id"]: {(one["start"], one["end"], one["type"]) for one in record["entities"]} for record in records}
    for found in predictions:
        for one in found["entities"]:
            yield one["score"], (one["start"], one["end"], one["type"]) in gold[found["id"]]
