#!/usr/bin/env bash
# Lets a change pass, or not, by the verdict of its report:
#   LABELS=a,b gate.sh FOLDER
# What destroys or replaces a block passes only with the label `allow-destroy`.
set -euo pipefail
folder=$1

verdict=$(cat "$folder/verdict")
case $verdict in
  0) echo "Passed: nothing changes." ;;
  2) echo "Passed: nothing is destroyed or replaced." ;;
  3)
    if [[ ,${LABELS:-}, == *,allow-destroy,* ]]; then
      echo "Passed: something is destroyed or replaced, and the label 'allow-destroy' is set."
    else
      echo "Refused: something is destroyed or replaced. Set the label 'allow-destroy' if that is meant." >&2
      exit 1
    fi
    ;;
  *)
    echo "Refused: there is no whole preview, or it failed; the report says why." >&2
    exit 1
    ;;
esac
