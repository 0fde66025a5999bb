import assert from "node:assert/strict";
import { test } from "node:test";

import { marks } from "./stage.mjs";

test("whole words are marked in any case", () => {
  const { annotations, measures } = marks.start({ word: "harbor" })({ text: "Harbor, harbors and the harbor" });
  assert.deepEqual(annotations.map(({ start, end }) => [start, end]), [[0, 6], [24, 30]]);
  assert.deepEqual(measures, { marks: 2 });
});
