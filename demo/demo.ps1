<#
.SYNOPSIS
Simulates a run of events, makes images and graphs of it, and draws how its hits lie on the images' axes. Its files go to out/demo/.
#>
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot ..)
Import-Module ./OrcaSong.psd1
$null = New-Item out/demo -ItemType Directory -Force

# Shows a command as one would type it, then runs it; called with a dot, in the scope of the caller.
function Step([scriptblock] $Command) {
    Write-Host "`nPS> $("$Command".Trim())" -ForegroundColor Cyan
    . $Command | Out-Host
}

. Step { $run = New-SimulatedRun out/demo/events.h5 -Event 2000 -Force; $run }
. Step { $binner = New-FileBinner ztc_2017 -DetectorFile $run.DetectorFile -Extractor nu_chain_data; $binner }
. Step { $result = $binner | Invoke-Binning -Path out/demo/events.h5 -DestinationPath out/demo/images.h5 -Force; $result }

. Step { ConvertTo-Graph out/demo/events.h5 -DetectorFile $run.DetectorFile -TimeWindow -250, 1000 -Extractor nu_chain_data -DestinationPath out/demo/graphs.h5 -Force }

. Step { $result | Show-BinStats }

. Step { Show-HitTime out/demo/events.h5 -DetectorFile $run.DetectorFile -Edge (New-BinAxis time -50 550 100) }

if (Get-Command gnuplot -CommandType Application -ErrorAction Ignore) {
    . Step { $result | Show-BinStats -SaveAs out/demo/bin_stats.png -Force }
}

Write-Host 'Written to out/demo:'
Get-ChildItem out/demo | ForEach-Object { '  {0} ({1:n0} bytes)' -f $_.Name, $_.Length }
