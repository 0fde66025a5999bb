"""Measures docmill against reference sets.

measure.py --data SETS [--only TASK[/SET]]... [--halves] [--no-speed] [--json FILE] [--out FILE] DOCMILL

SETS is a folder of reference sets: `TASK/SET/gold.jsonl` with what the records need beside it, `scorers`, and the figures of others in
`BASELINES.md`. DOCMILL is the binary. Every set whose task has a module in `tasks` becomes files, goes through the pipeline that the module
states, and is scored.
"""

import argparse
import collections
import datetime
import importlib
import json
import pathlib
import pkgutil
import subprocess
import sys

import reliability
import report
import scoring
import tasks
from peers import peers
from runs import Bench, lines


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docmill", type=pathlib.Path, metavar="DOCMILL")
    parser.add_argument("--data", type=pathlib.Path, required=True, metavar="SETS")
    parser.add_argument("--only", action="append", default=[], metavar="TASK[/SET]", help="this task or set; may be repeated")
    parser.add_argument("--halves", action="store_true", help="tell the figures of two halves of each set too, drawn as if by chance")
    parser.add_argument("--no-speed", action="store_true", help="leave out the documents per CPU-second")
    parser.add_argument("--build", metavar="TEXT", help="how DOCMILL was built, for the page, such as: a release build")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all that the scorers print to this file")
    parser.add_argument("--predictions", type=pathlib.Path, metavar="DIR", help="write what the scorers are shown to this folder")
    parser.add_argument("--out", type=pathlib.Path, metavar="FILE", help="write the table to this file, in Markdown")
    return parser.parse_args()


def shown_command(args):
    """The command without the names of folders of this machine."""
    only = [f"--only {name}" for name in args.only]
    speed = ["--no-speed"] if args.no_speed else []
    return " ".join(["python3 tests/quality/measure.py --data SETS", *only, *speed, "--out docs/QUALITY.md DOCMILL"])


def chosen(sets, only):
    """The sets to measure, as pairs of a task's module and a folder."""
    for name in sorted(module.name for module in pkgutil.iter_modules(tasks.__path__)):
        task = importlib.import_module(f"tasks.{name}")
        for gold in sorted(path.parent for path in (sets / name).glob("*/gold.jsonl")):
            if not only or name in only or f"{name}/{gold.name}" in only:
                yield task, gold


def predictions(docmill, task, gold, records):
    """What docmill makes of each record, how many documents had which outcome, and the peak memory in bytes.

    Records that ask for the same pipeline go through one run.
    """
    runs, found, ends, peak = {}, [], collections.Counter(), 0
    for record in records:
        runs.setdefault(json.dumps(task.stages(record)), []).append(record)
    for stages, together in runs.items():
        with Bench(docmill, [task.source(gold, record) for record in together]) as bench:
            outcomes = bench.outcomes(together, json.loads(stages))
        peak = max(peak, bench.peak)
        for outcome in outcomes:
            ends.update(entry["outcome"] for entry in outcome.entries)
            prediction = task.prediction(outcome)
            if prediction is not None:
                found.append({"id": outcome.record["id"], **prediction})
    return found, dict(sorted(ends.items())), peak


def speed(docmill, task, gold, records):
    with Bench(docmill, [task.source(gold, record) for record in records]) as bench:
        return bench.speed(task.stages(records[0]), task.STAGES, getattr(task, "COPIES", 200))


def measure(args, task, gold):
    records = lines(gold / "gold.jsonl")
    found, ends, peak = predictions(args.docmill, task, gold, records)
    name = f"{gold.parent.name}/{gold.name}"
    if args.predictions:
        path = args.predictions / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        scoring.write(path, found)
    parts = {"all": records}
    if args.halves:
        parts |= {f"half {half}": [one for one in records if scoring.half_of(one) == half] for half in (1, 2)}
    scores = {part: scoring.score(args.data / "scorers", task.SCORER, gold, some, found) for part, some in parts.items()}
    rate = None if args.no_speed else speed(args.docmill, task, gold, records)
    scored = getattr(task, "reliability", None)
    counts = {"reliability": reliability.bins(scored(records, found))} if scored else {}
    told = {**counts, "outcomes": ends, "peak_memory": peak, "documents_per_cpu_second": rate}
    return {"set": name, "figures": task.figures(gold.name), "stages": task.STAGES, **told, **scores}


def main():
    args = arguments()
    command = shown_command(args)
    args.data, args.docmill = args.data.resolve(), args.docmill.resolve()
    sets = list(chosen(args.data, args.only))
    if not sets:
        sys.exit(f"no sets in {args.data} of these names: {' '.join(args.only) or 'any'}")
    absent = scoring.missing(task.SCORER for task, _ in sets)
    if absent:
        sys.exit(f"the scorers need packages of Python that are not installed: python3 -m pip install {' '.join(absent)}")
    others, results = peers(args.data), []
    for task, gold in sets:
        results.append(measure(args, task, gold))
        print(report.plain(results[-1], others), flush=True)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if args.out:
        version = subprocess.run([args.docmill, "--version"], check=True, capture_output=True, text=True).stdout.strip()
        version += f" ({args.build})" if args.build else ""
        args.out.write_text(report.page(command, version, datetime.date.today(), results, others), encoding="utf-8")


main()
