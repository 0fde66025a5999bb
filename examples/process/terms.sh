#!/usr/bin/env bash
# acme.terms in Bash, with grep and jq, on sdk/bash.
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
  "offsets": "utf8"
}'

start() {
  local twice
  twice=$(jq -r '.words as $words
    | first(range($words | length) | select($words[.] as $word | $words[:.] | index([$word])) | "\(.) \($words[.])") // empty' <<< "$options")
  [[ -z $twice ]] || wrong_option "\"${twice#* }\" is there twice" "/words/${twice%% *}"
}

process() {
  local words
  words=$(jq -r '.words | join("|")' <<< "$options")
  # All words with their places in bytes, which is why the descriptor says utf8, and of these the ones that are looked for.
  jq -j .text | LC_ALL=C grep -aobE '[A-Za-z0-9]+' | LC_ALL=C grep -iE ":($words)\$" | jq -Rn --argjson options "$options" '
    [inputs / ":" | (.[0] | tonumber) as $start | .[1]
      | {start: $start, end: ($start + length), found: ., word: ascii_downcase}] as $places
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
