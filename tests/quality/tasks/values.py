"""`values/*`: dates, amounts of money and quantities, by their place and value.

The language of a record and the day on which it was said are known, as they are of a message or an article: they stand beside the text.
"""

import sources

SCORER = "score_values.py"
STAGES = ["tag.dates", "tag.money", "tag.quantities"]
KINDS = {"dates": ["date"], "money": ["money"], "quantity": ["quantity"]}


def figures(name):
    return ["value_F1", "value_P", "value_R", "span_F1"]


def source(gold, record):
    known = {"kind": gold.name, "language": record["lang"]}
    if "reference" in record:
        known["date"] = record["reference"]
    return sources.line(gold, record, **known)


def stages(record):
    return ["ingest", "normalize", "tag.language", "tag.dates", "tag.money", "tag.quantities"]


def prediction(outcome):
    kinds = KINDS[outcome.document["meta"].get("kind", "dates")]
    return {"values": [one for found in outcome.document["annotations"] if found["kind"] in kinds for one in values(outcome, found)]}


def values(outcome, found):
    """The values of an annotation: one, or both ends of a range of amounts; a span of time is one."""
    start, end = outcome.source.points(found["source"])
    value = found["value"]
    ends = [value[name] for name in ("date", "amount", "min", "max") if value.get(name) is not None]
    for one in ends or [f"{value.get('start')}/{value.get('end')}"]:
        yield {"start": start, "end": end, "value": one, "currency": value.get("currency"), "unit": value.get("unit")}
