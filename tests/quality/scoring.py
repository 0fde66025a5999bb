"""Scores by the scorers that come with the sets."""

import hashlib
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

NEEDED = {"score_keyphrase.py": ("nltk", "nltk"), "score_summary.py": ("rouge_score", "rouge-score")}
"""The modules that scorers import, and the names of their packages."""


def missing(scorers):
    """The packages that these scorers need and that are not installed."""
    needed = [NEEDED[scorer] for scorer in scorers if scorer in NEEDED]
    return sorted({package for module, package in needed if importlib.util.find_spec(module) is None})


def half_of(record):
    """1 or 2, as if by chance: records that belong together are in one half."""
    key = str(record.get("group", record["id"]))
    return 1 + hashlib.sha256(key.encode("utf-8")).digest()[0] % 2


def score(scorers, scorer, gold, records, predictions):
    """What the scorer prints of these predictions, for all of `gold` or for those `records` of it."""
    with tempfile.TemporaryDirectory(prefix="docmill-quality-") as folder:
        # Scorers take the kind of a set from the name of its folder.
        part = pathlib.Path(folder) / gold.name
        part.mkdir()
        for entry in gold.iterdir():
            if entry.name != "gold.jsonl":
                (part / entry.name).symlink_to(entry)
        write(part / "gold.jsonl", records)
        known = {record["id"] for record in records}
        write(part / "predictions.jsonl", [one for one in predictions if one["id"] in known])
        command = [sys.executable, scorers / scorer, "--gold", part, "--pred", part / "predictions.jsonl", "--json"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{scorer} failed on {gold}:\n{done.stderr}")
        return json.loads(done.stdout)


def write(path, records):
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
