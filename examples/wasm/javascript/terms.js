// `acme.terms` as a WebAssembly component: counts the words of a list, tags and marks them, and drops documents that have too few.
//
// The module exports an object named as the interface of `stage.wit`. JavaScript indexes strings by UTF-16 units: the descriptor says
// so, and docmill converts.

const options = {
  type: "object",
  properties: {
    words: {
      type: "array",
      items: { type: "string", pattern: "^[a-z0-9]+$" },
      minItems: 1,
      maxItems: 100,
      description: "The words to count, in lower case.",
    },
    min: { type: "integer", minimum: 0, default: 1, description: "Documents with fewer of them are dropped." },
    upper: { type: "boolean", default: false, description: "Write what was found in upper case." },
  },
  required: ["words"],
};

// Set by `init`, which is called once in each instance.
let terms;

export const plugin = {
  describe() {
    return {
      name: "acme.terms",
      version: "1.0.0",
      summary: "Counts words of a list, tags and marks them, and drops documents that have too few.",
      options: JSON.stringify(options),
      needs: [],
      gives: ["text", "meta", "annotations.term", "tags.term", "measures.terms"],
      drops: true,
      deterministic: true,
      offsets: "utf16",
    };
  },

  init(given) {
    terms = JSON.parse(given);
    const { words } = terms;
    const twice = words.flatMap((word, index) =>
      words.indexOf(word) < index ? [{ pointer: `/words/${index}`, message: `"${word}" is there twice` }] : [],
    );
    // What is thrown is the error of the result.
    if (twice.length > 0) throw { tag: "bad-options", val: twice };
  },

  process({ text }) {
    const { words, min, upper } = terms;
    const known = new Set(words);
    // Letters and digits of ASCII with neither beside them.
    const places = [...text.matchAll(/[A-Za-z0-9]+/g)]
      .map((run) => ({
        found: run[0],
        word: run[0].toLowerCase(),
        span: { start: run.index, end: run.index + run[0].length },
      }))
      .filter(({ word }) => known.has(word));
    const total = places.length;
    const answer = {
      change: { tag: "none" },
      annotations: [],
      tags: [],
      measures: [{ name: "terms", value: total }],
      meta: [],
      warnings: [],
    };
    if (total < min) {
      return { ...answer, drop: { rule: "terms.min", measured: String(total), threshold: String(min) } };
    }
    answer.annotations = places.map(({ word, span }) => ({
      kind: "term",
      span,
      value: JSON.stringify({ word }),
      score: 1,
    }));
    for (const label of words) {
      const evidence = places.filter(({ word }) => word === label).map(({ span }) => span);
      // Four decimals, half up.
      const score = Math.floor((20_000 * evidence.length + total) / (2 * total)) / 10_000;
      if (evidence.length > 0) answer.tags.push({ scheme: "term", label, score, evidence });
    }
    answer.meta.push({ key: "terms", value: String(answer.tags.length) });
    if (upper) {
      const raised = places.filter(({ found }) => found !== found.toUpperCase());
      answer.change = { tag: "edits", val: raised.map(({ found, span }) => ({ span, text: found.toUpperCase() })) };
    }
    return answer;
  },
};
