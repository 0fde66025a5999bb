#!/bin/sh
# @NAME@, a stage for docmill: the whole conversation in one program of jq.
#
# docmill writes a request a line to standard input, and reads the replies from standard output. Any language can do it: flush each
# line, and write nothing else there. What goes to standard error is logged.
if [ "$DOCMILL_PLUGIN" != 1 ]; then
  echo "@NAME@ is a stage for docmill, which starts it" >&2
  exit 2
fi
exec jq -cn --unbuffered '
  # Texts as lists of code points, which is what the descriptor says that offsets count.
  def lower: map(if 65 <= . and . <= 90 then . + 32 else . end);
  def letter: . != null and (97 <= . and . <= 122 or 48 <= . and . <= 57 or . == 95);

  # The answer to a document.
  def answer($options; $doc):
    ($options.word | explode | lower) as $word
    | ($doc.text | explode | lower) as $text
    | [$text | indices($word)[] | {kind: "mark", start: ., end: (. + ($word | length))}
        | select((.start > 0 and ($text[.start - 1] | letter) or ($text[.end] | letter)) | not)]
    | {annotations: ., measures: {marks: length}};

  foreach inputs as $request ({};
    if $request.type == "init" then .options = $request.options else . end;
    .options as $options
    | if $request.type == "hello" then
        {
          type: "describe",
          protocol: 1,
          stage: {
            name: "@NAME@",
            version: "0.1.0",
            summary: "Marks a word wherever it stands, and counts it.",
            options: {
              type: "object",
              properties: {
                word: {type: "string", minLength: 1, default: "harbor", description: "The word to mark."}
              }
            },
            gives: ["annotations.mark", "measures.marks"],
            offsets: "codepoint"
          }
        }
      elif $request.type == "init" then
        # Or: {type: "error", scope: "options", message: "expected another word", pointer: "/word"}
        {type: "ready"}
      elif $request.type == "process" then
        ($request.docs[] as $doc
          | {seq: $request.seq, id: $doc.id}
            + (try {type: "result", answer: answer($options; $doc)} catch {type: "error", scope: "document", message: .})),
        {type: "done", seq: $request.seq}
      elif $request.type == "shutdown" then
        {type: "bye"}, halt
      else
        {type: "error", scope: "fatal", message: "there is no request \($request.type)"}
      end)'
