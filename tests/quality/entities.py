"""Measures the names that `tag.entities` finds.

entities.py SETS DOCMILL

SETS is a folder of reference sets: `ner/*`, each with a `gold.jsonl` of texts and their names (code points, PER ORG LOC MISC); and `scorers`
with `score_ner.py`. DOCMILL is the binary. Each text is a file of its own; what docmill takes its language for decides as in any run.
"""

import json
import pathlib
import resource
import subprocess
import sys
import tempfile

PIPELINE = """version: 1
input: {files}
stages:
  - ingest
  - tag.language
  - tag.entities: {{ kinds: [person, organization, place, misc] }}
output:
  - jsonl: out/documents.jsonl
"""
TYPES = {"person": "PER", "organization": "ORG", "place": "LOC", "misc": "MISC"}


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def measure(sets, docmill, gold):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "files").mkdir()
        records = lines(gold / "gold.jsonl")
        for number, record in enumerate(records):
            (folder / f"files/{number}.txt").write_bytes(record["text"].encode())
        (folder / "p.yaml").write_text(PIPELINE.format(files=json.dumps(str(folder / "files"))), encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([docmill, "run", "p.yaml", "--quiet", "--no-cache"], cwd=folder, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        predictions = folder / "predictions.jsonl"
        with predictions.open("w", encoding="utf-8") as out:
            for document in lines(folder / "out/documents.jsonl"):
                record = records[int(pathlib.PurePosixPath(document["source"]["uri"]).stem)]
                written = record["text"].encode()
                found = []
                for annotation in document["annotations"]:
                    if annotation["kind"] in TYPES:
                        ends = (len(written[: annotation["source"][end]].decode(errors="ignore")) for end in ("start", "end"))
                        found.append(dict(zip(("start", "end"), ends), type=TYPES[annotation["kind"]]))
                out.write(json.dumps({"id": record["id"], "entities": found}) + "\n")
        scorer = [sys.executable, sets / "scorers/score_ner.py", "--gold", gold, "--pred", predictions]
        print(f"{gold.name}: {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.2f} CPU-seconds", flush=True)
        subprocess.run(scorer, check=True)


def main():
    sets, docmill = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    for gold in sorted((sets / "ner").iterdir()):
        measure(sets, docmill, gold)


if __name__ == "__main__":
    main()
