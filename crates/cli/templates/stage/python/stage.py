#!/usr/bin/env python3
"""@NAME@, a stage for docmill."""

import re

from docmill_stage import Annotation, Answer, Document, Stage, serve


class Marks(Stage):
    """Marks a word wherever it stands, and counts it."""

    name = "@NAME@"
    version = "0.1.0"
    options_schema = {
        "type": "object",
        "properties": {
            "word": {"type": "string", "minLength": 1, "default": "harbor", "description": "The word to mark."},
        },
    }
    gives = ["annotations.mark", "measures.marks"]

    def process(self, doc: Document) -> Answer:
        word = rf"\b{re.escape(self.options['word'])}\b"
        places = re.finditer(word, doc["text"], re.IGNORECASE)
        marks: list[Annotation] = [
            {"kind": "mark", "start": place.start(), "end": place.end()} for place in places
        ]
        return {"annotations": marks, "measures": {"marks": len(marks)}}


if __name__ == "__main__":
    serve(Marks)
