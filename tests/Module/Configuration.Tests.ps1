BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    Push-Location TestDrive:/
    $here = Join-Path (Get-Item TestDrive:/).FullName ''
    $run = New-SimulatedRun run.h5 -Event 20
}

AfterAll { Pop-Location }

Describe 'Import-OrcaSongConfig' {
    It 'gives what a file describes, ready for the pipeline' {
        Set-Content graph.toml "mode = `"graph`"`nmax_n_hits = 30`nextractor = `"nu_chain_data`"`ndet_file = `"run.detx`""
        $graph = Import-OrcaSongConfig graph.toml
        $graph | Should -BeOfType OrcaSong.Graphs.FileGraph
        $graph.MaxHits, $graph.Options.DetectorFile | Should -Be 30, "${here}run.detx"
        ($graph | Invoke-Binning run.h5 out/).EventsWritten | Should -Be 20
        Set-Content image.toml "mode = `"image`"`nbin_edges_list = `"ztc_2017`""
        (Get-Item image.toml | Import-OrcaSongConfig -DetectorFile run.detx | Invoke-Binning run.h5 images/).EventsWritten | Should -Be 20
        Import-OrcaSongConfig *.toml | ForEach-Object { $_.GetType().Name } | Sort-Object | Should -Be FileBinner, FileGraph
    }

    It 'has the configuration <name>' -ForEach @(
        @{ name = 'nu_chain_neutrino_ORCA6'; extractor = 'nu_chain_neutrino'; corrects = $true; window = '' }
        @{ name = 'nu_chain_muon_ORCA6'; extractor = 'nu_chain_muon'; corrects = $true; window = '' }
        @{ name = 'nu_chain_data_ORCA6'; extractor = 'nu_chain_data'; corrects = $false; window = '' }
        @{ name = 'bundle_ORCA4_mupage_v5-40'; extractor = 'bundle_mc'; corrects = $true; window = '[-250, 1000] ns' }
        @{ name = 'bundle_ORCA4_data_v5-40'; extractor = 'bundle_data'; corrects = $false; window = '[-250, 1000] ns' }
        @{ name = 'bundle_ORCA4_corsika_sibyll_2-3c'; extractor = 'bundle_mc'; corrects = $true; window = '[-250, 1000] ns' }
    ) {
        $graph = Import-OrcaSongConfig "orcasong:$name.toml" -DetectorFile run.detx
        $graph | Should -BeOfType OrcaSong.Graphs.FileGraph
        "$($graph.Options.Extractor.Name)", $graph.Options.CorrectMcTime | Should -Be $extractor, $corrects
        "$($graph.TimeWindow)" | Should -BeExactly $window
    }

    It 'finds all that come with the module' {
        Import-OrcaSongConfig orcasong:* -DetectorFile run.detx | Should -HaveCount 6
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a file that does not exist'; path = 'no.toml'; text = $null; id = 'InputNotFound'; message = '*configuration*no.toml*does not exist*' }
        @{ what = 'a name that does not exist'; path = 'orcasong:no.toml'; text = $null; id = 'ConfigurationNotFound'; message = '*nu_chain_data_ORCA6*' }
        @{ what = 'an unknown key'; path = 'key.toml'; text = "mode = `"graph`"`nmax_hits = 3"; id = 'InvalidConfiguration'; message = "*key.toml(2,1)*did you mean 'max_n_hits'*" }
        @{ what = 'what is not TOML'; path = 'bad.toml'; text = 'mode ='; id = 'InvalidConfiguration'; message = '*bad.toml(1*' }
        @{ what = 'what is outside the file system'; path = 'Env:/HOME'; text = $null; id = 'InvalidPath'; message = '*Environment*' }
    ) {
        if ($text) { Set-Content $path $text }
        $failure = Get-Failure { Import-OrcaSongConfig $path }
        Get-Id $failure | Should -BeExactly $id
        "$failure" | Should -BeLike $message
    }
}

Describe 'Export-OrcaSongConfig' {
    It 'writes what Import-OrcaSongConfig reads: <what>' -ForEach @(
        @{ what = 'a graph'; make = { New-FileGraph -HitField time, tot -TimeWindow -250, 1000 -OnlyTriggeredHits -MaxHits 7 -FixedLength -ChunkSize 9 -Seed 3 } }
        @{ what = 'a standard graph'; make = { New-FileGraph } }
        @{ what = 'an image'; make = { New-FileBinner ztc_2017 -HitWeight tot -Overflow Wrap -NoBinStatistics -ChunkSize Auto } }
        @{ what = 'an image with axes of its own'; make = { New-FileBinner ([ordered]@{ pos_z = 0, 1, 2; time = 0, 1, 2.5 }) } }
        @{ what = 'all options'; make = {
                New-FileGraph -DetectorFile run.detx -NoMcTimeCorrection -NoTimeCentering -NoMcHitCalibration -AddT0 -NoTimeSlewingCorrection -CenterHitsTo 0, 1.5, $null -KeepEventInfo -NoRawHeader -CompressionLevel 3 -LabelType Native -NoLabelSorting
            }
        }
        @{ what = 'an extractor with options'; make = { New-FileGraph -Extractor bundle_mc -ExtractorOption @{ inactive_du = 1; missing_value = -1.5; plane_point = 1, 2, 3; min_n_mchits_list = 2, 3 } } }
    ) {
        $object = & $make
        $object | Export-OrcaSongConfig written.toml -Force | Should -BeNullOrEmpty
        $read = Import-OrcaSongConfig written.toml
        $read.Equals($object) | Should -BeTrue
    }

    It 'replaces a file only with -Force, and writes nothing with -WhatIf' {
        $graph = New-FileGraph -MaxHits 5
        $graph | Export-OrcaSongConfig whatif.toml -WhatIf
        'whatif.toml' | Should -Not -Exist
        $graph | Export-OrcaSongConfig there.toml
        $failure = Get-Failure { New-FileGraph | Export-OrcaSongConfig there.toml }
        Get-Id $failure | Should -BeExactly OutputExists
        (Import-OrcaSongConfig there.toml).MaxHits | Should -Be 5
        New-FileGraph -MaxHits 6 | Export-OrcaSongConfig there.toml -Force
        (Import-OrcaSongConfig there.toml).MaxHits | Should -Be 6
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'an extractor of your own'; make = { New-FileGraph -Extractor { @{ a = 1 } } }; id = 'InvalidOptions'; message = '*script block*' }
        @{ what = 'an event skipper'; make = { New-FileGraph -EventSkipper { $false } }; id = 'InvalidOptions'; message = '*event skipper*' }
        @{ what = 'two objects for one file'; make = { New-FileGraph; New-FileGraph }; id = 'SeveralInputsOneOutput'; message = '*file of its own*' }
    ) {
        $failure = Get-Failure { & $make | Export-OrcaSongConfig refused.toml -Force }
        Get-Id $failure | Should -BeExactly $id
        "$failure" | Should -BeLike $message
    }

    It 'refuses a folder that does not exist' {
        Get-Id (Get-Failure { New-FileGraph | Export-OrcaSongConfig no/such.toml }) | Should -BeExactly OutputFolderNotFound
    }
}
