# Dot-sourced by every test file: the module as it stands in the checkout (or the one that ORCASONG_MODULE names), and what tests share.
Set-StrictMode -Version Latest
$script:Manifest = $env:ORCASONG_MODULE ? $env:ORCASONG_MODULE : (Resolve-Path "$PSScriptRoot/../../OrcaSong.psd1").Path
# Outputs of two runs are compared byte by byte, so all times in them are this one.
$env:SOURCE_DATE_EPOCH = 1700000000
Import-Module $Manifest
$script:Shared = Join-Path $PSScriptRoot '../../../shared'

function Get-Failure([scriptblock] $Command) {
    # The first error of a command, whether it ends the command or not.
    $ErrorActionPreference = 'Stop'
    try { $null = & $Command } catch { return $_ }
    throw "It did not fail: $Command"
}

function Get-Id($ErrorRecord) { $ErrorRecord.FullyQualifiedErrorId.Split(',')[0] }

function Start-Runspace([string] $Script, [hashtable] $With = @{}) {
    # A second runspace, as a second window would be; its streams can be read, and it can be stopped.
    $shell = [powershell]::Create()
    $null = $shell.AddScript("param(`$Manifest, `$With) Import-Module `$Manifest; $Script").AddArgument($Manifest).AddArgument($With)
    [pscustomobject]@{ Shell = $shell; Running = $shell.BeginInvoke() }
}

function Wait-Until([scriptblock] $Condition, [double] $Seconds = 20) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($watch.Elapsed.TotalSeconds -gt $Seconds) { throw "Not within $Seconds s: $Condition" }
        Start-Sleep -Milliseconds 10
    }
}
