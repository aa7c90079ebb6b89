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

# The histograms on paper.
function Save-Histogram($Statistics, [string] $Path) {
    $plots = foreach ($one in $Statistics.Axes) {
        "set xlabel '$($one.Axis.Field)' noenhanced"
        "set xrange [$($one.Axis.Minimum):$($one.Axis.Maximum)]"
        "plot '-' with boxes"
        foreach ($bin in 0..($one.Histogram.Count - 1)) {
            '{0} {1}' -f (($one.HistogramEdges[$bin] + $one.HistogramEdges[$bin + 1]) / 2), $one.Histogram[$bin]
        }
        'e'
    }
    @("set terminal pngcairo size 800,$(260 * $Statistics.Axes.Count)"; "set output '$Path'"
        "set multiplot layout $($Statistics.Axes.Count),1"; 'set style fill solid 0.5 noborder'; 'unset key'; "set ylabel 'hits'"
        'set yrange [0:*]'; $plots) | gnuplot
}

. Step { $run = New-SimulatedRun out/demo/events.h5 -Event 2000 -Force; $run }
. Step { $binner = New-FileBinner ztc_2017 -DetectorFile $run.DetectorFile -Extractor nu_chain_data; $binner }
. Step { $result = $binner | Invoke-Binning -Path out/demo/events.h5 -DestinationPath out/demo/images.h5 -Force; $result }

. Step { ConvertTo-Graph out/demo/events.h5 -DetectorFile $run.DetectorFile -TimeWindow -250, 1000 -Extractor nu_chain_data -DestinationPath out/demo/graphs.h5 -Force }

Write-Host "`nHow the hits lie on the axes of the images:`n"
$result.BinStatistics.Axes | ForEach-Object { $_.Draw(90); '' }
if (Get-Command gnuplot -CommandType Application -ErrorAction Ignore) {
    Save-Histogram $result.BinStatistics out/demo/bin_stats.png
}

Write-Host 'Written to out/demo:'
Get-ChildItem out/demo | ForEach-Object { '  {0} ({1:n0} bytes)' -f $_.Name, $_.Length }
