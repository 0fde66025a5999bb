#!/usr/bin/env python3
"""acme.terms in Python, on the SDK in sdk/python."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sdk" / "python"))
from docmill_stage import Annotation, Answer, Document, Drop, Edit, OptionsError, Stage, Tag, serve  # noqa: E402


class Terms(Stage):
    """Counts words of a list, tags and marks them, and drops documents that have too few."""

    name = "acme.terms"
    version = "1.0.0"
    options_schema = {
        "type": "object",
        "required": ["words"],
        "properties": {
            "words": {
                "type": "array",
                "items": {"type": "string", "pattern": "^[a-z0-9]+$"},
                "minItems": 1,
                "maxItems": 100,
                "description": "The words to count, in lower case.",
            },
            "min": {
                "type": "integer",
                "minimum": 0,
                "default": 1,
                "description": "Documents with fewer of them are dropped.",
            },
            "upper": {"type": "boolean", "default": False, "description": "Write what was found in upper case."},
        },
    }
    gives = ["text", "meta", "annotations.term", "tags.term", "measures.terms"]
    drops = True
    max_batch = 16

    def __init__(self, options: dict) -> None:
        super().__init__(options)
        self.words = options["words"]
        for index, word in enumerate(self.words):
            if word in self.words[:index]:
                raise OptionsError(f'"{word}" is there twice', f"/words/{index}")

    def process(self, doc: Document) -> Answer:
        places: dict[str, list[list[int]]] = {word: [] for word in self.words}
        annotations: list[Annotation] = []
        edits: list[Edit] = []
        for match in re.finditer("[A-Za-z0-9]+", doc["text"]):
            found, (start, end) = match.group(), match.span()
            word = found.lower()
            if word not in places:
                continue
            places[word].append([start, end])
            annotations.append({"kind": "term", "start": start, "end": end, "value": {"word": word}, "score": 1})
            if self.options["upper"] and found != found.upper():
                edits.append({"start": start, "end": end, "text": found.upper()})
        total = len(annotations)
        if total < self.options["min"]:
            drop: Drop = {"rule": "terms.min", "measured": total, "threshold": self.options["min"]}
            return {"measures": {"terms": total}, "drop": drop}
        tags: list[Tag] = [
            {"scheme": "term", "label": word, "score": rounded(len(spans) / total), "evidence": spans}
            for word, spans in places.items()
            if spans
        ]
        measures, meta = {"terms": total}, {"terms": len(tags)}
        return {"measures": measures, "annotations": annotations, "tags": tags, "meta": meta, "edits": edits}


def rounded(share: float) -> float:
    """A share with four decimals, halves up."""
    return int(share * 10_000 + 0.5) / 10_000


if __name__ == "__main__":
    serve(Terms)
