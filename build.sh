#!/usr/bin/env bash
# ./build.sh build | test | test-slurm | torture | package | demo: hands over to build.ps1, and where no PowerShell can be had does the same without the module.
set -euo pipefail
cd "$(dirname "$0")"
export PATH HOME="${HOME:-$(cd ~ && pwd)}" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
if [ -n "${CI:-}" ] || [ ! -t 1 ]; then
    export NO_COLOR=1
fi

task=${1:-build}
case $task in
    build | test | test-slurm | torture | package | demo) ;;
    *)
        echo "usage: ./build.sh build | test | test-slurm | torture | package | demo" >&2
        exit 2
        ;;
esac

is_recent() { "$1" --version 2>/dev/null | grep -q '^PowerShell \(7\.[6-9]\|7\.[1-9][0-9]\|[89]\.\)'; }

find_powershell() {
    is_recent pwsh && echo pwsh && return
    is_recent .tools/pwsh && echo .tools/pwsh && return
    dotnet tool install PowerShell --version '7.6.*' --tool-path .tools >/dev/null 2>&1 && is_recent .tools/pwsh && echo .tools/pwsh
}

if powershell=$(find_powershell); then
    exec "$powershell" -NoLogo -NoProfile -NonInteractive -File build.ps1 -Task "$task" </dev/null
fi

case $task in
    test | torture) build/setup.sh test ;;
    test-slurm)
        echo 'PowerShell 7.6 is not to be had here: the tests of Slurm DID NOT RUN.'
        echo '0 passed, 0 failed, 0 skipped'
        exit 0
        ;;
    *)
        build/setup.sh build
        echo 'PowerShell 7.6 is not to be had here: the module is built, but NOT TRIED; the demo is that of the command, without its picture.' >&2
        ;;
esac

echo 'Building ...'
dotnet msbuild build/OrcaSong.proj -m -nologo -v:q "-nodeReuse:$([ -z "${CI:-}" ] && echo true || echo false)"

run_tests() {
    local report=out/tests/engine.xml ended=0 passed failed skipped
    mkdir -p out/tests
    rm -f "$report"
    echo 'Testing the engine ...'
    tests/OrcaSong.Tests/bin/Release/net10.0/OrcaSong.Tests -noLogo -noColor -reporter quiet -result-nunit "$report" </dev/null |
        awk '/\[SKIP\]$/ { getline; sub(/^ +/, ""); skipped[$0]++; next } { print } END { for (r in skipped) print skipped[r] " skipped: " r }' || ended=$?
    number() { sed -n "s/.*<test-run [^>]* $1=\"\([0-9]*\)\".*/\1/p" "$report" 2>/dev/null | grep . || echo 0; }
    passed=$(number passed) failed=$(number failed) skipped=$(number skipped)
    echo "PowerShell 7.6 or Pester 5 is not to be had here: the module's tests DID NOT RUN."
    if [ "$failed" = 0 ] && [ "$ended" != 0 -o "$passed" = 0 ]; then
        echo "The engine's tests did not run to their end (exit code $ended); that counts as a failure."
        failed=1
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

package() {
    echo 'Packing the command for other machines ...'
    dotnet msbuild build/OrcaSong.proj -t:Commands -m -nologo -v:q
    echo 'PowerShell 7.6 is not to be had here: the package of the module is NOT MADE.' >&2
    ls out/orcasong-*
}

run_demo() {
    mkdir -p out/demo
    (
        PS4='
$ ' BASH_XTRACEFD=1
        set -x
        out/bin/orcasong simulate out/demo/events.h5 --events 2000
        out/bin/orcasong run out/demo/events.h5 demo/images.toml --detx out/demo/events.detx --outfile out/demo/images.h5 --stats
        out/bin/orcasong run out/demo/events.h5 demo/graphs.toml --detx out/demo/events.detx --outfile out/demo/graphs.h5
    )
}

case $task in
    build) echo 'Built: the command out/bin/orcasong, and the module in out/OrcaSong.' ;;
    test) run_tests ;;
    torture) exec tests/OrcaSong.Torture/bin/Release/net10.0/OrcaSong.Torture </dev/null ;;
    package) package ;;
    demo) run_demo ;;
esac
