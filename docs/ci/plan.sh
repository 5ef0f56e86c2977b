#!/usr/bin/env bash
# Plans, and leaves plan.json (to apply after the merge) and plan.md (to comment) in a folder.
# usage: plan.sh <spec> <folder>. Succeeds when there is a plan that can be applied, or nothing to do.
set -euo pipefail
spec=$1
folder=$2
mkdir -p "$folder"

code=0
belt plan --no-input -f "$spec" --out "$folder/plan.json" --markdown --detailed-exitcode > "$folder/plan.md" || code=$?
echo "code=$code" >> "${GITHUB_OUTPUT:-/dev/null}"

case $code in
  0) echo "Nothing to do." ;;
  2) echo "There are changes; the plan is in $folder/plan.json." ;;
  *)
    # Without a plan there is no Markdown either; findings that are errors do come as Markdown.
    [ -s "$folder/plan.md" ] || printf '<!-- belt-plan -->\n\nbelt plan failed with exit code %s; its output is in the log of this job.\n' "$code" > "$folder/plan.md"
    exit 1
    ;;
esac
