"""Runs of the binary: files in, outcomes and CPU-seconds out."""

import dataclasses
import json
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile

STATUS = {"written": "ok", "dropped": "ok", "duplicate": "ok", "quarantined": "error"}
"""What an outcome in the ledger means for a file; one document of a file that could be read is enough."""


@dataclasses.dataclass
class Outcome:
    """What became of one record of a set: its document's file, and docmill's records and entries of the ledger and the quarantine."""

    record: dict
    source: object
    documents: list = dataclasses.field(default_factory=list)
    entries: list = dataclasses.field(default_factory=list)
    failures: list = dataclasses.field(default_factory=list)

    @property
    def document(self):
        """The first record, or an empty one."""
        return self.documents[0] if self.documents else {"text": "", "blocks": [], "annotations": [], "tags": [], "meta": {}}

    @property
    def status(self):
        """`ok`, `error`, or None where the file is lost."""
        found = {STATUS[entry["outcome"]] for entry in self.entries}
        return "ok" if "ok" in found else next(iter(found), None)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


class Bench:
    """A folder in which documents lie as files and docmill runs over them; `peak` is the memory that it took, in bytes."""

    def __init__(self, docmill, sources):
        self.docmill = docmill
        self.sources = sources
        self.peak = 0
        self.temporary = tempfile.TemporaryDirectory(prefix="docmill-quality-")
        self.folder = pathlib.Path(self.temporary.name)
        (self.folder / "0").mkdir()
        for number, source in enumerate(sources):
            (self.folder / "0" / f"{number:06}{source.suffix}").write_bytes(source.data)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def outcomes(self, records, stages):
        """Runs the stages over the documents and gives what became of each, in order."""
        _, manifest = self.run(stages, ["0"])
        self.peak = manifest["peak_memory"]
        found = [Outcome(record, source) for record, source in zip(records, self.sources)]
        for document in lines(self.folder / "out/documents.jsonl"):
            found[number(document["source"]["uri"])].documents.append(document)
        for entry in lines(self.folder / "out/ledger.jsonl"):
            found[number(entry["uri"])].entries.append(entry)
        for failure in lines(self.folder / "out/quarantine.jsonl"):
            found[number(failure["uri"])].failures.append(failure)
        return found

    def run(self, stages, folders, *options):
        """Runs the stages over folders of documents; gives the CPU-seconds and the manifest."""
        output = [{"jsonl": {"path": "out/documents.jsonl", "offsets": "codepoint"}}]
        # JSON is YAML.
        pipeline = json.dumps({"version": 1, "input": folders, "stages": stages, "output": output}, indent=1)
        (self.folder / "pipeline.yaml").write_text(pipeline, encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [self.docmill, "run", "pipeline.yaml", "--quiet", "--no-cache", *options]
        done = subprocess.run(command, cwd=self.folder, check=False, stderr=subprocess.PIPE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # 3 says that there are documents in quarantine.
        if done.returncode not in (0, 3):
            raise SystemExit(f"the run ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}{pipeline}")
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return seconds, json.loads((self.folder / "out/manifest.json").read_text(encoding="utf-8"))

    def speed(self, stages, measured, most_copies=200, budget=1.5):
        """How many documents the measured stages, or the whole run where none are named, work on a CPU-second.

        The documents are linked into as many folders as make a run of about `budget` seconds on one worker. Of its CPU-seconds the stages
        have the share that they have of all parts' time by the manifest.
        """
        seconds, _ = self.run(stages, ["0"], "--workers", "1")
        copies = max(1, min(most_copies, round(budget / max(seconds, 0.005)), 40_000 // len(self.sources)))
        for copy in range(1, copies):
            target = self.folder / str(copy)
            if not target.exists():
                shutil.copytree(self.folder / "0", target, copy_function=os.link)
        seconds, manifest = self.run(stages, [str(copy) for copy in range(copies)], "--workers", "1")
        if not measured:
            return copies * len(self.sources) / seconds
        parts = {part["id"]: part["seconds"] for part in manifest["parts"]}
        own = sum(time for name, time in parts.items() if is_of(name, measured))
        share = own / sum(parts.values()) if own else 0.0
        return copies * len(self.sources) / (seconds * share) if share else None


def is_of(name, measured):
    """Whether a part is one of these, or of a family among them."""
    return any(name == one or name.startswith(one + ".") for one in measured)


def number(uri):
    """The number of the document that a URI such as `0/000012.zip!/a.txt` leads to."""
    return int(uri.split("/", 1)[1][:6])
