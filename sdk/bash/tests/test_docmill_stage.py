"""Drives stages in Bash through pipes, as docmill does."""

import json
import os
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

SDK = Path(__file__).resolve().parent.parent
EXAMPLES = SDK.parent.parent / "examples" / "process"
DOCMILL = {**os.environ, "DOCMILL_PLUGIN": "1", "TMPDIR": tempfile.gettempdir()}

PROBE = """
    source "$SDK/docmill_stage.sh"
    descriptor='{"name": "test.probe", "version": "1.2.3", "summary": "Does what the text says."}'

    start() {
      case $(jq -r .mark <<< "$options") in
        wrong) wrong_option 'expected a "better" mark' /mark ;;
        broken) fatal "no model" ;;
        defect) false; true ;;
      esac
    }

    process() {
      local text
      text=$(jq -r .text)
      case $text in
        none) ;;
        print) echo "seen by the log" >&2; echo '{"warnings": ["printed"]}' ;;
        fail) fail_document "not this one" ;;
        defect) false; echo '{}' ;;
        fatal) fatal "not one more" ;;
        "no json") echo '{"meta":' ;;
        *) jq -n --arg text "$text" --argjson options "$options" '{meta: {echo: ($text + $options.mark)}}' ;;
      esac
    }

    serve
"""


def talk(command: list, options: dict, texts: list, **environment: str) -> "tuple[list, str, int]":
    """What a stage says to everything from `hello` to `shutdown`, its log and its exit status."""
    docs = [{"id": f"doc{index}", "uri": "a.txt", "text": text, "meta": {}} for index, text in enumerate(texts)]
    requests = [
        {"type": "hello", "protocol": 1, "host": "docmill 0.1.0"},
        {"type": "init", "options": options},
        {"type": "process", "seq": 1, "docs": docs},
        {"type": "process", "seq": 2, "docs": docs[:1]},
        {"type": "shutdown"},
    ]
    lines = "".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests)
    ran = subprocess.run(command, input=lines.encode(), capture_output=True, timeout=120, env={**DOCMILL, **environment})
    replies = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    return replies, ran.stderr.decode(), ran.returncode


