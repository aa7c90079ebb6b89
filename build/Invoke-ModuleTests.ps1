<#
.SYNOPSIS
Runs the module's tests in this process.
.PARAMETER Report
Path of the report to write (NUnit 3).
.PARAMETER Folder
Folder of the tests, in the checkout.
#>
param([Parameter(Mandatory)] [string] $Report, [string] $Folder = 'tests/Module')

# The preference stays what users have: a script that stops at errors would hide that cmdlets go on after one.
Import-Module Pester -MinimumVersion 5.5 -MaximumVersion 5.999 -ErrorAction Stop
$configuration = New-PesterConfiguration
$configuration.Run.Path = Join-Path $PSScriptRoot .. $Folder
$configuration.Run.PassThru = $true
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'NUnit3'
$configuration.TestResult.OutputPath = $Report
$result = Invoke-Pester -Configuration $configuration
exit ($result.Result -eq 'Passed' ? 0 : 1)
