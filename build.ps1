<#
.SYNOPSIS
Builds, tests and demonstrates OrcaSong for PowerShell.

.DESCRIPTION
Build   puts the module's assemblies into bin/ (then Import-Module ./OrcaSong.psd1 works in the checkout), the command orcasong into
        out/bin/, and the module as it is installed into out/OrcaSong/.
Test    builds, then runs the tests of the engine (xunit) and of the module (Pester 5). The last line says how many passed and failed.
Test-Slurm
        builds, starts a Slurm of its own on this machine (as root, on Linux), and runs the tests of jobs on it. It ends as Test does.
Torture builds, then kills and fills up writers and damages inputs, thousands of times: it takes some hours. Its lines give the counts; the
        exit code is 1 if anything was found. The tests do the same in short.
Package builds, and makes out/OrcaSong.<version>.nupkg for a repository of PowerShell resources, the same as a zip to unpack into a folder of
        $env:PSModulePath, and archives of the command orcasong for Linux (x64, arm64), Windows (x64) and macOS (arm64).
Demo    builds, simulates a run of events, makes images of it, and draws how the hits lie on the axes; its files go to out/demo/.

What the machine lacks is installed where that can be done without asking, and named otherwise. Where there is no PowerShell yet,
build.sh does the same.

.PARAMETER Task
Build, Test, Test-Slurm, Torture, Package or Demo.

.PARAMETER Configuration
Release, or Debug for debugging.

.EXAMPLE
./build.ps1 Build
Import-Module ./OrcaSong.psd1

.EXAMPLE
./build.ps1 Test
#>

#requires -Version 7.6
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Test-Slurm', 'Torture', 'Package', 'Demo')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
if ($env:CI -or [Console]::IsOutputRedirected) {
    $env:NO_COLOR = '1'
}

# Children, so that this session keeps no hold of the assemblies that the next build replaces.
function Invoke-Script([string] $Path) {
    & ([Environment]::ProcessPath) -NoLogo -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot $Path) @args | Out-Host
}

function Confirm-Machine {
    if (-not $IsWindows) {
        & (Join-Path $PSScriptRoot build setup.sh) $Task.ToLowerInvariant()
        if ($LASTEXITCODE -ne 0) { exit 1 }
    }
    elseif (-not (Get-Command dotnet -ErrorAction Ignore) -or -not ((dotnet --list-sdks) -match '^[1-9]\d\.')) {
        Write-Host 'The .NET 10 SDK is missing: winget install Microsoft.DotNet.SDK.10'
        exit 1
    }
}

function Invoke-Target([string] $Targets) {
    dotnet msbuild (Join-Path $PSScriptRoot build OrcaSong.proj) "-t:$Targets" -m -nologo -v:q "-p:Configuration=$Configuration" "-nodeReuse:$(-not $env:CI)"
    if ($LASTEXITCODE -ne 0) { exit 1 }
}

function Build-Everything {
    Write-Host 'Building ...'
    Invoke-Target 'Solution;Stage'
}

function New-Package {
    Remove-Item (Join-Path $PSScriptRoot out *) -Include *.nupkg, *.zip, *.tar.gz
    Write-Host 'Packing the module ...'
    Invoke-Script build/New-ModulePackage.ps1 out
    if ($LASTEXITCODE -ne 0) { exit 1 }
    Write-Host 'Packing the command for other machines ...'
    Invoke-Target Commands
    Get-Item (Join-Path $PSScriptRoot out *) -Include *.nupkg, *.zip, *.tar.gz |
        ForEach-Object { Write-Host ('{0,8:N1} MB  out/{1}' -f ($_.Length / 1e6), $_.Name) }
}

