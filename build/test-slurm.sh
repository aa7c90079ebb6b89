#!/usr/bin/env bash
# build/test-slurm.sh POWERSHELL REPORT: starts a Slurm in a folder of its own, runs its tests, and stops it, whatever happens.
set -u
cd "$(dirname "$0")/.."
folder=$(mktemp -d /tmp/slurm-XXXXXX) # a short path, as sockets lie in it
trap 'tests/Slurm/slurm.sh stop "$folder"; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP
tests/Slurm/slurm.sh start "$folder" --with $$ || { tail -n 5 "$folder"/*.log >&2; exit 1; }
env -u SLURM_JOB_ID SLURM_CONF="$folder/slurm.conf" "$1" -NoLogo -NoProfile -NonInteractive -File build/Invoke-ModuleTests.ps1 "$2" tests/Slurm </dev/null &
wait $!
