#!/usr/bin/env bash
# Posts a Markdown file on a pull request, or puts it in the place of the one this script posted before.
# usage: comment.sh <file> <pull request number>; needs GH_TOKEN with pull-requests: write.
set -euo pipefail
file=$1
number=$2
marker=$(head -n 1 "$file")
case $marker in
  '<!-- belt-plan'*) ;;
  *) echo "$file is not Markdown of belt plan" >&2; exit 1 ;;
esac

# One page of comments a line; the first comment that begins with the marker is ours.
comments=$(gh api --paginate --slurp "repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100")
id=$(MARKER=$marker node -e '
  const comments = JSON.parse(require("fs").readFileSync(0, "utf8")).flat()
  const ours = comments.find((c) => c.user.type === "Bot" && c.body.split(/\r?\n/, 1)[0] === process.env.MARKER)
  console.log(ours ? ours.id : "")
' <<< "$comments")

if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$file"
else
  gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" -F "body=@$file"
fi