# Pester 5 of the machine, or fetched from the gallery into the checkout.
function Find-Pester {
    $modules = Join-Path $PSScriptRoot .tools Modules
    if (-not $env:PSModulePath.Contains($modules)) {
        $env:PSModulePath += [IO.Path]::PathSeparator + $modules
    }

    $wanted = @{ ModuleName = 'Pester'; ModuleVersion = '5.5'; MaximumVersion = '5.999' }
    if (-not (Get-Module -ListAvailable -FullyQualifiedName $wanted)) {
        try {
            $null = New-Item $modules -ItemType Directory -Force
            Save-PSResource Pester -Version '[5.5, 6.0)' -Path $modules -TrustRepository
        }
        catch {
            Write-Verbose "Pester cannot be fetched: $_"
        }
    }

    [bool](Get-Module -ListAvailable -FullyQualifiedName $wanted)
}

# Runs tests and counts them by the report that they leave. A runner that ends badly counts as a failure.
function Measure-Test([string] $Name, [scriptblock] $Run) {
    $report = Join-Path $PSScriptRoot out tests "$Name.xml"
    $null = New-Item (Split-Path $report) -ItemType Directory -Force
    Remove-Item $report -ErrorAction Ignore
    Write-Host "Testing the $Name ..."
    & $Run $report
    $ended = $LASTEXITCODE
    $totals = (Test-Path $report) ? ([xml](Get-Content $report -Raw)).'test-run' : @{ passed = 0; failed = 0; skipped = 0 }
    $count = [pscustomobject]@{ Passed = [int]$totals.passed; Failed = [int]$totals.failed; Skipped = [int]$totals.skipped }
    if ($count.Failed -eq 0 -and ($ended -ne 0 -or $count.Passed -eq 0)) {
        Write-Host "The $Name's tests did not run to their end (exit code $ended); that counts as a failure."
        $count.Failed = 1
    }

    $count
}

# Where ../shared is absent some hundred tests are skipped: they are counted by reason, not listed.
function Test-Engine([string] $Report) {
    $tests = Join-Path $PSScriptRoot tests OrcaSong.Tests bin $Configuration net10.0 OrcaSong.Tests
    $skipped = @{}
    & $tests -noLogo -noColor -reporter quiet -result-nunit $Report | ForEach-Object { $reasonFollows = $false } {
        if ($reasonFollows) { $skipped[$_.Trim()]++ }
        elseif (-not $_.EndsWith('[SKIP]')) { Write-Host $_ }
        $reasonFollows = -not $reasonFollows -and $_.EndsWith('[SKIP]')
    }
    $skipped.GetEnumerator() | ForEach-Object { Write-Host "$($_.Value) skipped: $($_.Key)" }
}

function Write-Count($Counts) {
    $sum = $Counts | Measure-Object Passed, Failed, Skipped -Sum
    Write-Host ('{0} passed, {1} failed, {2} skipped' -f $sum.Sum)
    exit ([int]($sum[1].Sum -gt 0))
}

function Test-Slurm {
    if (-not (Find-Pester)) {
        Write-Host 'Pester 5 is not to be had here: the tests of Slurm DID NOT RUN.'
        Write-Count ([pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 0 })
    }

    Write-Count (Measure-Test Slurm { param($Report) & build/test-slurm.sh ([Environment]::ProcessPath) $Report | Out-Host })
}

function Test-Everything {
    $counts = @(Measure-Test engine { param($Report) Test-Engine $Report })
    if (Find-Pester) {
        $counts += Measure-Test module { param($Report) Invoke-Script build/Invoke-ModuleTests.ps1 $Report }
    }
    else {
        Write-Host "PowerShell 7.6 or Pester 5 is not to be had here: the module's tests DID NOT RUN."
    }

    Write-Count $counts
}

Push-Location $PSScriptRoot
try {
    Confirm-Machine
    Build-Everything
    switch ($Task) {
        Build { Write-Host 'Built: the module (Import-Module ./OrcaSong.psd1, or out/OrcaSong) and the command out/bin/orcasong.' }
        Test { Test-Everything }
        Test-Slurm { Test-Slurm }
        Torture { & (Join-Path $PSScriptRoot tests OrcaSong.Torture bin $Configuration net10.0 OrcaSong.Torture); exit $LASTEXITCODE }
        Package { New-Package }
        Demo { Invoke-Script demo/demo.ps1; exit $LASTEXITCODE }
    }
}
finally {
    Pop-Location
}
