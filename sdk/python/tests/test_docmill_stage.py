"""Drives stages through pipes, as docmill does."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import threading
import unittest
from pathlib import Path

SDK = Path(__file__).resolve().parent.parent

STAGE = """
    import os, sys
    from docmill_stage import DocumentError, Fatal, OptionsError, Stage, serve

    class Probe(Stage):
        '''Does what the text says.

        More of it.'''

        name = "test.probe"
        version = "1.2.3"
        options_schema = {"type": "object", "properties": {"mark": {"type": "string", "default": "!"}}}
        gives = ["meta"]
        max_batch = 4

        def __init__(self, options):
            super().__init__(options)
            if options["mark"] == "wrong":
                raise OptionsError("expected a better mark", "/mark")
            if options["mark"] == "broken":
                raise Fatal("no model")
            if options["mark"] == "defect":
                raise ZeroDivisionError("by nothing")

        def process(self, doc):
            text = doc["text"]
            if text == "print":
                print("seen by print")
                os.write(1, b"seen by write\\n")
                os.system("echo seen by a program; cat")
            if text == "none":
                return None
            if text == "fail":
                raise DocumentError("not this one")
            if text == "raise":
                raise KeyError("defect")
            if text == "fatal":
                raise Fatal("not one more")
            if text == "no json":
                return {"meta": {"found": {1, 2}}}
            if text == "no number":
                return {"measures": {"found": float("nan")}}
            if text == "half a character":
                return {"text": "\\ud800"}
            return {"meta": {"echo": text + self.options["mark"], "length": len(text)}}

    if __name__ == "__main__":
        serve(Probe)
