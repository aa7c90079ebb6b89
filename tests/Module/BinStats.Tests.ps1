BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $null = New-SimulatedRun TestDrive:/events.h5 -Event 60
    $null = New-SimulatedRun TestDrive:/more.h5 -Event 40 -Seed 7
    $binner = New-FileBinner ztc_2017 -DetectorFile TestDrive:/events.detx
    $results = $binner | Invoke-Binning TestDrive:/events.h5, TestDrive:/more.h5 -DestinationPath TestDrive:/
    $null = New-FileBinner ztc_2017 -DetectorFile TestDrive:/events.detx -NoBinStatistics | Invoke-Binning TestDrive:/events.h5 -DestinationPath TestDrive:/none.h5
    $null = New-FileBinner (New-BinAxis time -50 560 100) -DetectorFile TestDrive:/events.detx | Invoke-Binning TestDrive:/events.h5 -DestinationPath TestDrive:/time.h5
    $hasGnuplot = [bool] (Get-Command gnuplot -CommandType Application -ErrorAction Ignore)
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'Show-BinStats' {
    It 'emits an object for each axis: <how>' -ForEach @(
        @{ how = 'a path'; command = { Show-BinStats TestDrive:/events_dl.h5 } }
        @{ how = 'a literal path'; command = { Show-BinStats -LiteralPath TestDrive:/events_dl.h5 } }
        @{ how = 'a wildcard'; command = { Show-BinStats TestDrive:/event*_dl.h5 } }
        @{ how = 'files from the pipeline'; command = { Get-Item TestDrive:/events_dl.h5 | Show-BinStats } }
        @{ how = 'names from the pipeline'; command = { 'TestDrive:/events_dl.h5' | Show-BinStats } }
        @{ how = 'results from the pipeline'; command = { $results | Where-Object Input -Like *events.h5 | Show-BinStats } }
        @{ how = 'statistics from the pipeline'; command = { ($results | Where-Object Input -Like *events.h5).BinStatistics | Show-BinStats } }
    ) {
        $axes = @(& $command)
        $axes.Field | Sort-Object | Should -Be channel_id, pos_z, time
        $time = $axes | Where-Object Field -EQ time
        $run = $results | Where-Object Input -Like *events.h5
        $time.HitCount | Should -BeGreaterThan 0
        $time.HitCount | Should -Be ($time.CutOffBelow + $time.CutOffAbove + ($time.Histogram | Measure-Object -Sum).Sum)
        $time.Histogram | Should -Be @(($run.BinStatistics.Axes | Where-Object Field -EQ time).Histogram)
        $time.FileCount | Should -Be 1
        $time.Edges | Should -HaveCount 101
    }

    It 'adds up several files' {
        $sum = Show-BinStats TestDrive:/events_dl.h5, TestDrive:/more_dl.h5
        $parts = 'events', 'more' | ForEach-Object { , @(Show-BinStats "TestDrive:/${_}_dl.h5") }
        $sum.FileCount | Should -Be 2, 2, 2
        $sum[2].HitCount | Should -Be ($parts[0][2].HitCount + $parts[1][2].HitCount)
        $sum[2].CutOffAbove | Should -Be ($parts[0][2].CutOffAbove + $parts[1][2].CutOffAbove)
        ($results | Show-BinStats | Where-Object Field -EQ time).Histogram | Should -Be @($sum[2].Histogram)
    }

    It 'takes all files of the current location where none is named' {
        $null = New-Item TestDrive:/here -ItemType Directory -Force
        Copy-Item TestDrive:/events_dl.h5, TestDrive:/more_dl.h5 TestDrive:/here/
        Push-Location TestDrive:/here
        try { (Show-BinStats).FileCount | Should -Be 2, 2, 2 } finally { Pop-Location }
    }

    It 'leaves files without statistics out, with a warning' {
        $axes = Show-BinStats TestDrive:/none.h5, TestDrive:/events_dl.h5 -WarningVariable warnings -WarningAction SilentlyContinue
        $axes.FileCount | Should -Be 1, 1, 1
        $warnings | Should -BeLike '*none.h5* has no bin statistics*'
    }

    It 'fails where no file has statistics' {
        $failure = Get-Failure { Show-BinStats TestDrive:/none.h5 -WarningAction Ignore }
        Get-Id $failure | Should -Be NoBinStatistics
        $failure | Should -BeLike '*NoBinStatistics*'
    }

    It 'says how axes differ' {
        $failure = Get-Failure { Show-BinStats TestDrive:/events_dl.h5, TestDrive:/time.h5 }
        Get-Id $failure | Should -Be DifferentAxes
        $failure | Should -BeLike "*events_dl.h5': *time.h5': the axes are time, not channel_id, pos_z, time; time has 100 bins from -50 to 560, not*"
    }

    It 'goes on after a file that cannot be read: <id>' -ForEach @(
        @{ id = 'InputNotFound'; name = 'absent.h5'; make = { } }
        @{ id = 'NotAnEventFile'; name = 'text.h5'; make = { Set-Content TestDrive:/text.h5 text } }
        @{ id = 'NotAnEventFile'; name = 'empty.h5'; make = { $null = New-Item TestDrive:/empty.h5 -Force } }
        @{ id = 'InputIsFolder'; name = 'folder'; make = { $null = New-Item TestDrive:/folder -ItemType Directory -Force } }
    ) {
        . $make
        $axes = Show-BinStats "TestDrive:/$name", TestDrive:/events_dl.h5 -ErrorVariable failures -ErrorAction SilentlyContinue
        $axes | Should -HaveCount 3
        $failures | Should -HaveCount 1
        Get-Id $failures[0] | Should -Be $id
    }

    Context 'as a picture' {
        It 'is drawn to <kind>' -ForEach @(
            @{ kind = 'pdf'; start = '%PDF' }
            @{ kind = 'png'; start = '.PNG' }
            @{ kind = 'svg'; start = '<?xml' }
            @{ kind = 'gp'; start = 'set terminal' }
        ) {
            if ($kind -ne 'gp' -and -not $hasGnuplot) { Set-ItResult -Skipped -Because 'gnuplot is absent'; return }
            Show-BinStats TestDrive:/events_dl.h5 -SaveAs "TestDrive:/stats.$kind" | Should -BeNullOrEmpty
            $bytes = Get-Content "TestDrive:/stats.$kind" -AsByteStream -TotalCount $start.Length
            -join [char[]] $bytes | Should -Match "^$($start -replace '\?', '\?')"
        }

        It 'comes with the objects on request' {
            Show-BinStats TestDrive:/events_dl.h5 -SaveAs TestDrive:/passed.gp -PassThru | Should -HaveCount 3
            'TestDrive:/passed.gp' | Should -Exist
        }

        It 'has a page for each axis on request, which are files where there are no pages' {
            if (-not $hasGnuplot) { Set-ItResult -Skipped -Because 'gnuplot is absent'; return }
            Show-BinStats TestDrive:/events_dl.h5 -SaveAs TestDrive:/pages.png -OnePagePerAxis
            (Get-ChildItem TestDrive:/pages*.png).Name | Sort-Object | Should -Be pages-1.png, pages-2.png, pages-3.png
            Show-BinStats TestDrive:/events_dl.h5 -SaveAs TestDrive:/pages.pdf -OnePagePerAxis
            'TestDrive:/pages.pdf' | Should -Exist
        }

        It 'is not drawn with -WhatIf' {
            Show-BinStats TestDrive:/events_dl.h5 -SaveAs TestDrive:/whatif.gp -WhatIf
            'TestDrive:/whatif.gp' | Should -Not -Exist
        }

        It 'does not replace a file without -Force' {
            Set-Content TestDrive:/mine.gp mine
            $failure = Get-Failure { Show-BinStats TestDrive:/events_dl.h5 -SaveAs TestDrive:/mine.gp }
            Get-Id $failure | Should -Be OutputExists
            $failure | Should -BeLike '*-Force*'
            Get-Content TestDrive:/mine.gp | Should -Be mine
            Show-BinStats TestDrive:/events_dl.h5 -SaveAs TestDrive:/mine.gp -Force
            Get-Content TestDrive:/mine.gp -TotalCount 1 | Should -BeLike 'set terminal*'
        }

        It 'is refused before any work is done: <id>' -ForEach @(
            @{ id = 'InvalidOptions'; target = 'TestDrive:/x.jpg'; says = '*.pdf, .png, .svg, .gp*' }
            @{ id = 'OutputFolderNotFound'; target = 'TestDrive:/absent/x.gp'; says = '*absent*' }
            @{ id = 'InvalidPath'; target = 'Env:/x.gp'; says = '*Environment*' }
        ) {
            $failure = Get-Failure { Show-BinStats TestDrive:/absent.h5 -SaveAs $target }
            Get-Id $failure | Should -Be $id
            $failure | Should -BeLike $says
        }

        It 'needs gnuplot, and says how to get it' {
            $before = $env:ORCASONG_GNUPLOT
            $env:ORCASONG_GNUPLOT = '/absent/gnuplot'
            try {
                $failure = Get-Failure { Show-BinStats TestDrive:/events_dl.h5 -SaveAs TestDrive:/x.png }
                Get-Id $failure | Should -Be GnuplotNotFound
                $failure | Should -BeLike '*apt-get install gnuplot-nox*brew install gnuplot*winget install gnuplot*'
                Show-BinStats TestDrive:/events_dl.h5 -SaveAs TestDrive:/x.gp
                Show-BinStats TestDrive:/events_dl.h5 | Should -HaveCount 3
            }
            finally { $env:ORCASONG_GNUPLOT = $before }
        }

        It 'is opened with the program of the system' -Skip:(-not $IsLinux) {
            if (-not $hasGnuplot) { Set-ItResult -Skipped -Because 'gnuplot is absent'; return }
            $path = $env:PATH
            $null = New-Item TestDrive:/bin -ItemType Directory -Force
            $folder = (Get-Item TestDrive:/bin).FullName
            Set-Content "$folder/xdg-open" "#!/bin/sh`necho `"`$1`" > '$folder/opened'"
            chmod +x "$folder/xdg-open"
            $env:PATH = "${folder}:$path"
            try { Show-BinStats TestDrive:/events_dl.h5 -Open } finally { $env:PATH = $path }
            Wait-Until { (Test-Path "$folder/opened") -and (Get-Content "$folder/opened") }
            $opened = Get-Content "$folder/opened"
            $opened | Should -BeLike '*orcasong-*.png'
            $opened | Should -Exist
            Remove-Item $opened
        }
    }

    Context 'in other shapes' {
        It 'shows a line for each axis that fits 80 columns' {
            $lines = (Show-BinStats TestDrive:/events_dl.h5 | Out-String -Width 80).Trim() -split '\r?\n'
            $lines | Should -HaveCount 5
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
            $lines[0] | Should -Match '^Field +Bins +Hits +Below +Above +Distribution$'
            $lines[4] | Should -Match '^time +100 +[\d,]+ +\d+\.\d% +\d+\.\d% [ ▁▂▃▄▅▆▇█]+$'
        }

        It 'is as wide as the window: <width> columns' -ForEach @(@{ width = 80 }, @{ width = 120 }, @{ width = 200 }) {
            if (-not (Get-Command script -CommandType Application -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'script (util-linux) is absent'; return }
            $file = (Get-Item TestDrive:/events_dl.h5).FullName
            $shell = (Get-Process -Id $PID).Path
            $inner = "stty rows 40 cols $width; '$shell' -NoProfile -c `"Import-Module '$Manifest'; `\`$PSStyle.OutputRendering = 'PlainText'; Show-BinStats '$file'`""
            $lines = @('' | script -qc $inner /dev/null) -replace '\e\[[^a-zA-Z]*[a-zA-Z]|\e=|\r' | Where-Object { $_ -match '%' }
            $lines | Should -HaveCount 3
            $longest = ($lines | Measure-Object Length -Maximum).Maximum
            $longest | Should -BeLessThan $width
            $longest | Should -BeGreaterThan ($width * 0.7)
        }

        It 'shows everything in a list' {
            Show-BinStats TestDrive:/events_dl.h5 | Format-List | Out-String -Width 80 |
                Should -Match 'Limits +: -50 to 550 ns\s+Bins +: 100\s+BinWidth +: 6 ns\s+FileCount +: 1\s+HitCount +: [\d,]+\s+CutOffBelow +: [\d,]+ \(\d+\.\d%\)'
        }

        It 'is JSON with all numbers' {
            $json = Show-BinStats TestDrive:/events_dl.h5 | ConvertTo-Json -WarningVariable warnings | ConvertFrom-Json
            $warnings | Should -BeNullOrEmpty
            $json[2].Field | Should -Be time
            $json[2].Histogram | Should -HaveCount 100
            $json[2].Edges[0] | Should -Be -50
        }

        It 'is a table of values' {
            $rows = Show-BinStats TestDrive:/events_dl.h5 | ConvertTo-Csv | ConvertFrom-Csv
            $rows[2].Bins | Should -Be 100
            $rows[2].Minimum | Should -Be -50
            $rows[2].Histogram -split ' ' | Should -HaveCount 100
            $rows[2].psobject.Properties.Value | Where-Object { $_ -like '*System.*' } | Should -BeNullOrEmpty
        }
    }
}
