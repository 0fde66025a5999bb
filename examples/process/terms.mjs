#!/usr/bin/env node
/** acme.terms in JavaScript, on the SDK in sdk/javascript. */

import { OptionsError, serve } from "../../sdk/javascript/docmill-stage.js";

/** @type {import("../../sdk/javascript/docmill-stage.js").Stage<{ words: string[], min: number, upper: boolean }>} */
export const terms = {
  name: "acme.terms",
  version: "1.0.0",
  summary: "Counts words of a list, tags and marks them, and drops documents that have too few.",
  options: {
    type: "object",
    required: ["words"],
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
  },
  gives: ["text", "meta", "annotations.term", "tags.term", "measures.terms"],
  drops: true,
  maxBatch: 16,

  start({ words, min, upper }) {
    words.forEach((word, index) => {
      if (words.indexOf(word) < index) throw new OptionsError(`"${word}" is there twice`, `/words/${index}`);
    });
    return (doc) => answer(doc.text, words, min, upper);
  },
};

function answer(text, words, min, upper) {
  const places = new Map(words.map((word) => [word, []]));
  const annotations = [];
  const edits = [];
  for (const { 0: found, index: start } of text.matchAll(/[A-Za-z0-9]+/g)) {
    const word = found.toLowerCase();
    if (!places.has(word)) continue;
    const end = start + found.length;
    places.get(word).push([start, end]);
    annotations.push({ kind: "term", start, end, value: { word }, score: 1 });
    if (upper && found !== found.toUpperCase()) edits.push({ start, end, text: found.toUpperCase() });
  }
  const total = annotations.length;
  const measures = { terms: total };
  if (total < min) return { measures, drop: { rule: "terms.min", measured: total, threshold: min } };
  const tags = [...places]
    .filter(([, evidence]) => evidence.length > 0)
    .map(([label, evidence]) => ({ scheme: "term", label, score: rounded(evidence.length / total), evidence }));
  return { measures, annotations, tags, meta: { terms: tags.length }, edits };
}

/** A share with four decimals, halves up. */
function rounded(share) {
  return Math.round(share * 10_000) / 10_000;
}

serve(terms, import.meta);
