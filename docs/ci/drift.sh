#!/usr/bin/env bash
# Looks for drift; keeps one issue open for as long as there is any.
# usage: drift.sh <spec>; needs GH_TOKEN with issues: write.
set -euo pipefail
spec=$1
title="belt: drift of $spec"
report=$(mktemp)
body=$(mktemp)
trap 'rm -f "$report" "$body"' EXIT

code=0
belt drift --no-input --no-color -f "$spec" > "$report" || code=$?
cat "$report"
case $code in
  0 | 2) ;;
  # Not to know is no drift: an unreachable database fails the job and leaves the issue as it is.
  *) exit "$code" ;;
esac

number=$(gh issue list --state open --limit 100 --search "in:title \"$title\"" --json number,title | TITLE=$title node -e '
  const issues = JSON.parse(require("fs").readFileSync(0, "utf8"))
  const ours = issues.find((i) => i.title === process.env.TITLE)
  console.log(ours ? ours.number : "")
')
if [ "$code" -eq 0 ]; then
  [ -z "$number" ] || gh issue close "$number" --comment "No drift any more."
  exit 0
fi
# Indented, it is code to Markdown, whatever names it holds; cut, because an issue holds 65,536 characters.
head -n 200 "$report" | cut -c 1-300 | sed 's/^/    /' > "$body"
if [ -n "$number" ]; then
  gh issue edit "$number" --body-file "$body"
else
  gh issue create --title "$title" --body-file "$body"
fi
exit 2
