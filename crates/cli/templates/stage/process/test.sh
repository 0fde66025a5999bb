#!/bin/sh
# Speaks with the stage as docmill does, and looks at what it answers.
cd "$(dirname "$0")" || exit
marks=$(printf '%s\n' \
  '{"type":"hello","protocol":1,"host":"test"}' \
  '{"type":"init","options":{"word":"harbor"}}' \
  '{"type":"process","seq":1,"docs":[{"id":"a","text":"Harbor, harbors and the harbor"}]}' \
  '{"type":"shutdown"}' | DOCMILL_PLUGIN=1 sh stage.sh | jq -c 'select(.type == "result").answer.annotations | map([.start, .end])')
if [ "$marks" != '[[0,6],[24,30]]' ]; then
  echo "expected [[0,6],[24,30]], found $marks" >&2
  exit 1
fi
echo "whole words are marked in any case"
