"""`acme.terms` as a WebAssembly component: counts the words of a list, tags and marks them, and drops documents that have too few.

The module is named `app`, and the class as the interface of `stage.wit` that it exports. Python indexes strings by code points: the
descriptor says so, and docmill converts. What is imported is imported here, at the build: there are no files later. For the same reason an
exception ends as a trap without its traceback, where it is not caught and told with `wit_world.imports.host.log`.
"""

import json
import re

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports.types import (
    Annotation,
    Answer,
    BadOption,
    Change_Edits,
    Change_None_,
    Descriptor,
    DropReason,
    Edit,
    Entry,
    Measure,
    Offsets,
    Span,
    StageError_BadOptions,
    Tag,
)

OPTIONS = {
    "type": "object",
    "properties": {
        "words": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z0-9]+$"},
            "minItems": 1,
            "maxItems": 100,
            "description": "The words to count, in lower case.",
        },
        "min": {
            "type": "integer",
            "minimum": 0,
            "default": 1,
            "description": "Documents with fewer of them are dropped.",
        },
        "upper": {
            "type": "boolean",
            "default": False,
            "description": "Write what was found in upper case.",
        },
    },
    "required": ["words"],
}

# Set by `init`, which is called once in each instance of the component. Each call has an object of its own, so that what is set there is
# gone at the next.
words, least, upper = [], 0, False

# Letters and digits of ASCII with neither beside them.
RUN = re.compile("[A-Za-z0-9]+")


class Plugin(exports.Plugin):
    def describe(self):
        return Descriptor(
            name="acme.terms",
            version="1.0.0",
            summary="Counts words of a list, tags and marks them, and drops documents that have too few.",
            options=json.dumps(OPTIONS),
            needs=[],
            gives=["text", "meta", "annotations.term", "tags.term", "measures.terms"],
            drops=True,
            deterministic=True,
            offsets=Offsets.CODEPOINT,
        )

    def init(self, options):
        global words, least, upper
        options = json.loads(options)
        words, least, upper = options["words"], options["min"], options["upper"]
        twice = [index for index, word in enumerate(words) if word in words[:index]]
        if twice:
            raise Err(StageError_BadOptions([
                BadOption(f"/words/{index}", f'"{words[index]}" is there twice') for index in twice
            ]))

    def process(self, document):
        places = [(run, run[0].lower()) for run in RUN.finditer(document.text) if run[0].lower() in words]
        total = len(places)
        answer = Answer(
            change=Change_None_(),
            annotations=[],
            tags=[],
            measures=[Measure("terms", float(total))],
            meta=[],
            language=None,
            summary=None,
            warnings=[],
            drop=None,
        )
        if total < least:
            answer.drop = DropReason("terms.min", str(total), str(least))
            return answer
        for run, word in places:
            answer.annotations.append(Annotation("term", Span(*run.span()), json.dumps({"word": word}), 1.0))
        for word in words:
            evidence = [Span(*run.span()) for run, found in places if found == word]
            if evidence:
                # Four decimals, half up.
                score = (20_000 * len(evidence) + total) // (2 * total) / 10_000
                answer.tags.append(Tag("term", word, score, evidence))
        answer.meta.append(Entry("terms", str(len(answer.tags))))
        if upper:
            raised = [run for run, _ in places if run[0] != run[0].upper()]
            answer.change = Change_Edits([Edit(Span(*run.span()), run[0].upper()) for run in raised])
        return answer
