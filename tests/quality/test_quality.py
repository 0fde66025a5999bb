"""The ways between the sets and docmill that could be wrong without a figure showing it."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import peers
import reliability
import report
import scoring
import sources
from runs import Bench, Outcome
from tasks import ner, robust, sentences, values

TEXT = 'The "Ærø" cost\t€5.\nIt 🚢 sailed.'


def place(source, words):
    """The place of these words in a file, as a record gives it."""
    encoded = words.encode("utf-8")
    start = source.data.index(encoded)
    return {"start": start, "end": start + len(encoded)}


class Places(unittest.TestCase):
    def check(self, source):
        for words in ("Ærø", "€5", "🚢", "sailed."):
            start, end = source.points(place(source, words))
            self.assertEqual(TEXT[start:end], words)

    def test_places_in_a_text_file_are_code_points_of_the_text(self):
        self.check(sources.text(None, {"text": TEXT}))

    def test_places_in_a_line_of_json_are_code_points_of_the_text(self):
        self.check(sources.line(None, {"text": TEXT}, language="en"))


class Predictions(unittest.TestCase):
    def outcome(self, record, annotations=(), failures=()):
        source = sources.text(None, record)
        found = [{**one, "source": place(source, words)} for words, one in annotations]
        document = {"text": record["text"], "annotations": found, "meta": {"kind": "money"}}
        return Outcome(record, source, [document], [{"outcome": "quarantined"}], list(failures))

    def test_a_range_has_two_values(self):
        one = {"kind": "money", "value": {"currency": "EUR", "min": "2", "max": "3"}}
        found = values.prediction(self.outcome({"text": "It cost €2–3."}, [("€2–3", one)]))["values"]
        self.assertEqual([(value["start"], value["end"], value["value"]) for value in found], [(8, 12, "2"), (8, 12, "3")])

    def test_what_lies_between_sentences_goes_with_the_next(self):
        found = sentences.prediction(
            self.outcome({"text": "One.  * Two. Three"}, [("One.", {"kind": "sentence"}), ("Two.", {"kind": "sentence"}), ("Three", {"kind": "sentence"})])
        )
        self.assertEqual(found["sentences"], ["One.", "  * Two.", " Three"])

    def test_a_sound_file_of_numbers_is_no_broken_one(self):
        record = {"text": "[1]", "expect": "accept"}
        for error, status in (("not a record with a text: item 1 has no field with a text", "ok"), ("not JSON: line 1, column 3", "error")):
            failures = [{"uri": "0/000000.json#item=1", "error": [error]}]
            self.assertEqual(robust.prediction(self.outcome(record, failures=failures))["status"], status)


class Reliability(unittest.TestCase):
    def test_an_entity_is_right_by_its_span_and_type(self):
        records = [{"id": "a", "entities": [{"start": 0, "end": 4, "type": "PER"}]}]
        found = [{"id": "a", "entities": [{"start": 0, "end": 4, "type": kind, "score": score} for kind, score in (("PER", 1.0), ("ORG", 0.95))]}]
        counts = reliability.bins(ner.reliability(records, found))
        self.assertEqual(counts[9], {"found": 2, "scores": 1.95, "right": 1})
        self.assertEqual(sum(one["found"] for one in counts), 2)

    def test_the_page_tells_of_all_sets_of_the_task_together(self):
        sets = [{"set": f"ner/{name}", "reliability": reliability.bins([(0.5, right)])} for name, right in (("a", True), ("b", False))]
        self.assertIn("| 0.5 to 0.6 | 2 | 50 | 50 |", report.note("ner", [*sets, {"set": "dates/c"}]))
        self.assertNotIn("{", report.note("ner", sets))


class Peers(unittest.TestCase):
    def test_the_best_peer_is_none_that_knows_the_answer(self):
        page = "| set | metric | peers |\n| a/b, a/c (English) | F1 | oracle 90.0; lead 30.1; text rank 33.4 [60]; luhn 33.0 |  |"
        self.assertEqual(peers.table(page), {("a/b", "F1"): ("text rank [60]", 33.4), ("a/c", "F1"): ("text rank [60]", 33.4)})

    def test_there_are_figures_where_none_lie_beside_the_sets(self):
        self.assertIn(("keyphrase/inspec", "F1@10"), peers.peers(pathlib.Path("nowhere")))


class Halves(unittest.TestCase):
    def test_copies_of_one_document_are_in_one_half(self):
        halves = [scoring.half_of({"id": f"{number}-{copy}", "group": number}) for number in range(40) for copy in range(2)]
        self.assertEqual(halves[::2], halves[1::2])
        self.assertTrue(10 < halves[::2].count(1) < 30)


class Benches(unittest.TestCase):
    def test_a_folder_of_documents_is_gone_afterwards(self):
        with Bench("docmill", [sources.text(None, {"text": TEXT})]) as bench:
            self.assertEqual((bench.folder / "0/000000.txt").read_text(encoding="utf-8"), TEXT)
        self.assertFalse(bench.folder.exists())


if __name__ == "__main__":
    unittest.main()
