"""Measures what `ingest.html` reads of web pages: their text and title, and the date of publication.

pages.py SETS DOCMILL [SET ...]

SETS is a folder of reference sets: `articles/*` and `dates/*`, each with a `gold.jsonl`, and `scorers` with `unpack.py`,
`score_article.py` and `score_dates.py`. DOCMILL is the binary. Each set that is named, or all of them, is unpacked, read by
a run of `ingest.html` alone, and scored. Its speed, in pages per CPU-second, is that of a run over ten copies of the set. The
text of a page is that of its blocks of the kinds in KINDS: no title, byline, dateline or caption.
"""

import json
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

KINDS = {"heading", "paragraph", "list_item", "table", "quote", "code"}
PIPELINE = """version: 1
input: [{inputs}]
stages:
  - ingest.html: {{ links: false }}
output:
  - jsonl: {{ path: out/documents.jsonl, offsets: codepoint }}
"""
SCORERS = {"articles": "score_article.py", "dates": "score_dates.py"}


def run(docmill, folder, inputs):
    """Runs the pipeline over these folders and gives the CPU-seconds that it took."""
    (folder / "p.yaml").write_text(PIPELINE.format(inputs=", ".join(inputs)), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # A page without a text is quarantined and the exit status says so: such a page has no prediction.
    subprocess.run([docmill, "run", "p.yaml", "--quiet", "--no-cache"], cwd=folder, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def speed(docmill, folder, pages):
    """How many pages are read a CPU-second, of ten times all pages."""
    copies = [f"pages{number}" for number in range(10)]
    for copy in copies:
        shutil.copytree(folder / "pages", folder / copy)
    return pages * len(copies) / run(docmill, folder, copies)


def read(docmill, folder):
    """Runs the pipeline over the pages in a folder and gives their records by the name of the file."""
    run(docmill, folder, ["pages"])
    lines = (folder / "out/documents.jsonl").read_text(encoding="utf-8").split("\n")
    records = (json.loads(line) for line in lines if line)
    return {pathlib.PurePosixPath(record["source"]["uri"]).name: record for record in records}


def text(record):
    blocks = [block for block in record["blocks"] if block["kind"] in KINDS]
    return "\n\n".join(record["text"][block["start"] : block["end"]] for block in blocks)


def title(record):
    shown = [block for block in record["blocks"] if block["kind"] == "title"]
    return record["text"][shown[0]["start"] : shown[0]["end"]] if shown else record["meta"].get("title")


def day(record):
    """The date of a page if it is known to the day."""
    date = record["meta"].get("date") or ""
    return date if len(date) == len("2016-03-14") else None


def prediction(task, identifier, record):
    if task == "dates":
        return {"id": identifier, "date": day(record)}
    return {"id": identifier, "text": text(record), "title": title(record)}


def measure(sets, docmill, task, gold):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        unpack = [sys.executable, sets / "scorers/unpack.py", "--gold", gold, "--out", folder / "pages"]
        subprocess.run(unpack, check=True, stdout=subprocess.DEVNULL)
        ids = folder / "pages/ids.json"
        names = json.loads(ids.read_text(encoding="utf-8"))
        ids.unlink()
        records = read(docmill, folder)
        found = [prediction(task, names[name], record) for name, record in records.items() if name in names]
        predictions = folder / "predictions.jsonl"
        predictions.write_text("".join(json.dumps(one) + "\n" for one in found), encoding="utf-8")
        score = [sys.executable, sets / "scorers" / SCORERS[task], "--gold", gold, "--pred", predictions]
        subprocess.run(score, check=True)
        print(f"{speed(docmill, folder, len(names)):.0f} pages per CPU-second", flush=True)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sets, docmill = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    for task in SCORERS:
        for gold in sorted(path.parent for path in (sets / task).glob("*/gold.jsonl")):
            if not sys.argv[3:] or gold.name in sys.argv[3:]:
                print(f"\n{task}/{gold.name}", flush=True)
                measure(sets, docmill, task, gold)


main()
