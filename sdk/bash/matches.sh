#!/usr/bin/env bash
# acme.matches: marks what a regular expression matches, with grep. An example of a stage around a command-line tool.
set -o pipefail
source "$(dirname "${BASH_SOURCE[0]}")/docmill_stage.sh"

descriptor='{
  "name": "acme.matches",
  "version": "1.0.0",
  "summary": "Marks what an extended regular expression of grep matches.\n\nMatches do not reach over the end of a line.",
  "options": {
    "type": "object",
    "required": ["pattern"],
    "properties": {
      "pattern": { "type": "string", "minLength": 1, "description": "The regular expression, such as `[A-Z]+-[0-9]+`." },
      "kind": { "type": "string", "pattern": "^[a-z_]+$", "default": "match", "description": "Kind of the annotations." }
    }
  },
  "gives": ["annotations.*", "measures.matches"],
  "offsets": "utf8"
}'

matches() {
  # `-b` counts bytes, which is why the descriptor says utf8.
  LC_ALL=C.UTF-8 grep --extended-regexp --only-matching --byte-offset --text --regexp "$(jq -r .pattern <<< "$options")"
}

start() {
  matches < /dev/null || [[ $? -eq 1 ]] || wrong_option "grep does not take it as an extended regular expression" /pattern
}

process() {
  jq -j .text | { matches || [[ $? -eq 1 ]]; } | jq -Rn --argjson options "$options" '
    [inputs / ":" | (.[0] | tonumber) as $start | (.[1:] | join(":"))
      | {kind: $options.kind, $start, end: ($start + utf8bytelength), value: .}]
    | {annotations: ., measures: {matches: length}}'
}

serve
