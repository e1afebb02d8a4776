#!/usr/bin/env bash
# Turns a preview into a folder with a report and its verdict, the exit code of `pulumi-press report`, and prints it:
#   report.sh PREVIEW FOLDER
set -euo pipefail
preview=$1 folder=$2

mkdir -p "$folder"
verdict=0
pulumi-press report "$preview" --format markdown --output "$folder/report.md" || verdict=$?
echo "$verdict" > "$folder/verdict"

if [[ -f $folder/report.md ]]; then
  cat "$folder/report.md"
  if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
    cat "$folder/report.md" >> "$GITHUB_STEP_SUMMARY"
  fi
fi
