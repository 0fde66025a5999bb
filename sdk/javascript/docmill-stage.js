/**
 * Stages for docmill in JavaScript: an object that describes a stage, and starts it with its options.
 *
 * Offsets count UTF-16 units of `doc.text`, as JavaScript does. What is written with `console` goes to docmill's log, not between
 * the messages.
 */

import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Thrown by `start`: the option to which the JSON pointer leads, such as `/words/1`, is wrong. */
export class OptionsError extends Error {
  constructor(message, pointer = "") {
    super(message);
    this.pointer = pointer;
  }
}

/** Thrown by the function that processes: this document fails, and the run goes on. */
export class DocumentError extends Error {}

/** The stage can go on with no document at all: the run ends. */
export class Fatal extends Error {}

/** What a stage says of itself. */
function described(stage) {
  const { name, version, summary = "", needs = [], gives = [], drops = false, deterministic = true } = stage;
  const options = stage.options ?? { type: "object", properties: {} };
  return { name, version, summary, options, needs, gives, drops, deterministic, offsets: "utf16" };
}

/** A message as a line; an error where it cannot be one. */
function line(message) {
  const json = JSON.stringify(message, (key, value) => {
    if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${key} is ${value}, which JSON has not`);
    return value;
  });
  // JSON.stringify writes an escape for half a surrogate pair, and for nothing else in this range.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(json)) throw new TypeError("a text ends within a character");
  return `${json}\n`;
}

/** What went wrong, as docmill is told. The stack of what the stage did not throw on purpose goes to the log. */
function failure(error, scope) {
  if (error instanceof DocumentError || error instanceof Fatal) {
    return { type: "error", scope: error instanceof Fatal ? "fatal" : scope, message: error.message };
  }
  console.error(error);
  return { type: "error", scope, message: String(error).replace(/\p{Surrogate}/gu, "\ufffd") };
}

/** The lines of a stream. `\n` alone ends one: texts have other characters that end lines elsewhere. */
async function* lines(stream) {
  let parts = [];
  for await (const chunk of stream.setEncoding("utf8")) {
    const [first, ...others] = chunk.split("\n");
    parts.push(first);
    for (const other of others) {
      yield parts.join("");
      parts = [other];
    }
  }
}

/**
 * Speaks with docmill over standard input and output until there are no more documents. With `import.meta` of a module it does so
 * where that module is the program, and nothing where it is imported, as by a test.
 */
export async function serve(stage, meta) {
  if (meta && (!process.argv[1] || realpathSync(process.argv[1]) !== fileURLToPath(meta.url))) return;
  if (process.env.DOCMILL_PLUGIN !== "1") {
    const tries = `\`docmill plugin test ${process.argv[1]}\` tries it`;
    console.error(`${stage.name} ${stage.version} is a stage for docmill, which starts it. ${tries}.`);
    process.exit(2);
  }
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  const send = (message) => {
    const text = line(message);
    return new Promise((done, failed) => write(text, (error) => (error ? failed(error) : done())));
  };
  let answer = () => {
    throw new Fatal("it was not started");
  };
  for await (const text of lines(process.stdin)) {
    const request = JSON.parse(text);
    if (request.type === "hello") {
      await send({ type: "describe", protocol: 1, max_batch: stage.maxBatch ?? 1, stage: described(stage) });
    } else if (request.type === "init") {
      try {
        answer = await stage.start(request.options);
        await send({ type: "ready" });
      } catch (error) {
        const { message, pointer } = error ?? {};
        const wrong = error instanceof OptionsError;
        await send(wrong ? { type: "error", scope: "options", message, pointer } : failure(error, "fatal"));
      }
    } else if (request.type === "process") {
      for (const doc of request.docs) {
        const of = { seq: request.seq, id: doc.id };
        try {
          await send({ type: "result", ...of, answer: (await answer(doc)) ?? {} });
        } catch (error) {
          await send({ ...failure(error, "document"), ...of });
        }
      }
      await send({ type: "done", seq: request.seq });
    } else if (request.type === "shutdown") {
      await send({ type: "bye" });
      break;
    } else {
      await send(failure(new Fatal(`there is no request "${request.type}"`), "fatal"));
    }
  }
  process.exit(0);
}
