#!/usr/bin/env python3
"""acme.terms as a command: the document as JSON on standard input, the answer as JSON on standard output."""

import argparse
import json
import re
import sys


def answer(doc, words, least, upper):
    places = {word: [] for word in words}
    annotations, edits = [], []
    for match in re.finditer("[A-Za-z0-9]+", doc["text"]):
        found, (start, end) = match.group(), match.span()
        word = found.lower()
        if word not in places:
            continue
        places[word].append([start, end])
        annotations.append({"kind": "term", "start": start, "end": end, "value": {"word": word}, "score": 1})
        if upper and found != found.upper():
            edits.append({"start": start, "end": end, "text": found.upper()})
    total = len(annotations)
    if total < least:
        return {"measures": {"terms": total}, "drop": {"rule": "terms.min", "measured": total, "threshold": least}}
    tags = [
        {"scheme": "term", "label": word, "score": int(len(spans) / total * 10_000 + 0.5) / 10_000, "evidence": spans}
        for word, spans in places.items()
        if spans
    ]
    measures, meta = {"terms": total}, {"terms": len(tags)}
    return {"measures": measures, "annotations": annotations, "tags": tags, "meta": meta, "edits": edits}


def main():
    parser = argparse.ArgumentParser(description="Counts words of a list in a document of docmill.")
    parser.add_argument("--words", required=True, type=lambda words: words.split(","), help="such as harbor,rail")
    parser.add_argument("--min", type=int, default=1, help="documents with fewer of them are dropped")
    parser.add_argument("--upper", choices=["true", "false"], default="false", help="write them in upper case")
    options = parser.parse_args()
    doc = json.loads(sys.stdin.buffer.read())
    found = answer(doc, options.words, options.min, options.upper == "true")
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main()
