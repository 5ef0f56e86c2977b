#!/usr/bin/env bash
# Fetches the plan that was reviewed in the pull request which a commit of the main branch merged.
# usage: fetch-plan.sh <folder>; needs GH_TOKEN with actions: read and pull-requests: read.
# Leaves no plan.json when the commit came from no pull request, or its plan had nothing to do.
set -euo pipefail
folder=$1
mkdir -p "$folder"

head=$(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" | node -e '
  const pulls = JSON.parse(require("fs").readFileSync(0, "utf8"))
  const merged = pulls.find((p) => p.merge_commit_sha === process.env.GITHUB_SHA)
  console.log(merged ? merged.head.sha : "")
')
if [ -z "$head" ]; then
  echo "$GITHUB_SHA came from no pull request: there is no reviewed plan."
  exit 0
fi

# The plan of the last commit of the pull request, and only of that: an older one was not what got approved.
run=$(gh run list --workflow "${BELT_WORKFLOW:-belt.yml}" --event pull_request --commit "$head" --status success --limit 20 \
  --json databaseId,createdAt | node -e '
  const runs = JSON.parse(require("fs").readFileSync(0, "utf8"))
  runs.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
  console.log(runs[0] ? runs[0].databaseId : "")
')
if [ -z "$run" ]; then
  echo "No plan was made for $head: merge only what has been planned." >&2
  exit 1
fi
gh run download "$run" --name belt-plan --dir "$folder"
