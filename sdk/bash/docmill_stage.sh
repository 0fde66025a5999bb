# Stages for docmill in Bash: the conversation with docmill, for a program that sources this file and ends with `serve`. Needs jq.
#
# The program has the JSON of its descriptor in the variable `descriptor`, and two functions:
#   start      looks at the options, which are JSON in the variable `options`, before any document comes
#   process    is given a document as JSON on standard input, and writes its answer as JSON to standard output
# `wrong_option MESSAGE POINTER`, `fail_document MESSAGE` and `fatal MESSAGE` end the function that calls them. So does a command that
# fails (`set -e`), which costs the document. What they write to standard error goes to docmill's log. Both run in a subshell:
# nothing that they set stays.
#
# Each document costs some starts of jq, 10 to 20 ms: for long texts and many documents take Python or JavaScript.
# shellcheck shell=bash

wrong_option() { stop options "$1" "${2-}"; }
fail_document() { stop document "$1"; }
fatal() { stop fatal "$1"; }

stop() {
  jq -cn --arg scope "$1" --arg message "$2" --arg pointer "${3-}" \
    '{type: "error", $scope, $message} + if $scope == "options" then {$pointer} else {} end' > "$failure"
  exit 1
}

# Calls a function, and sets `written` to what it wrote. Where it fails, `$failure` says why.
attempt() {
  : > "$failure"
  written=$(set -e; "$@" 3>&-)
  local status=$?
  [[ $status -eq 0 || -s $failure ]] || (stop document "$1 ended with status $status")
}

serve() {
  if [[ ${DOCMILL_PLUGIN-} != 1 ]]; then
    jq -r --arg program "$0" \
      '"\(.name) \(.version) is a stage for docmill, which starts it. `docmill plugin test \($program)` tries it."' <<< "$descriptor" >&2
    exit 2
  fi
  # What fails in a function shall not end the conversation.
  set +e
  local request doc seq options='{}' written failure
  failure=$(mktemp)
  # shellcheck disable=SC2064
  trap "rm -f '$failure'" EXIT
  # Standard output is docmill's, and out of reach of what is called from here.
  exec 3>&1 1>&2
  while IFS= read -r request; do
    case $(jq -r .type <<< "$request") in
      hello)
        jq -cn --argjson stage "$descriptor" '{type: "describe", protocol: 1, $stage}' >&3
        ;;
      init)
        options=$(jq -c .options <<< "$request")
        attempt start < /dev/null
        [[ -s $failure ]] || echo '{"type": "ready"}' > "$failure"
        jq -c 'if .scope == "document" then .scope = "fatal" else . end' "$failure" >&3
        ;;
      process)
        seq=$(jq .seq <<< "$request")
        while IFS= read -r doc; do
          attempt process <<< "$doc"
          if [[ -s $failure ]]; then
            cat "$failure"
          else
            jq -s '{type: "result", answer: (.[0] // {})}' <<< "$written" ||
              echo '{"type": "error", "scope": "document", "message": "its answer is no JSON"}'
          fi | jq -c --argjson seq "$seq" --argjson id "$(jq .id <<< "$doc")" '. + {$seq, $id}' >&3
        done < <(jq -c '.docs[]' <<< "$request")
        jq -c '{type: "done", seq}' <<< "$request" >&3
        ;;
      shutdown)
        echo '{"type": "bye"}' >&3
        break
        ;;
      *)
        (fatal "there is no such request")
        cat "$failure" >&3
        ;;
    esac
  done
}
