"""A process plugin that misbehaves as its first argument says, at documents whose text has BAD in it.

It counts the words of all other documents. The second argument is in its command line for the tests alone, which look for
processes by it.
"""

import json
import os
import signal
import sys
import time

MODE = sys.argv[1]


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def describe():
    if MODE == "die at start":
        sys.stderr.write("no model here\n")
        sys.exit(4)
    if MODE == "hang at start":
        time.sleep(3600)
    if MODE == "wrong protocol":
        say({"type": "describe", "protocol": 2, "stage": {}})
        return
    if MODE == "wrong descriptor":
        say({"type": "describe", "protocol": 1, "stage": {"name": "hostile", "version": "1", "gifs": ["text"]}})
        return
    stage = {
        "name": "hostile",
        "version": "1",
        "summary": "Misbehaves.",
        "gives": ["text", "measures.words", "annotations.word", "tags.good.*"],
        "offsets": "codepoint",
        "deterministic": True,
    }
    say({"type": "describe", "protocol": 1, "max_batch": 16, "stage": stage})


# What is answered for a document with BAD in it, in the modes that lie. Its text is "BAD é" and more.
LIES = {
    "beyond": {"annotations": [{"kind": "word", "start": 0, "end": 100000}]},
    "backwards": {"annotations": [{"kind": "word", "start": 5, "end": 2}]},
    "empty": {"annotations": [{"kind": "word", "start": 2, "end": 2}]},
    "undeclared kind": {"annotations": [{"kind": "person", "start": 0, "end": 3}]},
    "undeclared scheme": {"tags": [{"scheme": "topic", "label": "x"}]},
    "undeclared measure": {"measures": {"weight": 2}},
    "undeclared meta": {"meta": {"title": "x"}},
    "undeclared drop": {"drop": {"rule": "x"}},
    "score": {"tags": [{"scheme": "good.one", "label": "x", "score": 1.5}]},
    "evidence": {"tags": [{"scheme": "good.one", "label": "x", "evidence": [[0, 99999]]}]},
    "overlap": {"edits": [{"start": 0, "end": 3, "text": "a"}, {"start": 2, "end": 4, "text": "b"}]},
    "two texts": {"text": "x", "edits": [{"start": 0, "end": 1, "text": ""}]},
    "unknown field": {"anotations": []},
    "wrong type": {"text": 3},
    "growth": {"text": "x" * 3000000},
    "not an object": [1, 2],
}


def misbehave(seq, doc):
    """Whether what is to be answered was answered already."""
    result = {"type": "result", "seq": seq, "id": doc["id"], "answer": {}}
    if MODE == "hang":
        time.sleep(3600)
    elif MODE == "die":
        sys.stderr.write("a bad document\n")
        sys.stderr.flush()
        os._exit(3)
    elif MODE == "abort":
        os.kill(os.getpid(), signal.SIGABRT)
    elif MODE == "flood stdout":
        while True:
            sys.stdout.write("this is no message\n")
    elif MODE == "endless line":
        while True:
            sys.stdout.write("x" * 65536)
    elif MODE == "a gigabyte":
        sys.stdout.write('{"type": "result", "seq": %d, "id": "%s", "answer": {"text": "' % (seq, doc["id"]))
        for _ in range(1024):
            sys.stdout.write("x" * (1 << 20))
        sys.stdout.write('"}}\n')
        sys.stdout.flush()
        return True
    elif MODE == "twice":
        say(result)
    elif MODE == "another id":
        say({**result, "id": "0000000000000000"})
        return True
    elif MODE == "another request":
        say({**result, "seq": seq + 1})
        return True
    elif MODE == "no answer":
        return True
    elif MODE == "garbage":
        sys.stdout.write("\x00\xff{{{\n")
        sys.stdout.flush()
        return True
    elif MODE == "fork and exit":
        if os.fork() == 0:
            time.sleep(3600)
        os._exit(0)
    elif MODE == "error":
        say({"type": "error", "seq": seq, "id": doc["id"], "scope": "document", "message": "this one is bad"})
        return True
    elif MODE == "fatal":
        say({"type": "error", "seq": seq, "id": doc["id"], "scope": "fatal", "message": "the licence has run out"})
        return True
    elif MODE in LIES:
        say({**result, "answer": LIES[MODE]})
        return True
    return False


def process(seq, docs):
    global seen
    if MODE == "out of order":
        docs = docs[::-1]
    for doc in docs:
        seen += 1
        if MODE == "die at every third" and seen % 3 == 0:
            os._exit(1)
        if MODE == "flood stderr":
            for _ in range(2000):
                sys.stderr.write("x" * 1000 + "\n")
        if "BAD" in doc["text"] and misbehave(seq, doc):
            continue
        words = len(doc["text"].split())
        say({"type": "result", "seq": seq, "id": doc["id"], "answer": {"measures": {"words": words}}})
    say({"type": "done", "seq": seq})


seen = 0
if MODE == "ignore shutdown":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
for line in sys.stdin:
    request = json.loads(line)
    if request["type"] == "hello":
        describe()
    elif request["type"] == "init":
        say({"type": "ready"})
    elif request["type"] == "process":
        process(request["seq"], request["docs"])
    elif request["type"] == "shutdown" and MODE != "ignore shutdown":
        say({"type": "bye"})
        break
while MODE == "ignore shutdown":
    time.sleep(3600)
