<#
.SYNOPSIS
Simulates a run of events, makes images of it, and draws how its hits lie on the images' axes. Its files go to out/demo/.
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

# A histogram as blocks, in as many columns as fit a terminal.
function Show-Histogram($Statistics, [int] $Width = 72, [int] $Height = 6) {
    $histogram = $Statistics.Histogram
    $width = [Math]::Min($Width, $histogram.Count)
    $bars = foreach ($column in 0..($width - 1)) {
        $first = [Math]::Floor($column * $histogram.Count / $width)
        $last = [Math]::Floor(($column + 1) * $histogram.Count / $width) - 1
        ($histogram[$first..$last] | Measure-Object -Average).Average
    }
    $top = [Math]::Max(1, ($bars | Measure-Object -Maximum).Maximum)
    foreach ($row in ($Height - 1)..0) {
        -join ($bars | ForEach-Object { ' ▁▂▃▄▅▆▇█'[[Math]::Clamp([int](8 * $Height * $_ / $top) - (8 * $row), 0, 8)] })
    }

    $axis = $Statistics.Axis
    $hits = ($histogram | Measure-Object -Sum).Sum + $Statistics.CutOffBelow + $Statistics.CutOffAbove
    '{0} from {1} to {2}: {3:p1} of the hits below, {4:p1} above' -f
        $axis.Field, $axis.Minimum, $axis.Maximum, ($Statistics.CutOffBelow / $hits), ($Statistics.CutOffAbove / $hits)
    ''
}

# The same histograms on paper.
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

Write-Host "`nHow the hits lie on the axes of the images:`n"
$result.BinStatistics.Axes | ForEach-Object { Show-Histogram $_ }
if (Get-Command gnuplot -CommandType Application -ErrorAction Ignore) {
    Save-Histogram $result.BinStatistics out/demo/bin_stats.png
}

Write-Host 'Written to out/demo:'
Get-ChildItem out/demo | ForEach-Object { '  {0} ({1:n0} bytes)' -f $_.Name, $_.Length }
