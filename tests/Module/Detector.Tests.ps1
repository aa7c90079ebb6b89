BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    Push-Location TestDrive:/
    $run = New-SimulatedRun run.h5 -Event 1 -DetectionUnitCount 4 -FloorCount 6
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    $hasGnuplot = [bool] (Get-Command gnuplot -ErrorAction Ignore)
}

AfterAll {
    $PSStyle.OutputRendering = $rendering
    Pop-Location
}

Describe 'Get-Detector' {
    It 'tells what a detector file describes' {
        $detector = Get-Detector run.detx
        $detector | Should -BeOfType OrcaSong.Inspection.DetectorSummary
        $detector.Id, $detector.DuCount, $detector.FloorCount, $detector.DomCount, $detector.PmtCount | Should -Be 200, 4, 6, 24, 744
        $detector.Extent.Z | Should -BeGreaterThan 0
        (Get-Item *.detx | Get-Detector).Id | Should -Be 200
        (Get-Detector -LiteralPath run.detx).Path | Should -Be $run.DetectorFile
    }

    It 'shows a list that fits <width> columns' -ForEach @(@{ width = 80 }, @{ width = 120 }) {
        $text = Get-Detector run.detx | Out-String -Width $width
        $text | Should -Match 'DUs +: 4\r?\n'
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
    }

    It 'gives modules with -Detailed' {
        $details = Get-Detector run.detx -Detailed
        $details.Modules.Count | Should -Be 24
        ($details.Modules | Measure-Object PmtCount -Sum).Sum | Should -Be 744
        $text = $details | Out-String -Width 80
        $text | Should -Match 'detector 200, 4 DUs, 24 DOMs'
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'refuses what is no detector file, and goes on' {
        'no detector' > bad.detx
        (Get-Detector bad.detx, run.detx -ErrorVariable failures -ErrorAction SilentlyContinue).Id | Should -Be 200
        Get-Id $failures[0] | Should -Be InvalidDetectorFile
        Get-Id (Get-Failure { Get-Detector nothing.detx }) | Should -Be InputNotFound
    }

    It 'draws detectors' {
        if (-not $hasGnuplot) { Set-ItResult -Skipped -Because 'gnuplot is absent' }
        Get-Detector run.detx -SaveAs detector.png | Should -BeNullOrEmpty
        (Get-Item detector.png).Length | Should -BeGreaterThan 1000
        Get-Id (Get-Failure { Get-Detector run.detx -SaveAs detector.png }) | Should -Be OutputExists
        (Get-Detector run.detx -SaveAs detector.png -Force -PassThru).Id | Should -Be 200
    }

    It 'keeps the script with .gp, without gnuplot' {
        Get-Detector run.detx -SaveAs detector.gp
        Get-Content detector.gp -Raw | Should -BeLike '*4 detection units, 24 optical modules*'
    }
}
