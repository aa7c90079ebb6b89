BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    Push-Location TestDrive:/
    $run = New-SimulatedRun run.h5 -Event 20
    $null = New-FileBinner four_line_low -DetectorFile $run.DetectorFile -Extractor nu_chain_neutrino | Invoke-Binning run.h5 -DestinationPath images.h5
    $null = ConvertTo-Graph run.h5 -HitField pos_x, pos_y, pos_z, time, tot, triggered -DetectorFile $run.DetectorFile -DestinationPath graphs.h5
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    $hasGnuplot = [bool] (Get-Command gnuplot -ErrorAction Ignore)
}

AfterAll {
    $PSStyle.OutputRendering = $rendering
    Pop-Location
}

Describe 'Show-EventImage' {
    It 'gives the projections of an image' {
        $projections = Show-EventImage images.h5 -Index 3
        $projections.Count | Should -Be 10
        $projections[0] | Should -BeOfType OrcaSong.Inspection.ImageProjection
        $projections.Sum | Sort-Object -Unique | Should -Be $projections[0].Sum
        $projections[0].Name.RunId | Should -Be 1
    }

    It 'draws with characters that fit the window' {
        $text = Show-EventImage images.h5 3 | Select-Object -Last 1 | Out-String
        $text | Should -BeLike "*images.h5*image 3 (run 1, event 4, * GeV): * hits*channel_id against time*"
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual ([Math]::Max(80, $Host.UI.RawUI.WindowSize.Width))
    }

    It 'becomes JSON' {
        $back = Show-EventImage images.h5 | Select-Object -First 1 | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        $back.Counts.Count, $back.Horizontal.Field, $back.Vertical.Field | Should -Be 2, pos_x, pos_y
    }

    It 'draws pictures: <kind>' -ForEach @(@{ kind = 'png' }, @{ kind = 'pdf' }, @{ kind = 'svg' }, @{ kind = 'gp' }) {
        if (-not $hasGnuplot -and $kind -ne 'gp') { Set-ItResult -Skipped -Because 'gnuplot is absent' }
        Show-EventImage images.h5 -Index 3 -SaveAs "image.$kind" | Should -BeNullOrEmpty
        (Get-Item "image.$kind").Length | Should -BeGreaterThan 1000
        Get-Id (Get-Failure { Show-EventImage images.h5 -SaveAs "image.$kind" }) | Should -Be OutputExists
        (Show-EventImage images.h5 -SaveAs "image.$kind" -Force -PassThru).Count | Should -Be 10
    }

    It 'says what is wrong: <what>' -ForEach @(
        @{ what = 'index'; id = 'IndexOutOfRange'; text = '*20 images*0 to 19*'; command = { Show-EventImage images.h5 -Index 20 } }
        @{ what = 'events'; id = 'NotAnEventFile'; text = '*file of events*'; command = { Show-EventImage run.h5 } }
        @{ what = 'graphs'; id = 'NotAnEventFile'; text = '*not images*'; command = { Show-EventImage graphs.h5 } }
        @{ what = 'nothing'; id = 'InputNotFound'; text = '*does not exist*'; command = { Show-EventImage nothing.h5 } }
        @{ what = 'kind'; id = 'InvalidOptions'; text = '*.png*'; command = { Show-EventImage images.h5 -SaveAs image.gif } }
        @{ what = 'folder'; id = 'OutputFolderNotFound'; text = '*does not exist*'; command = { Show-EventImage images.h5 -SaveAs none/image.gp } }
    ) {
        $failure = Get-Failure $command
        Get-Id $failure | Should -Be $id
        "$failure" | Should -BeLike $text
    }
}

Describe 'Show-Event' {
    It 'gives the hits of an event, calibrated' {
        $e = Show-Event run.h5 -Index 3 -DetectorFile $run.DetectorFile
        $e | Should -BeOfType OrcaSong.Inspection.EventHits
        $e.HitCount | Should -Be (Get-OrcaEvent run.h5 -First 1 -Skip 3).Hits.Count
        $e.TriggeredCount | Should -BeGreaterThan 0
        ($run | Show-Event -Index 3).HitCount | Should -Be $e.HitCount
    }

    It 'gives the hits of graphs' {
        $e = Show-Event graphs.h5 -Index 3
        $e.Hits[0].Z | Should -BeGreaterThan 0
        $e.HitCount | Should -Be (Show-Event run.h5 -Index 3 -DetectorFile $run.DetectorFile).HitCount
        (Show-Event graphs.h5 -Index 0, 1, 2).Index | Should -Be 0, 1, 2
    }

    It 'draws with characters that fit the window' {
        $text = Show-Event graphs.h5 | Out-String
        $text | Should -Match 'graphs\.h5\r?\nevent 0: \d+ hits, \d+ triggered'
        $text | Should -Match "z \[m\] against time \[ns\](.|\n)*$([char] 0x2502)(.|\n)*$([char] 0x25cf)"
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual ([Math]::Max(80, $Host.UI.RawUI.WindowSize.Width))
    }

    It 'draws pictures: <kind>' -ForEach @(@{ kind = 'png' }, @{ kind = 'pdf' }, @{ kind = 'svg' }, @{ kind = 'gp' }) {
        if (-not $hasGnuplot -and $kind -ne 'gp') { Set-ItResult -Skipped -Because 'gnuplot is absent' }
        Show-Event graphs.h5 -Index 3 -SaveAs "event.$kind" | Should -BeNullOrEmpty
        (Get-Item "event.$kind").Length | Should -BeGreaterThan 1000
        Get-Id (Get-Failure { Show-Event graphs.h5 -SaveAs "event.$kind" }) | Should -Be OutputExists
    }

    It 'draws several events on pages or in files' {
        if (-not $hasGnuplot) { Set-ItResult -Skipped -Because 'gnuplot is absent' }
        Show-Event graphs.h5 -Index 0, 1, 2 -SaveAs several.png
        Get-ChildItem several* | ForEach-Object Name | Should -Be several-1.png, several-2.png, several-3.png
    }

    It 'says what is wrong: <what>' -ForEach @(
        @{ what = 'index'; id = 'IndexOutOfRange'; text = '*20 events*0 to 19*'; command = { Show-Event graphs.h5 -Index 20 } }
        @{ what = 'images'; id = 'NotAnEventFile'; text = '*images*'; command = { Show-Event images.h5 } }
        @{ what = 'calibration'; id = 'MissingData'; text = '*detector file*'; command = { Show-Event run.h5 } }
        @{ what = 'detector'; id = 'DetectorFileNotFound'; text = '*none.detx*'; command = { Show-Event run.h5 -DetectorFile none.detx } }
    ) {
        $failure = Get-Failure $command
        Get-Id $failure | Should -Be $id
        "$failure" | Should -BeLike $text
    }

    It 'leaves no picture where there is nothing to draw' {
        Show-Event graphs.h5 -Index 99 -SaveAs none.gp -ErrorAction SilentlyContinue
        Test-Path none.gp | Should -BeFalse
    }
}
