/** Drives stages through pipes, as docmill does. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const sdk = new URL("../docmill-stage.js", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "docmill-stage-"));
after(() => rmSync(folder, { recursive: true }));

const probe = join(folder, "probe.mjs");
writeFileSync(
  probe,
  `import { DocumentError, Fatal, OptionsError, serve } from ${JSON.stringify(sdk.href)};

  export const stage = {
    name: "test.probe",
    version: "1.2.3",
    summary: "Does what the text says.",
    options: { type: "object", properties: { mark: { type: "string", default: "!" } } },
    gives: ["meta"],
    maxBatch: 4,
    async start({ mark }) {
      if (mark === "wrong") throw new OptionsError("expected a better mark", "/mark");
      if (mark === "broken") throw new Fatal("no model");
      if (mark === "defect") throw new RangeError("too far");
      return async ({ text }) => {
        if (text === "print") console.log("seen by console"), process.stdout.write("seen by write\\n");
        if (text === "none") return;
        if (text === "fail") throw new DocumentError("not this one");
        if (text === "throw") throw new TypeError("defect");
        if (text === "fatal") throw new Fatal("not one more");
        if (text === "no json") return { meta: { found: 1n } };
        if (text === "no number") return { measures: { found: NaN } };
        if (text === "half a character") return { text: "\\ud800" };
        return { meta: { echo: text + mark, length: text.length } };
      };
    },
  };

  serve(stage, import.meta);
  `,
);

/** A stage at work, and docmill's end of the pipes. */
function conversation(environment = { DOCMILL_PLUGIN: "1" }) {
  const { DOCMILL_PLUGIN: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [probe], { env: { ...inherited, ...environment } });
  let log = "";
  let rest = "";
  let wake = () => {};
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  child.stdout.setEncoding("utf8").on("data", (text) => ((rest += text), wake()));
  const closed = new Promise((done) => child.on("close", (code) => (wake(), done(code))));
  const receive = async () => {
    while (!rest.includes("\n")) {
      assert.equal(child.exitCode, null, log);
      await new Promise((done) => (wake = done));
    }
    const end = rest.indexOf("\n");
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    return JSON.parse(line);
  };
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const ask = (message) => (send(message), receive());
  return {
    ask,
    receive,
    /** Writes a part of the input, whatever it is. */
    write: (text) => new Promise((done) => child.stdin.write(text, done)),
    async started(mark = "!") {
      await ask({ type: "hello", protocol: 1, host: "docmill 0.1.0" });
      return ask({ type: "init", options: { mark } });
    },
    async answers(texts, seq = 7) {
      send({ type: "process", seq, docs: texts.map((text, index) => ({ id: `doc${index}`, uri: "a.txt", text, meta: {} })) });
      const replies = [];
      for (const _ of texts) replies.push(await receive());
      assert.deepEqual(await receive(), { type: "done", seq });
      return replies;
    },
    /** The exit status, what was left to say and the log, once there is no more input. */
    async end() {
      child.stdin.end();
      const code = await closed;
      return { code, rest, log };
    },
  };
}

test("it describes itself", async () => {
  const talk = conversation();
  assert.deepEqual(await talk.ask({ type: "hello", protocol: 1, host: "docmill 0.1.0", later: [] }), {
    type: "describe",
    protocol: 1,
    max_batch: 4,
    stage: {
      name: "test.probe",
      version: "1.2.3",
      summary: "Does what the text says.",
      options: { type: "object", properties: { mark: { type: "string", default: "!" } } },
      needs: [],
      gives: ["meta"],
      drops: false,
      deterministic: true,
      offsets: "utf16",
    },
  });
  await talk.end();
});

test("documents of a batch are answered in order, and batches follow each other", async () => {
  const talk = conversation();
  assert.deepEqual(await talk.started("?"), { type: "ready" });
  const first = await talk.answers(["a", "none", "b"], 1);
  assert.deepEqual(first[0], { type: "result", seq: 1, id: "doc0", answer: { meta: { echo: "a?", length: 1 } } });
  assert.deepEqual(first[1], { type: "result", seq: 1, id: "doc1", answer: {} });
  assert.equal(first[2].id, "doc2");
  assert.deepEqual(await talk.answers([], 2), []);
  assert.equal((await talk.answers(["c"], 3))[0].seq, 3);
  await talk.end();
});

