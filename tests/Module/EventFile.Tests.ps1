BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    Push-Location TestDrive:/
    $run = New-SimulatedRun run.h5 -Event 20
    $binner = New-FileBinner four_line_low -DetectorFile $run.DetectorFile -Extractor nu_chain_neutrino
    $images = $binner | Invoke-Binning run.h5 -DestinationPath images.h5
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll {
    $PSStyle.OutputRendering = $rendering
    Pop-Location
}

Describe 'Get-EventFile' {
    It 'tells what a file of events holds' {
        $file = Get-EventFile run.h5
        $file | Should -BeOfType OrcaSong.Inspection.EventFileSummary
        $file.Kind, $file.EventCount, $file.HitCount, $file.IsCalibrated, $file.IsSimulated | Should -Be Events, 20, $run.Hits, $false, $true
        $file.Path | Should -Be $run.Path
        $file.RunIds | Should -Be 1
        $file.DetectorIds | Should -Be 200
        $file.Extractors | Should -Contain nu_chain_neutrino
    }

    It 'tells what a file of images holds' {
        $file = $images | Get-EventFile
        $file.Kind, $file.Fields.ToString(), $file.SampleShape.ToString() | Should -Be Images, 'pos_x, pos_y, pos_z, time, channel_id', '2, 2, 18, 100, 31'
        $file.Labels | Should -Contain particle_type
        $file.Extractors | Should -BeNullOrEmpty
    }

    It 'takes wildcards, literal paths and files from the pipeline' {
        (Get-EventFile *.h5).Kind | Should -Be Images, Events
        (Get-ChildItem *.h5 | Get-EventFile).Kind | Should -Be Images, Events
        Copy-Item run.h5 -Destination 'a[1].h5'
        (Get-EventFile -LiteralPath 'a[1].h5').EventCount | Should -Be 20
        (Get-Item -LiteralPath 'a[1].h5' | Get-EventFile).EventCount | Should -Be 20
        Remove-Item -LiteralPath 'a[1].h5'
    }

    It 'goes on after files that are none: <name>' -ForEach @(
        @{ name = 'empty.h5'; id = 'NotAnEventFile'; make = { $null = New-Item empty.h5 } }
        @{ name = 'text.h5'; id = 'NotAnEventFile'; make = { 'text' > text.h5 } }
        @{ name = 'half.h5'; id = 'CannotReadInput'; make = { [IO.File]::WriteAllBytes("$TestDrive/half.h5", [IO.File]::ReadAllBytes("$TestDrive/run.h5")[0..20000]) } }
        @{ name = 'nothing.h5'; id = 'InputNotFound'; make = { } }
    ) {
        & $make
        $found = Get-EventFile $name, run.h5 -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.EventCount | Should -Be 20
        @($failures).Count | Should -Be 1
        Get-Id $failures[0] | Should -Be $id
        Remove-Item $name -ErrorAction Ignore
    }

    It 'shows a list that fits <width> columns' -ForEach @(@{ width = 80 }, @{ width = 120 }, @{ width = 200 }) {
        $text = Get-EventFile run.h5, images.h5 | Out-String -Width $width
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        $text | Should -Match 'Events +: 20\r?\n'
        $text | Should -Match 'Sample +: pos_x \(2\), pos_y \(2\), pos_z \(18\)'
        $text | Should -Match 'Complete +: unknown'
    }

    It 'lists files in a table' {
        $text = Get-EventFile *.h5 | Format-Table | Out-String -Width 80
        $text | Should -Match 'run\.h5 +Events +20 '
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'tells about each table with -Detailed' {
        $details = Get-EventFile run.h5 -Detailed
        $details | Should -BeOfType OrcaSong.Inspection.EventFileDetails
        $hits = $details.Tables | Where-Object Path -EQ /hits
        $hits.Rows | Should -Be $run.Hits
        $hits.Columns.Name | Should -Contain dom_id
        $hits.Ratio | Should -BeGreaterThan 1
        $text = $details | Out-String -Width 80
        $text | Should -Match '/hits +[\d,]+ rows'
        $text | Should -Match 'nu_chain_neutrino +works'
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        ($details.Tables | Out-String -Width 80 -Stream | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'becomes JSON and CSV that make sense' {
        $back = Get-EventFile run.h5 | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json
        $back.Kind, $back.EventCount, $back.RunIds[0] | Should -Be Events, 20, 1
        ($back.ExtractorChecks | Where-Object Name -EQ bundle_mc).Problem | Should -BeLike '*number of an MC run*'
        $row = Get-EventFile images.h5 | ConvertTo-Csv | ConvertFrom-Csv
        $row.Fields, $row.SampleShape, $row.EventCount | Should -Be 'pos_x, pos_y, pos_z, time, channel_id', '2, 2, 18, 100, 31', '20'
    }
}
