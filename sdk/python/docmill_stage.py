"""Stages for docmill in Python: a class that describes itself, and answers for one document at a time.

Subclass `Stage`, and end the program with `if __name__ == "__main__": serve(MyStage)`. Offsets count the characters of
`doc["text"]`, as Python does. What the program prints goes to docmill's log, not between the messages.
"""

import json
import os
import sys
import traceback
from inspect import cleandoc
from typing import Any, Dict, List, Mapping, Optional, Sequence, Type, TypedDict

__all__ = ["Annotation", "Answer", "Block", "Document", "DocumentError", "Drop", "Edit", "Fatal", "OptionsError", "Sentence", "Stage",
           "Summary", "Tag", "serve"]
__version__ = "0.1.0"

Block = TypedDict("Block", {"kind": str, "start": int, "end": int, "level": int}, total=False)
Edit = TypedDict("Edit", {"start": int, "end": int, "text": str})
Annotation = TypedDict("Annotation", {"kind": str, "start": int, "end": int, "value": Any, "score": float}, total=False)
Tag = TypedDict("Tag", {"scheme": str, "label": str, "score": float, "evidence": Sequence[Sequence[int]]}, total=False)
Sentence = TypedDict("Sentence", {"start": int, "end": int, "text": str, "score": float, "why": Dict[str, float]}, total=False)
Summary = TypedDict("Summary", {"text": str, "sentences": List[Sentence]}, total=False)
Drop = TypedDict("Drop", {"rule": str, "measured": Any, "threshold": Any}, total=False)
Given = TypedDict("Given", {"id": str, "uri": str, "media_type": str, "title": Optional[str], "language": Optional[str],
                            "text": str, "meta": Dict[str, Any]})


class Document(Given, total=False):
    """What a stage is given. What follows is there where the stage says that it needs it."""

    blocks: List[Block]
    annotations: List[Annotation]
    tags: List[Tag]
    measures: Dict[str, float]
    summary: Optional[Summary]


class Answer(TypedDict, total=False):
    """What a stage answers. An empty answer leaves the document as it is."""

    text: str
    edits: Sequence[Edit]
    annotations: Sequence[Annotation]
    tags: Sequence[Tag]
    measures: Mapping[str, float]
    meta: Mapping[str, Any]
    language: str
    summary: Summary
    warnings: Sequence[str]
    drop: Drop


class OptionsError(Exception):
    """Raised by `__init__`: the option to which the JSON pointer leads, such as `/words/1`, is wrong."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class DocumentError(Exception):
    """Raised by `process`: this document fails, and the run goes on."""


class Fatal(Exception):
    """The stage can go on with no document at all: the run ends."""


class Stage:
    """A stage. The class says what it is; an instance has its options, which fit the schema and have all defaults."""

    name: str
    version: str
    summary: str = ""
    options_schema: Mapping[str, Any] = {"type": "object", "properties": {}}
    needs: Sequence[str] = ()
    gives: Sequence[str] = ()
    drops: bool = False
    deterministic: bool = True
    max_batch: int = 1

    def __init__(self, options: Dict[str, Any]) -> None:
        self.options = options

    def process(self, doc: Document) -> Optional[Answer]:
        raise NotImplementedError


def describe(stage: Type[Stage]) -> Dict[str, Any]:
    """What a stage says of itself."""
    summary = stage.summary or cleandoc(stage.__doc__ or "")
    return {"name": stage.name, "version": stage.version, "summary": summary, "options": stage.options_schema,
            "needs": list(stage.needs), "gives": list(stage.gives), "drops": stage.drops,
            "deterministic": stage.deterministic, "offsets": "codepoint"}


def failure(error: Exception, scope: str) -> Dict[str, Any]:
    """What went wrong, as docmill is told. The traceback of what the stage did not raise on purpose goes to the log."""
    message = str(error)
    if not isinstance(error, (DocumentError, Fatal)):
        traceback.print_exception(type(error), error, error.__traceback__)
        message = f"{type(error).__name__}: {error}"
    scope = "fatal" if isinstance(error, Fatal) else scope
    return {"type": "error", "scope": scope, "message": message.encode(errors="replace").decode()}


def serve(stage: Type[Stage]) -> None:
    """Speaks with docmill over standard input and output until there are no more documents."""
    if os.environ.get("DOCMILL_PLUGIN") != "1":
        print(f"{stage.name} {stage.version} is a stage for docmill, which starts it. `docmill plugin test {sys.argv[0]}` "
              "tries it.", file=sys.stderr)
        sys.exit(2)
    # The stage, its libraries and the programs that they start have neither end of the conversation.
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    started = Stage({})

    def send(message: Dict[str, Any]) -> None:
        replies.write(json.dumps(message, ensure_ascii=False, allow_nan=False).encode() + b"\n")
        replies.flush()

    for request in map(json.loads, requests):
        if request["type"] == "hello":
            send({"type": "describe", "protocol": 1, "max_batch": stage.max_batch, "stage": describe(stage)})
        elif request["type"] == "init":
            try:
                started = stage(request["options"])
                send({"type": "ready"})
            except OptionsError as error:
                send({"type": "error", "scope": "options", "message": str(error), "pointer": error.pointer})
            except Exception as error:
                send(failure(error, "fatal"))
        elif request["type"] == "process":
            for doc in request["docs"]:
                of = {"seq": request["seq"], "id": doc["id"]}
                try:
                    send({"type": "result", **of, "answer": started.process(doc) or {}})
                except Exception as error:
                    send({**failure(error, "document"), **of})
            send({"type": "done", "seq": request["seq"]})
        elif request["type"] == "shutdown":
            send({"type": "bye"})
            break
        else:
            send(failure(Fatal(f"there is no request {request['type']!r}"), "fatal"))
