#!/usr/bin/env bash
# Applies a saved plan. The same command goes on after a stop, so it is tried again for as long as that may help; but a
# handover that was given up stopped the writes of applications already, and only people decide to do that once more.
# usage: apply.sh <spec> <plan.json>
set -euo pipefail
spec=$1
plan=$2
tries=${BELT_TRIES:-5}
pause=${BELT_PAUSE_SECONDS:-30}

if [ ! -f "$plan" ]; then
  echo "There is no plan to apply."
  exit 0
fi
said=$(mktemp)
trap 'rm -f "$said"' EXIT
for try in $(seq 1 "$tries"); do
  # Errors are shown and kept; the exit code is belt's, not tee's.
  code=0
  { belt apply --no-input -f "$spec" "$plan" 2>&1 >&3 | tee "$said" >&2; } 3>&1 || code=$?
  if grep -q '(handover-given-up)' "$said"; then exit "$code"; fi
  case $code in
    # 4: stopped part-way, 5: another run holds the lock. All else a second try does not mend.
    4 | 5) ;;
    *) exit "$code" ;;
  esac
  echo "Try $try of $tries ended with exit code $code." >&2
  [ "$try" -eq "$tries" ] || sleep "$pause"
done
exit "$code"
