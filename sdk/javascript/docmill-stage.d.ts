/** Stages for docmill in JavaScript. `start` and `end` count UTF-16 units of the text, half-open. */

export interface Span {
  start: number;
  end: number;
}

export interface Edit extends Span {
  text: string;
}

export interface Block extends Span {
  kind: string;
  level?: number;
}

export interface Annotation extends Span {
  kind: string;
  value?: unknown;
  /** How sure the stage is, 0 to 1. */
  score?: number;
}

export interface Tag {
  scheme: string;
  label: string;
  /** Weight or confidence, 0 to 1. */
  score?: number;
  evidence?: [start: number, end: number][];
}

export interface Sentence extends Span {
  text?: string;
  score?: number;
  /** Why it was taken: what its score is made of, by name. */
  why?: Record<string, number>;
}

export interface Summary {
  text?: string;
  sentences: Sentence[];
}

export interface Drop {
  rule: string;
  measured?: unknown;
  threshold?: unknown;
}

/** What a stage is given. What is optional is there where the stage says that it needs it. */
export interface Document {
  id: string;
  uri: string;
  media_type: string;
  title: string | null;
  language: string | null;
  text: string;
  meta: Record<string, unknown>;
  blocks?: Block[];
  annotations?: Annotation[];
  tags?: Tag[];
  measures?: Record<string, number>;
  summary?: Summary | null;
}

/** What a stage answers. An empty answer leaves the document as it is. */
export interface Answer {
  /** The whole text as it becomes; not together with `edits`. */
  text?: string;
  edits?: Edit[];
  annotations?: Annotation[];
  tags?: Tag[];
  measures?: Record<string, number>;
  /** Metadata to set, by key; `null` removes the key. */
  meta?: Record<string, unknown>;
  language?: string;
  summary?: Summary;
  warnings?: string[];
  drop?: Drop;
}

type Answered = Answer | null | undefined | void;

export interface Stage<Options = Record<string, unknown>> {
  name: string;
  version: string;
  summary?: string;
  /** The JSON Schema of its options: an object with `properties`. */
  options?: object;
  needs?: string[];
  gives?: string[];
  drops?: boolean;
  deterministic?: boolean;
  maxBatch?: number;
  /** Starts it with options that fit the schema and have all defaults. What it gives answers for one document at a time. */
  start(options: Options): Processor | Promise<Processor>;
}

export type Processor = (doc: Document) => Answered | Promise<Answered>;

/** Thrown by `start`: the option to which the JSON pointer leads is wrong. */
export class OptionsError extends Error {
  constructor(message: string, pointer?: string);
  pointer: string;
}

/** Thrown by a processor: this document fails, and the run goes on. */
export class DocumentError extends Error {}

/** The stage can go on with no document at all: the run ends. */
export class Fatal extends Error {}

/** Speaks with docmill; with `import.meta`, only where that module is the program. */
export function serve<Options = Record<string, unknown>>(stage: Stage<Options>, meta?: { url: string }): Promise<void>;
