#!/usr/bin/env node
/** @NAME@, a stage for docmill. */

import { serve } from "./docmill-stage.mjs";

/** @type {import("./docmill-stage.mjs").Stage<{ word: string }>} */
export const marks = {
  name: "@NAME@",
  version: "0.1.0",
  summary: "Marks a word wherever it stands, and counts it.",
  options: {
    type: "object",
    properties: {
      word: { type: "string", minLength: 1, default: "harbor", description: "The word to mark." },
    },
  },
  gives: ["annotations.mark", "measures.marks"],

  start({ word }) {
    const literal = word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    const places = new RegExp(`\\b${literal}\\b`, "gi");
    return ({ text }) => {
      const annotations = [...text.matchAll(places)].map(({ 0: found, index }) => ({
        kind: "mark",
        start: index,
        end: index + found.length,
      }));
      return { annotations, measures: { marks: annotations.length } };
    };
  },
};

serve(marks, import.meta);
