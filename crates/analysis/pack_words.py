"""Makes src/words/chinese.bin and src/words/japanese.txt, by which the tokenizer cuts Chinese and Japanese into words.

    pip install --target PACKAGES jieba==0.42.1 opencc-python-reimplemented==0.1.7 tinysegmenter==0.4
    python3 pack_words.py PACKAGES src/words

The same packages give the same bytes. Little-endian but for characters, which are big-endian so that bytes sort as words do: the
number of words of one to four characters (u32 each) and of traditional characters (u32); then the words by length, each its
characters (u16) and 16 times the natural logarithm of its frequency (u8), sorted; then pairs of a traditional and a simplified
character (u16 each), sorted.
"""

import math
import pathlib
import struct
import sys

# Words that are less frequent are left out, by their length; rarer names, numbers and idioms say little of where words end.
LEAST = {1: 3, 2: 12, 3: 16, 4: 24}
LEAST_OF_CLASS = {"nr": 60, "nrt": 60, "nrfg": 30, "m": 300, "t": 100, "i": 60, "l": 60}


def in_one_plane(text):
    return all(ord(letter) <= 0xFFFF for letter in text)


def chinese(packages):
    words = {length: [] for length in LEAST}
    for line in (packages / "jieba/dict.txt").read_text("utf-8").splitlines():
        word, count, tag = line.split(" ")
        if len(word) not in LEAST or not in_one_plane(word) or not all("\u3400" <= letter <= "\u9fff" for letter in word):
            continue
        least = LEAST[len(word)] if len(word) == 1 else max(LEAST[len(word)], LEAST_OF_CLASS.get(tag, 0))
        if int(count) >= least:
            words[len(word)].append((word, min(round(16 * math.log(int(count))), 255)))
    pairs = []
    for line in (packages / "opencc/dictionary/TSCharacters.txt").read_text("utf-8").splitlines():
        traditional, _, simplified = line.partition("\t")
        simplified = simplified.split(" ")[0]
        if traditional != simplified and len(simplified) == 1 and in_one_plane(traditional + simplified):
            pairs.append((traditional, simplified))
    out = [struct.pack("<5I", *(len(words[length]) for length in sorted(words)), len(pairs))]
    for length in sorted(words):
        out.extend(word.encode("utf-16-be") + bytes([frequency]) for word, frequency in sorted(words[length]))
    out.extend((traditional + simplified).encode("utf-16-be") for traditional, simplified in sorted(pairs))
    print({length: len(found) for length, found in words.items()}, len(pairs))
    return b"".join(out)


def japanese(packages):
    sys.path.insert(0, str(packages))
    import tinysegmenter

    weights = vars(tinysegmenter.TinySegmenter())
    names = {name.split("__")[-1].lstrip("_"): table for name, table in weights.items()}
    lines = [f"BIAS {names['BIAS']}"]
    for name, table in sorted(names.items()):
        if isinstance(table, dict) and len(name) == 3 and name[2].isdigit():
            entries = {key: weight for key, weight in table.items() if ",u" not in key}
            lines.append(" ".join([name, *(f"{key}{weight:+d}" for key, weight in sorted(entries.items()))]))
    return "\n".join(lines) + "\n"


def main():
    packages, out = map(pathlib.Path, sys.argv[1:])
    (out / "chinese.bin").write_bytes(chinese(packages))
    (out / "japanese.txt").write_text(japanese(packages), "utf-8")


main()
