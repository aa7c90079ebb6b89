BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $run = New-SimulatedRun "TestDrive:/a_rather_long_name_of_a_file_such_as_mcv6.0.gsg_anti-muon-NC_1-500GeV.jorcarec.jsh.aanet.897.h5" -Event 50
    $binner = New-FileBinner four_line_high -DetectorFile $run.DetectorFile -Extractor nu_chain_data
    $result = $binner | Invoke-Binning $run.Path -DestinationPath TestDrive:/
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    $null = New-SimulatedRun TestDrive:/event.h5 -Event 1
    $event1 = Get-OrcaEvent TestDrive:/event.h5
    $graph = New-FileGraph -HitField pos_z, time -TimeWindow -250, 1000 -MaxHits 2000 -Extractor nu_chain_neutrino -DetectorFile $run.DetectorFile
    $shown = @{
        graph = $graph
        allHits = New-FileGraph
        extractors = Get-Extractor
        event = $event1
        table = $event1.BestJmuon
        axis = New-BinAxis time -50 550 100
        uneven = New-BinAxis pos_z -Edge 0, 1, 5
        presets = Get-BinAxis
        binner = $binner
        result = $result
        simulated = $run
    }
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'Views' {
    It 'fit 80 columns: <what> <how>' -ForEach @(
        foreach ($what in 'axis', 'uneven', 'presets', 'binner', 'graph', 'allHits', 'extractors', 'event', 'result', 'simulated') {
            @{ what = $what; how = 'by default'; format = { $args[0] } }
            @{ what = $what; how = 'as a table'; format = { $args[0] | Format-Table } }
            @{ what = $what; how = 'as a list'; format = { $args[0] | Format-List } }
        }
        @{ what = 'table'; how = 'by default'; format = { $args[0] } }
        @{ what = 'table'; how = 'as a list'; format = { $args[0] | Format-List } }
    ) {
        $text = & $format $shown[$what] | Out-String -Width 80
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $text.Trim() | Should -Not -BeNullOrEmpty
    }

    It 'show the axes and the shape of a binner' {
        ($binner | Out-String -Width 80).Trim() -split '\r?\n' | Should -Be @(
            '<FileBinner: pos_x, pos_y, pos_z, time, channel_id (2, 2, 18, 300, 31)>'
            '  pos_x         2 bins  -32 to 28 m'
            '  pos_y         2 bins  -26.3 to 33.7 m'
            '  pos_z        18 bins  24 to 198 m'
            '  time        300 bins  -100 to 900 ns'
            '  channel_id   31 bins  -0.5 to 30.5')
        $binner | Format-List | Out-String -Width 80 | Should -Match 'Extractor +: nu_chain_data'
    }

    It 'show the preset of an axis' {
        Get-BinAxis four* | Out-String -Width 80 | Should -BeLike '*Preset: four_line_low*pos_x*-32 to 28 m*30 m*Preset: four_line_high*'
    }

    It 'show numbers of events and hits, with thousands apart' {
        $text = $result | Out-String -Width 80
        $text | Should -Match 'a_rather_long.*897.h5 ' -Because 'runs differ at the ends of their names'
        $text | Should -Match 'Input +Read +Written +Skipped +Hits +Events/s'
        $text | Should -Match " 50 +50 +0 +$($result.Hits.ToString('N0', [cultureinfo]::InvariantCulture)) "
        $result | Format-List | Out-String -Width 80 | Should -Match 'Elapsed +: \d\.\d\d s'
    }

    It 'say durations as people do: <text>' -ForEach @(
        @{ seconds = 0.523; text = '0.52 s' }
        @{ seconds = 12.34; text = '12.3 s' }
        @{ seconds = 192; text = '3 min 12 s' }
        @{ seconds = 7500; text = '2 h 05 min' }
    ) {
        [OrcaSong.PowerShell.Views.Shown]::Duration([timespan]::FromSeconds($seconds)) | Should -BeExactly $text
    }

    It 'show a graph' {
        $graph | Out-String -Width 80 | Should -Match 'pos_z, time +\[-250, 1000\] ns +2000 +nu_chain_neutrino +a_rather.+detx'
        $graph | Format-List | Out-String -Width 80 | Should -Match 'Extractor +: nu_chain_neutrino(.|\n)*EventSkipper +: none'
    }

    It 'show the tables of an event, and the values of a table' {
        $text = $event1 | Out-String -Width 80
        $text | Should -BeLike "*event 0 of event.h5*/hits *$($event1.Hits.Count) rows*channel_id*/reco/best_jmuon * 1 row *"
        $first = $event1.McTracks.energy[0].ToString('G7', [cultureinfo]::InvariantCulture)
        $event1.McTracks | Out-String -Width 80 | Should -BeLike "*/mc_tracks: $($event1.McTracks.Count) rows*energy *$first*"
    }

    It 'show what an extractor is for, needs, writes and has for options' {
        Get-Extractor | Out-String -Width 80 | Should -BeLike '*nu_chain_neutrino *Simulated neutrinos (gSeaGen)*prod_identifier*bundle_data*'
        Get-Extractor bundle_mc | Format-List | Out-String -Width 80 | Should -BeLike '*Needs *:*/mc_tracks*Writes *:*mc_index*Options *: inactive_du = (none)*missing_value = nan*'
    }

    It 'are there for every type that cmdlets give, as a table and as a list' {
        $types = (Get-Command -Module OrcaSong).OutputType.Type | Where-Object { $_.Namespace -like 'OrcaSong*' } | Sort-Object FullName -Unique
        [xml]$format = Get-Content (Join-Path (Split-Path $Manifest) module OrcaSong.Format.ps1xml) -Raw
        foreach ($type in $types) {
            $views = $format.Configuration.ViewDefinitions.View.Where{ $_.ViewSelectedBy.TypeName -contains $type.FullName }
            foreach ($kind in 'TableControl', 'ListControl') {
                $views.Where{ $_[$kind] } | Should -HaveCount 1 -Because "$($type.Name) needs one view that is a $kind"
            }
        }
    }

    It 'have tables that fit 80 columns: <name>' -ForEach @(
        [xml]$format = Get-Content "$PSScriptRoot/../../module/OrcaSong.Format.ps1xml" -Raw
        foreach ($view in $format.Configuration.ViewDefinitions.View.Where{ $_['TableControl'] }) { @{ name = $view.Name; view = $view } }
    ) {
        $columns = @($view.TableControl.TableHeaders.TableColumnHeader)
        $width = ($columns | ForEach-Object { $_['Width'] ? [int]$_.Width : 10 } | Measure-Object -Sum).Sum + $columns.Count - 1
        $width | Should -BeLessOrEqual 80
        foreach ($column in $columns.Where{ $_['Width'] }) { $column.Label.Length | Should -BeLessOrEqual ([int]$column.Width) }
    }

    It 'have no colours or other escapes of their own' {
        Get-Content (Join-Path (Split-Path $Manifest) module OrcaSong.Format.ps1xml) -Raw | Should -Not -Match '\x1b|PSStyle|`e'
    }
}