"""


class Conversation:
    """A stage at work, and docmill's end of the pipes."""

    def __init__(self, source: str = STAGE) -> None:
        self.folder = tempfile.TemporaryDirectory()
        program = Path(self.folder.name) / "probe.py"
        program.write_text(textwrap.dedent(source), encoding="utf-8")
        environment = {**os.environ, "DOCMILL_PLUGIN": "1", "PYTHONPATH": str(SDK), "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
        self.process = subprocess.Popen([sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=environment)
        # A stage that waits for what never comes shall fail its test, not hold it up.
        self.alarm = threading.Timer(60, self.process.kill)
        self.alarm.start()

    def __enter__(self) -> "Conversation":
        return self

    def __exit__(self, *_: object) -> None:
        self.alarm.cancel()
        self.process.kill()
        self.process.communicate()
        self.folder.cleanup()

    def send(self, message: dict) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
        self.process.stdin.flush()

    def receive(self) -> dict:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def ask(self, message: dict) -> dict:
        self.send(message)
        return self.receive()

    def started(self, **options: object) -> dict:
        self.ask({"type": "hello", "protocol": 1, "host": "docmill 0.1.0"})
        return self.ask({"type": "init", "options": {"mark": "!", **options}})

    def answers(self, *texts: str, seq: int = 7) -> list:
        """What it says to documents with these texts, up to `done`."""
        docs = [{"id": f"doc{index}", "uri": "a.txt", "text": text, "meta": {}} for index, text in enumerate(texts)]
        self.send({"type": "process", "seq": seq, "docs": docs})
        replies = [self.receive() for _ in texts]
        assert self.receive() == {"type": "done", "seq": seq}
        return replies

    def end(self) -> "tuple[bytes, str, int]":
        """What was left to say, the log and the exit status, once there is no more input."""
        rest, log = self.process.communicate(timeout=60)
        return rest, log.decode(), self.process.returncode


class TestStage(unittest.TestCase):
    def test_it_describes_itself(self) -> None:
        with Conversation() as probe:
            self.assertEqual(probe.ask({"type": "hello", "protocol": 1, "host": "docmill 0.1.0", "later": []}), {
                "type": "describe", "protocol": 1, "max_batch": 4, "stage": {
                    "name": "test.probe", "version": "1.2.3", "summary": "Does what the text says.\n\nMore of it.",
                    "options": {"type": "object", "properties": {"mark": {"type": "string", "default": "!"}}},
                    "needs": [], "gives": ["meta"], "drops": False, "deterministic": True, "offsets": "codepoint"}})

    def test_documents_of_a_batch_are_answered_in_order_and_batches_follow_each_other(self) -> None:
        with Conversation() as probe:
            self.assertEqual(probe.started(mark="?"), {"type": "ready"})
            first = probe.answers("a", "none", "b", seq=1)
            self.assertEqual([(reply["seq"], reply["id"]) for reply in first], [(1, "doc0"), (1, "doc1"), (1, "doc2")])
            self.assertEqual(first[0]["answer"], {"meta": {"echo": "a?", "length": 1}})
            self.assertEqual(first[1], {"type": "result", "seq": 1, "id": "doc1", "answer": {}})
            self.assertEqual(probe.answers(seq=2), [])
            self.assertEqual(probe.answers("c", seq=3)[0]["seq"], 3)

    def test_offsets_count_characters_whatever_the_locale(self) -> None:
        with Conversation() as probe:
            probe.started()
            [reply] = probe.answers("Käse 🧀 \u2028\n")
            self.assertEqual(reply["answer"]["meta"], {"echo": "Käse 🧀 \u2028\n!", "length": 9})

    def test_wrong_options_are_told_with_their_place(self) -> None:
        with Conversation() as probe:
            self.assertEqual(probe.started(mark="wrong"), {
                "type": "error", "scope": "options", "message": "expected a better mark", "pointer": "/mark"})
            self.assertEqual(probe.ask({"type": "init", "options": {"mark": "right"}}), {"type": "ready"})
        for mark, message in [("broken", "no model"), ("defect", "ZeroDivisionError: by nothing")]:
            with Conversation() as probe:
                self.assertEqual(probe.started(mark=mark), {"type": "error", "scope": "fatal", "message": message})

    def test_an_exception_costs_the_document_alone(self) -> None:
        with Conversation() as probe:
            probe.started()
            failed, raised, fatal, good = probe.answers("fail", "raise", "fatal", "good")
            self.assertEqual(failed, {
                "type": "error", "seq": 7, "id": "doc0", "scope": "document", "message": "not this one"})
            self.assertEqual((raised["scope"], raised["message"]), ("document", "KeyError: 'defect'"))
            self.assertEqual((fatal["scope"], fatal["message"]), ("fatal", "not one more"))
            self.assertEqual(good["type"], "result")
            _, log, _ = probe.end()
            self.assertIn('raise KeyError("defect")', log)
            self.assertNotIn("DocumentError", log)

    def test_an_answer_that_is_no_json_costs_the_document_alone(self) -> None:
        with Conversation() as probe:
            probe.started()
            replies = probe.answers("no json", "no number", "half a character", "good")
            self.assertEqual([reply["type"] for reply in replies], ["error", "error", "error", "result"])
            self.assertIn("set is not JSON serializable", replies[0]["message"])

    def test_what_is_printed_goes_to_the_log(self) -> None:
        with Conversation() as probe:
            probe.started()
            [reply] = probe.answers("print")
            self.assertEqual(reply["answer"]["meta"]["echo"], "print!")
            _, log, _ = probe.end()
            for by in ["print", "write", "a program"]:
                self.assertIn(f"seen by {by}\n", log)

    def test_it_ends_when_asked_and_when_its_input_ends(self) -> None:
        with Conversation() as probe:
            probe.started()
            self.assertEqual(probe.ask({"type": "shutdown"}), {"type": "bye"})
            self.assertEqual(probe.process.wait(timeout=60), 0)
        with Conversation() as probe:
            probe.started()
            self.assertEqual(probe.end(), (b"", "", 0))

    def test_an_unknown_request_is_an_error(self) -> None:
        with Conversation() as probe:
            self.assertEqual(probe.ask({"type": "dance"}), {
                "type": "error", "scope": "fatal", "message": "there is no request 'dance'"})

    def test_without_docmill_it_says_what_it_is(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "probe.py"
            program.write_text(textwrap.dedent(STAGE), encoding="utf-8")
            environment = {key: value for key, value in os.environ.items() if key != "DOCMILL_PLUGIN"}
            environment["PYTHONPATH"] = str(SDK)
            ran = subprocess.run([sys.executable, str(program)], env=environment, capture_output=True, text=True)
        self.assertEqual((ran.returncode, ran.stdout), (2, ""))
        self.assertIn("test.probe 1.2.3 is a stage for docmill", ran.stderr)

    def test_it_stays_one_short_file(self) -> None:
        lines = (SDK / "docmill_stage.py").read_text(encoding="utf-8").splitlines()
        self.assertLess(len(lines), 150)


if __name__ == "__main__":
    unittest.main()
