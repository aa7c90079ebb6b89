<#
.SYNOPSIS
Runs the module's tests in this process.
.PARAMETER Report
Path of the report to write (NUnit 3).
#>
param([Parameter(Mandatory)] [string] $Report)

# The preference stays what users have: a script that stops at errors would hide that cmdlets go on after one.
Import-Module Pester -MinimumVersion 5.5 -MaximumVersion 5.999 -ErrorAction Stop
$configuration = New-PesterConfiguration
$configuration.Run.Path = Join-Path $PSScriptRoot .. tests Module
$configuration.Run.PassThru = $true
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'NUnit3'
$configuration.TestResult.OutputPath = $Report
$result = Invoke-Pester -Configuration $configuration
exit ($result.Result -eq 'Passed' ? 0 : 1)
