#!/usr/bin/env python3
"""Makes src/language/model.bin: which n-grams of letters are frequent in which languages.

  train_language.py MODELS OUT

MODELS is the folder `lingua/language-models` of the Python package lingua-language-detector 1.4.2 (Apache 2.0, from the Leipzig
Corpora Collection, CC BY): per language and length the probability of each n-gram of letters given the letters before it. Needs
the package brotli. The same models give the same bytes.

What follows a word's letters adds up to less than 1, and the rest is how often the word ends there; so frequencies of n-grams
at the beginning and end of words, which the models do not hold, are exact sums of theirs.
"""
import collections
import json
import math
import pathlib
import re
import struct
import sys

import brotli

CYRILLIC = "be bg kk mk mn ru sr uk".split()
ARABIC = "ar fa ur".split()
# Told by their script, or by other means.
WITHOUT = "bn el gu he hi hy ja ka ko mr pa ta te th zh".split()
LETTERS = {
    "latin": re.compile("[_a-z\u00aa-\u024f\u1e00-\u1eff\u0300-\u036f]+$"),
    "cyrillic": re.compile("[_\u0400-\u052f]+$"),
    "arabic": re.compile("[_\u0600-\u06ff\u0750-\u077f]+$"),
}
NAMES = ["unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams"]
# Least share of all letters of the language that counts, by length of the n-gram from 2 on.
LEAST = [1.4e-5, 8.4e-6, 7e-6, 4.9e-6]
# Each level is so many times as frequent as the one below, as a power of e.
STEP = 1.5
# A language that has an n-gram so many times less often than another one has it for nothing.
MOST_TIMES = 20
BUCKETS = 1 << 16
MOST_LANGUAGES = 15


def counts(folder):
    found = {}
    for length, name in enumerate(NAMES, 1):
        for share, grams in json.loads(brotli.decompress((folder / f"{name}.json.br").read_bytes()))["ngrams"].items():
            part, whole = map(int, share.split("/"))
            for gram in grams.split(" "):
                found[gram] = part if length == 1 else part / whole * found.get(gram[:-1], 0)
    return found


def with_borders(found):
    """The counts, with those of n-grams at the beginning (`_ab`) and end (`ab_`) of words."""
    before, after, around = (collections.defaultdict(float) for _ in range(3))
    for gram, count in found.items():
        if len(gram) > 1:
            before[gram[1:]] += count
            after[gram[:-1]] += count
        if len(gram) > 2:
            around[gram[1:-1]] += count
    whole = dict(found)
    for gram, count in found.items():
        if len(gram) <= 4:
            whole["_" + gram] = count - before[gram]
            whole[gram + "_"] = count - after[gram]
        if len(gram) <= 3:
            whole["_" + gram + "_"] = count - before[gram] - after[gram] + around[gram]
    return whole


def hashed(gram):
    value = 0x811C9DC5
    for byte in gram.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    value ^= value >> 15
    value = value * 0x2C1B3C6D & 0xFFFFFFFF
    return value ^ value >> 12


def main():
    models, out = map(pathlib.Path, sys.argv[1:])
    codes = sorted(folder.name for folder in models.iterdir() if folder.name not in WITHOUT)
    grams = collections.defaultdict(list)
    for number, code in enumerate(codes):
        found = counts(models / code)
        letters = sum(count for gram, count in found.items() if len(gram) == 1)
        script = LETTERS["cyrillic" if code in CYRILLIC else "arabic" if code in ARABIC else "latin"]
        for gram, count in with_borders(found).items():
            if len(gram) > 1 and count / letters >= LEAST[len(gram) - 2] and script.match(gram):
                grams[gram].append((count / letters, number))
        print(code, len(grams), flush=True)
    buckets = [[] for _ in range(BUCKETS)]
    for gram in sorted(grams):
        value = hashed(gram)
        most = max(share for share, _ in grams[gram])
        found = [(share, number) for share, number in grams[gram] if share * MOST_TIMES >= most]
        levels = ((min(round(math.log(share / LEAST[len(gram) - 2]) / STEP), 3), number) for share, number in found)
        languages = sorted((-level, number) for level, number in levels)[:MOST_LANGUAGES]
        head = struct.pack("<H", (value & 0xFFF) << 4 | len(languages))
        buckets[value >> 16].append(head + bytes(number << 2 | -level for level, number in languages))
    bodies = [b"".join(bucket) for bucket in buckets]
    with out.open("wb") as file:
        file.write(bytes([len(codes)]) + "".join(codes).encode())
        at = 0
        for body in bodies:
            file.write(struct.pack("<I", at))
            at += len(body)
        file.write(struct.pack("<I", at))
        file.write(b"".join(bodies))


main()
