"""Measures what the readers make of office documents, books and the like, and that no broken file ends a run.

documents.py SETS DOCMILL

SETS is a folder of reference sets: `convert/*`, whose documents have a reference text in Markdown, and `robust/*`, whose files are sound, odd,
locked and broken, each with a `gold.jsonl` that names its files; and `scorers` with `score_convert.py` and `score_robust.py`. DOCMILL is the
binary. All files of a set are read by one run of the recommended readers; a file that is split into several documents counts as one.
"""

import json
import pathlib
import resource
import subprocess
import sys
import tempfile

PIPELINE = """version: 1
input: {files}
stages: [ingest]
output:
  - jsonl: out/documents.jsonl
"""
SCORERS = {"convert": "score_convert.py", "robust": "score_robust.py"}
STATUS = {"written": "ok", "dropped": "ok", "duplicate": "ok", "quarantined": "error"}


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def file_of(uri):
    """The name of the file that a document came out of."""
    return uri.split("/", 1)[1].split("!/")[0].split("#")[0]


def run(docmill, folder, files):
    (folder / "p.yaml").write_text(PIPELINE.format(files=json.dumps(str(files))), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([docmill, "run", "p.yaml", "--quiet", "--no-cache"], cwd=folder, check=False, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit(f"the run ended with {done.returncode}")
    ledger = lines(folder / "out/ledger.jsonl")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = json.loads((folder / "out/manifest.json").read_text(encoding="utf-8"))["peak_memory"]
    outcomes = [entry["outcome"] for entry in ledger]
    print(*(f"{outcome} {outcomes.count(outcome)}" for outcome in STATUS if outcome in outcomes), sep=", ", end="; ")
    print(f"{len(ledger) / seconds:.0f} documents per CPU-second, peak {memory / 2**20:.0f} MiB")
    return ledger


def measure(sets, docmill, task, gold):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        ledger = run(docmill, folder, gold / "files")
        texts, statuses = {}, {}
        for record in lines(folder / "out/documents.jsonl"):
            texts.setdefault(file_of(record["source"]["uri"]), []).append(record["text"])
        for entry in ledger:
            # One document of a file that could be read is enough.
            name, status = file_of(entry["uri"]), STATUS[entry["outcome"]]
            statuses[name] = "ok" if "ok" in (status, statuses.get(name)) else status
        records = lines(gold / "gold.jsonl")
        predictions = folder / "predictions.jsonl"
        with predictions.open("w", encoding="utf-8") as out:
            for record in records:
                name = pathlib.PurePosixPath(record["file"]).name
                found = {"id": record["id"], "status": statuses.get(name), "text": "\n".join(texts.get(name, []))}
                if found["status"]:
                    out.write(json.dumps(found) + "\n")
        score = [sys.executable, sets / "scorers" / SCORERS[task], "--gold", gold, "--pred", predictions]
        subprocess.run(score, check=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sets, docmill = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    for task in SCORERS:
        for gold in sorted(path.parent for path in (sets / task).glob("*/gold.jsonl")):
            if (gold / "files").is_dir():
                print(f"\n{task}/{gold.name}", flush=True)
                measure(sets, docmill, task, gold)


main()
