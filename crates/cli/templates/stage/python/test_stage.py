import unittest

from stage import Marks


class TestMarks(unittest.TestCase):
    def test_whole_words_are_marked_in_any_case(self):
        answer = Marks({"word": "harbor"}).process({"text": "Harbor, harbors and the harbor"})
        self.assertEqual([(mark["start"], mark["end"]) for mark in answer["annotations"]], [(0, 6), (24, 30)])
        self.assertEqual(answer["measures"], {"marks": 2})


if __name__ == "__main__":
    unittest.main()
