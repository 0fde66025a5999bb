#!/usr/bin/env bash
# acme.terms in Bash and jq, on sdk/bash.
source "$(dirname "${BASH_SOURCE[0]}")/../../sdk/bash/docmill_stage.sh"

descriptor='{
  "name": "acme.terms",
  "version": "1.0.0",
  "summary": "Counts words of a list, tags and marks them, and drops documents that have too few.",
  "options": {
    "type": "object",
    "required": ["words"],
    "properties": {
      "words": {
        "type": "array",
        "items": { "type": "string", "pattern": "^[a-z0-9]+$" },
        "minItems": 1,
        "maxItems": 100,
        "description": "The words to count, in lower case."
      },
      "min": { "type": "integer", "minimum": 0, "default": 1, "description": "Documents with fewer of them are dropped." },
      "upper": { "type": "boolean", "default": false, "description": "Write what was found in upper case." }
    }
  },
  "gives": ["text", "meta", "annotations.term", "tags.term", "measures.terms"],
  "drops": true,
  "offsets": "codepoint"
}'

start() {
  local twice
  twice=$(jq -r '.words as $words
    | first(range($words | length) | select($words[.] as $word | $words[:.] | index([$word])) | "\(.) \($words[.])") // empty' <<< "$options")
  [[ -z $twice ]] || wrong_option "\"${twice#* }\" is there twice" "/words/${twice%% *}"
}

process() {
  jq -c --argjson options "$options" '
    # A pattern of its own for both cases of each letter: the flag for both would take letters beyond ASCII.
    def both: explode | map([.] | implode | if test("[a-z]") then "[\(.)\(ascii_upcase)]" else . end) | join("");
    ($options.words | map(both) | join("|")) as $words
    | [.text | match("(?<![A-Za-z0-9])(?:\($words))(?![A-Za-z0-9])"; "g")
        | {start: .offset, end: (.offset + .length), found: .string, word: (.string | ascii_downcase)}] as $places
    | ($places | length) as $total
    | {measures: {terms: $total}}
    | if $total < $options.min then .drop = {rule: "terms.min", measured: $total, threshold: $options.min}
      else
        .annotations = [$places[] | {kind: "term", start, end: .end, value: {word}, score: 1}]
        | .tags = [$options.words[] as $word | [$places[] | select(.word == $word) | [.start, .end]] | select(length > 0)
            | {scheme: "term", label: $word, score: (length / $total * 10000 + 0.5 | floor / 10000), evidence: .}]
        | .meta = {terms: (.tags | length)}
        | if $options.upper then
            .edits = [$places[] | {start, end: .end, text: (.found | ascii_upcase)} as $edit | select(.found != $edit.text) | $edit]
          else . end
      end'
}

serve