test("offsets count UTF-16 units, and only a line feed ends a line", async () => {
  const talk = conversation();
  await talk.started();
  const [reply] = await talk.answers(["Käse 🧀 \u2028\r\n"]);
  assert.deepEqual(reply.answer.meta, { echo: "Käse 🧀 \u2028\r\n!", length: 11 });
  const long = "ä".repeat(300_000);
  assert.equal((await talk.answers([long]))[0].answer.meta.echo, `${long}!`);
  await talk.end();
});

test("requests come in whatever pieces they like", async () => {
  const talk = conversation();
  const hello = JSON.stringify({ type: "hello", protocol: 1, host: "docmill 0.1.0" });
  const init = JSON.stringify({ type: "init", options: { mark: "!" } });
  const work = JSON.stringify({ type: "process", seq: 1, docs: [{ id: "a", text: "Käse" }] });
  await talk.write(`${hello}\n${init}\n${work.slice(0, 30)}`);
  assert.deepEqual([(await talk.receive()).type, (await talk.receive()).type], ["describe", "ready"]);
  await talk.write(work.slice(30, 50));
  await talk.write(`${work.slice(50)}\n${work}\n`);
  for (let times = 0; times < 2; times += 1) {
    assert.equal((await talk.receive()).answer.meta.echo, "Käse!");
    assert.equal((await talk.receive()).type, "done");
  }
  await talk.end();
});

test("wrong options are told with their place", async () => {
  const talk = conversation();
  assert.deepEqual(await talk.started("wrong"), {
    type: "error",
    scope: "options",
    message: "expected a better mark",
    pointer: "/mark",
  });
  assert.deepEqual(await talk.ask({ type: "init", options: { mark: "right" } }), { type: "ready" });
  assert.deepEqual(await talk.started("broken"), { type: "error", scope: "fatal", message: "no model" });
  assert.deepEqual(await talk.started("defect"), { type: "error", scope: "fatal", message: "RangeError: too far" });
  await talk.end();
});

test("an error costs the document alone", async () => {
  const talk = conversation();
  await talk.started();
  const [failed, thrown, fatal, good] = await talk.answers(["fail", "throw", "fatal", "good"]);
  assert.deepEqual(failed, { type: "error", scope: "document", message: "not this one", seq: 7, id: "doc0" });
  assert.deepEqual([thrown.scope, thrown.message], ["document", "TypeError: defect"]);
  assert.deepEqual([fatal.scope, fatal.message], ["fatal", "not one more"]);
  assert.equal(good.type, "result");
  const { log } = await talk.end();
  assert.match(log, /TypeError: defect\n.*probe\.mjs/);
  assert.doesNotMatch(log, /not this one/);
});

test("an answer that is no JSON costs the document alone", async () => {
  const talk = conversation();
  await talk.started();
  const replies = await talk.answers(["no json", "no number", "half a character", "\\ud800 in letters"]);
  assert.deepEqual(replies.map((reply) => reply.type), ["error", "error", "error", "result"]);
  assert.equal(replies[1].message, "TypeError: found is NaN, which JSON has not");
  await talk.end();
});

test("what is printed goes to the log", async () => {
  const talk = conversation();
  await talk.started();
  assert.equal((await talk.answers(["print"]))[0].answer.meta.echo, "print!");
  const { log } = await talk.end();
  assert.match(log, /seen by console\n/);
  assert.match(log, /seen by write\n/);
});

test("it ends when asked, and when its input ends", async () => {
  const asked = conversation();
  await asked.started();
  assert.deepEqual(await asked.ask({ type: "shutdown" }), { type: "bye" });
  assert.equal((await asked.end()).code, 0);
  const ended = conversation();
  await ended.started();
  assert.deepEqual(await ended.end(), { code: 0, rest: "", log: "" });
});

test("an unknown request is an error", async () => {
  const talk = conversation();
  assert.deepEqual(await talk.ask({ type: "dance" }), {
    type: "error",
    scope: "fatal",
    message: 'there is no request "dance"',
  });
  await talk.end();
});

test("without docmill it says what it is, and imported it does nothing", async () => {
  const { code, rest, log } = await conversation({}).end();
  assert.deepEqual([code, rest], [2, ""]);
  assert.match(log, /test\.probe 1\.2\.3 is a stage for docmill/);
  const { stage } = await import(probe);
  const answer = await stage.start({ mark: "." });
  assert.deepEqual(await answer({ text: "a" }), { meta: { echo: "a.", length: 1 } });
});

test("it stays one short module", () => {
  assert.ok(readFileSync(sdk, "utf8").split("\n").length <= 150);
});
