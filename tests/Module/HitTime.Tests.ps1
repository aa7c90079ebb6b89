BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $run = New-SimulatedRun TestDrive:/events.h5 -Event 60
    $null = New-SimulatedRun TestDrive:/more.h5 -Event 40 -Seed 7
    $detector = 'TestDrive:/events.detx'
    $hasGnuplot = [bool] (Get-Command gnuplot -CommandType Application -ErrorAction Ignore)
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'Show-HitTime' {
    It 'counts the hits of a file: <how>' -ForEach @(
        @{ how = 'a path'; command = { Show-HitTime TestDrive:/events.h5 } }
        @{ how = 'a literal path'; command = { Show-HitTime -LiteralPath TestDrive:/events.h5 } }
        @{ how = 'files from the pipeline'; command = { Get-Item TestDrive:/events.h5 | Show-HitTime } }
        @{ how = 'a simulated run from the pipeline'; command = { $run | Show-HitTime } }
    ) {
        $times = & $command
        $times.HitCount | Should -Be $run.Hits
        $times.Bins | Should -Be 50
        ($times.Histogram | Measure-Object -Sum).Sum | Should -Be $run.Hits
        $times.Minimum, $times.Maximum | Should -Be $times.Earliest, $times.Latest
    }

    It 'counts all files together' {
        $times = Show-HitTime TestDrive:/*.h5 -BinCount 10
        $times.FileCount | Should -Be 2
        $times.EventCount | Should -Be 100
    }

    It 'agrees with the statistics of images' {
        $axis = New-BinAxis time -50 550 100
        $times = Show-HitTime TestDrive:/events.h5 -DetectorFile $detector -Edge $axis
        $image = New-FileBinner $axis -DetectorFile $detector | Invoke-Binning TestDrive:/events.h5 -DestinationPath TestDrive:/images.h5 -Force | Show-BinStats
        $times.CutOffBelow, $times.CutOffAbove, $times.HitCount | Should -Be $image.CutOffBelow, $image.CutOffAbove, $image.HitCount
        $times.Histogram[50..149] | Should -Be @($image.Histogram)
        $times.MeanBinWidth | Should -Be 6
    }

    It 'takes edges as numbers, and attaches bins to both sides' {
        $times = Show-HitTime TestDrive:/events.h5 -Edges -50, 0, 50, 100, 150 -Padding 0.25
        $times.Edges | Should -Be -50, 0, 50, 100, 150
        $times.HistogramEdges | Should -Be -100, -50, 0, 50, 100, 150, 200
    }

    It 'leaves a detection unit out' {
        $all = Show-HitTime TestDrive:/events.h5 -DetectorFile $detector
        $some = Show-HitTime TestDrive:/events.h5 -DetectorFile $detector -InactiveDu 1
        $some.HitCount | Should -BeLessThan $all.HitCount
        (Show-HitTime TestDrive:/events.h5 -DetectorFile $detector -InactiveDu 999).HitCount | Should -Be $all.HitCount
    }

    It 'looks at MC hits' {
        $times = Show-HitTime TestDrive:/events.h5 -McHit -DetectorFile $detector
        $times.Source | Should -Be mc_hits
        $times.HitCount | Should -Be (Get-OrcaEvent TestDrive:/events.h5 | ForEach-Object { $_.McHits.Count } | Measure-Object -Sum).Sum
    }

    It 'takes times as they stand, and adds t0' {
        $stored = Show-HitTime TestDrive:/events.h5 -NoTimeCentering -DetectorFile $detector -NoTimeSlewingCorrection
        $added = Show-HitTime TestDrive:/events.h5 -NoTimeCentering -DetectorFile $detector -NoTimeSlewingCorrection -AddT0
        $stored.IsCentred | Should -BeFalse
        $added.Latest | Should -Not -Be $stored.Latest
    }

    It 'goes on after a file that cannot be read' {
        Set-Content TestDrive:/text.txt text
        $times = Show-HitTime TestDrive:/text.txt, TestDrive:/absent.h5, TestDrive:/events.h5 -ErrorVariable failures -ErrorAction SilentlyContinue
        $times.FileCount | Should -Be 1
        $failures | ForEach-Object { Get-Id $_ } | Should -Be InputNotFound, NotAnEventFile
    }

    It 'says what is wrong: <id>' -ForEach @(
        @{ id = 'InvalidOptions'; says = '*is one of pos_z*'; command = { Show-HitTime TestDrive:/events.h5 -Edge (New-BinAxis pos_z 0 10 2) } }
        @{ id = 'InvalidOptions'; says = "*edge 1 of axis time is 'x'*"; command = { Show-HitTime TestDrive:/events.h5 -Edge 1, x } }
        @{ id = 'DetectorFileNotFound'; says = '*absent.detx*'; command = { Show-HitTime TestDrive:/events.h5 -DetectorFile TestDrive:/absent.detx } }
        @{ id = 'MissingData'; says = '*no column du*'; command = { Show-HitTime TestDrive:/events.h5 -InactiveDu 1 } }
        @{ id = 'InvalidOptions'; says = '*.pdf, .png, .svg, .gp*'; command = { Show-HitTime TestDrive:/events.h5 -SaveAs TestDrive:/x.jpg } }
    ) {
        $failure = Get-Failure $command
        Get-Id $failure | Should -Be $id
        $failure | Should -BeLike $says
    }

    It 'draws a picture' {
        if (-not $hasGnuplot) { Set-ItResult -Skipped -Because 'gnuplot is absent'; return }
        Show-HitTime TestDrive:/events.h5 -Edge -50, 0, 50 -SaveAs TestDrive:/times.png -PassThru | Should -HaveCount 1
        (Get-Item TestDrive:/times.png).Length | Should -BeGreaterThan 5000
        Get-Id (Get-Failure { Show-HitTime TestDrive:/events.h5 -SaveAs TestDrive:/times.png }) | Should -Be OutputExists
    }

    It 'fits 80 columns: <how>' -ForEach @(
        @{ how = 'by default'; format = { $args[0] } }
        @{ how = 'as a list'; format = { $args[0] | Format-List } }
    ) {
        $text = & $format (Show-HitTime TestDrive:/events.h5 -DetectorFile $detector -Edge (New-BinAxis time -50 550 100)) | Out-String -Width 80
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $text | Should -Match '[▁▂▃▄▅▆▇█]│[▁▂▃▄▅▆▇█]+│[▁▂▃▄▅▆▇█]'
        $text | Should -Match '\d+\.\d%'
    }

    It 'can be stopped within a second' {
        $null = New-SimulatedRun TestDrive:/large.h5 -Event 20000 -HitsPerEvent 300 -CompressionLevel 0
        $file = (Get-Item TestDrive:/large.h5).FullName
        $other = Start-Runspace 'Show-HitTime (@($With.File) * 200) -BinCount 5' @{ File = $file }
        Wait-Until { $other.Shell.Streams.Progress.Count -gt 0 }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $other.Shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 1.5
        $other.Shell.Dispose()
    }
}
