# Shared by the scripts in this folder: where the project is, and how a step is told.
# shellcheck shell=bash

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
unset PYTHONHOME PYTHONPATH

say() { printf '%s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
  exit 1
}

# step "what is done" command...: one line with the seconds it took; the command's status is the step's.
step() {
  local what=$1 begun=$SECONDS status=0
  shift
  printf '%s ...\n' "$what"
  "$@" || status=$?
  if [ "$status" -eq 0 ]; then
    printf '%s: done in %d s\n' "$what" $((SECONDS - begun))
  fi
  return "$status"
}