class TestStage(unittest.TestCase):
    def probe(self, mark: str, *texts: str) -> "tuple[list, str, int]":
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "probe.sh"
            program.write_text(textwrap.dedent(PROBE), encoding="utf-8")
            return talk(["bash", str(program)], {"mark": mark}, list(texts), SDK=str(SDK), TMPDIR=folder)

    def test_a_conversation(self) -> None:
        replies, log, status = self.probe("!", "Käse 🧀", "none", "print")
        self.assertEqual(status, 0)
        described, ready, *results = replies
        self.assertEqual(described, {"type": "describe", "protocol": 1, "stage": {
            "name": "test.probe", "version": "1.2.3", "summary": "Does what the text says."}})
        self.assertEqual(ready, {"type": "ready"})
        self.assertEqual(results, [
            {"type": "result", "answer": {"meta": {"echo": "Käse 🧀!"}}, "seq": 1, "id": "doc0"},
            {"type": "result", "answer": {}, "seq": 1, "id": "doc1"},
            {"type": "result", "answer": {"warnings": ["printed"]}, "seq": 1, "id": "doc2"},
            {"type": "done", "seq": 1},
            {"type": "result", "answer": {"meta": {"echo": "Käse 🧀!"}}, "seq": 2, "id": "doc0"},
            {"type": "done", "seq": 2},
            {"type": "bye"},
        ])
        self.assertEqual(log, "seen by the log\n")

    def test_what_fails_costs_the_document_alone(self) -> None:
        replies, _, _ = self.probe("!", "fail", "defect", "fatal", "no json", "x" * 300_000)
        said = [(reply.get("scope"), reply.get("message"), reply["id"]) for reply in replies[2:6]]
        self.assertEqual(said, [
            ("document", "not this one", "doc0"), ("document", "process ended with status 1", "doc1"),
            ("fatal", "not one more", "doc2"), ("document", "its answer is no JSON", "doc3")])
        # Longer than an argument of a program may be: the example cannot, and says so.
        self.assertEqual(replies[6]["type"], "error")

    def test_wrong_options_are_told_with_their_place(self) -> None:
        for mark, expected in [
            ("wrong", {"scope": "options", "message": 'expected a "better" mark', "pointer": "/mark"}),
            ("broken", {"scope": "fatal", "message": "no model"}),
            ("defect", {"scope": "fatal", "message": "start ended with status 1"}),
        ]:
            self.assertEqual(self.probe(mark)[0][1], {"type": "error", **expected})

    def test_without_docmill_it_says_what_it_is(self) -> None:
        _, log, status = talk(["bash", str(SDK / "matches.sh")], {}, [], DOCMILL_PLUGIN="")
        self.assertEqual(status, 2)
        self.assertIn("acme.matches 1.0.0 is a stage for docmill", log)

    def test_matches_of_grep_have_places_in_bytes(self) -> None:
        matches = ["bash", str(SDK / "matches.sh")]
        replies, _, _ = talk(matches, {"pattern": "[A-Z]+-[0-9]+", "kind": "ticket"}, ["Ü AB-12: x\nzwei CD-3", "none"])
        found = [{"kind": "ticket", "start": 3, "end": 8, "value": "AB-12"}, {"kind": "ticket", "start": 17, "end": 21, "value": "CD-3"}]
        self.assertEqual(replies[2]["answer"], {"annotations": found, "measures": {"matches": 2}})
        self.assertEqual(replies[3]["answer"], {"annotations": [], "measures": {"matches": 0}})
        replies, _, _ = talk(matches, {"pattern": "[A-", "kind": "ticket"}, [])
        self.assertEqual((replies[1]["scope"], replies[1]["pointer"]), ("options", "/pattern"))

    def test_it_stays_short(self) -> None:
        for program in [SDK / "docmill_stage.sh", SDK / "matches.sh", EXAMPLES / "terms.sh"]:
            self.assertLess(len(program.read_text(encoding="utf-8").splitlines()), 150, program)


class TestTerms(unittest.TestCase):
    """The example `acme.terms` says the same in all languages."""

    COMMANDS = {"py": "python3", "mjs": "node", "sh": "bash"}

    def test_the_same_answers_in_every_language(self) -> None:
        # In ASCII, where all count the same; that they agree on other texts, docmill's own tests show.
        texts = ["Cheese at the Harbor: rail, HARBOR, harbors", "none", "harbor_RAIL 2rail rail2\0rail\n" * 3, "", "crane"]
        for options in [{"min": 1, "upper": True}, {"min": 0, "upper": False}, {"min": 3, "upper": False}]:
            options = {"words": ["harbor", "rail", "crane"], **options}
            said = {language: talk([command, str(EXAMPLES / f"terms.{language}")], options, texts)
                    for language, command in self.COMMANDS.items()}
            expected = self.without_nothing(said["py"][0])
            self.assertEqual([reply["type"] for reply in expected][-1], "bye")
            for language, (replies, log, status) in said.items():
                self.assertEqual((self.without_nothing(replies), log, status), (expected, "", 0), language)

    @staticmethod
    def without_nothing(replies: list) -> list:
        """The replies after the first, whose descriptors differ, without fields in which there is nothing."""
        for reply in replies:
            if "answer" in reply:
                reply["answer"] = {key: value for key, value in reply["answer"].items() if value not in ([], {})}
        return replies[1:]

    def test_a_word_given_twice_is_refused(self) -> None:
        for language, command in self.COMMANDS.items():
            options = {"words": ["harbor", "rail", "harbor"], "min": 1, "upper": False}
            replies, _, _ = talk([command, str(EXAMPLES / f"terms.{language}")], options, [])
            self.assertEqual(replies[1], {
                "type": "error", "scope": "options", "message": '"harbor" is there twice', "pointer": "/words/2"}, language)


if __name__ == "__main__":
    unittest.main()
