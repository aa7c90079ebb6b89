BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $here = Join-Path (Get-Item TestDrive:/).FullName ''
    Push-Location TestDrive:/
    $run = New-SimulatedRun run.h5 -Event 60
    $detx = $run.DetectorFile
    function Get-Bytes($Result) { (Get-FileHash -LiteralPath $Result.Output).Hash }
}

AfterAll { Pop-Location }

Describe 'New-FileGraph' {
    It 'has the defaults of the Python tool' {
        $graph = New-FileGraph
        $graph | Should -BeOfType OrcaSong.Graphs.FileGraph
        $graph.HitFields, $graph.TimeWindow, $graph.MaxHits, $graph.Options.ChunkSize | Should -Be $null, $null, $null, $null
        $graph.OnlyTriggeredHits, $graph.FixedLength | Should -Be $false, $false
        $graph.Options | Should -Be ([OrcaSong.Running.ProcessingOptions]::Default)
    }

    It 'takes every option' {
        $graph = New-FileGraph -HitField time, pos_z -TimeWindow '-250', 1000.5 -OnlyTriggeredHits -MaxHits 50 -FixedLength -DetectorFile run.detx -ChunkSize 8 -Seed 7
        "$graph" | Should -BeExactly '<FileGraph: time, pos_z>'
        $graph.TimeWindow.Start, $graph.TimeWindow.End | Should -Be -250, 1000.5
        $graph.OnlyTriggeredHits, $graph.FixedLength, $graph.MaxHits | Should -Be $true, $true, 50
        $graph.Options.DetectorFile, $graph.Options.ChunkSize, $graph.Options.Seed | Should -Be $detx, 8, 7
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a time window the wrong way round'; arguments = @{ TimeWindow = 1000, -250 }; id = 'ParameterArgumentTransformationError'; message = '*wrong way round*' }
        @{ what = 'half a time window'; arguments = @{ TimeWindow = 1000 }; id = 'ParameterArgumentTransformationError'; message = '*-TimeWindow -250, 1000*' }
        @{ what = 'a time window in words'; arguments = @{ TimeWindow = 'a', 'b' }; id = 'ParameterArgumentTransformationError'; message = '*-TimeWindow -250, 1000*' }
        @{ what = 'fixed length without a maximum'; arguments = @{ FixedLength = $true }; id = 'InvalidOptions'; message = '*need a maximum*' }
        @{ what = 'no hits'; arguments = @{ MaxHits = 0 }; id = 'ParameterArgumentValidationError'; message = '*' }
        @{ what = 'a field twice'; arguments = @{ HitField = 'time', 'time' }; id = 'InvalidOptions'; message = '*time comes 2 times*' }
        @{ what = 'a detector file that does not exist'; arguments = @{ DetectorFile = 'no.detx' }; id = 'DetectorFileNotFound'; message = '*no.detx*' }
    ) {
        $failure = Get-Failure { New-FileGraph @arguments }
        Get-Id $failure | Should -BeExactly $id
        "$failure" | Should -BeLike $message
        Get-Id (Get-Failure { ConvertTo-Graph run.h5 refused/ @arguments }) | Should -BeExactly $id
        'refused' | Should -Not -Exist
    }
}

Describe 'ConvertTo-Graph' {
    BeforeAll {
        $graph = New-FileGraph -MaxHits 40 -DetectorFile $detx -Extractor nu_chain_data
        $expected = Get-Bytes ($graph | Invoke-Binning run.h5 expected.h5)
        $options = @{ MaxHits = 40; DetectorFile = 'run.detx'; Extractor = 'nu_chain_data' }
    }

    It 'makes the same of <what>' -ForEach @(
        @{ what = 'options'; make = { ConvertTo-Graph run.h5 made/ -Force @options } }
        @{ what = 'a graph object'; make = { ConvertTo-Graph run.h5 made/ -Force -FileGraph $graph } }
        @{ what = 'a path from the pipeline'; make = { 'run.h5' | ConvertTo-Graph -DestinationPath made/ -Force @options } }
        @{ what = 'a file from the pipeline'; make = { Get-ChildItem run.h5 | ConvertTo-Graph -DestinationPath made/ -Force @options } }
        @{ what = 'a wildcard'; make = { ConvertTo-Graph r*n.h5 made/ -Force @options } }
        @{ what = 'a literal path'; make = { ConvertTo-Graph -LiteralPath run.h5 -DestinationPath made/ -Force @options } }
        @{ what = 'a simulated run, whose detector file it takes'; make = { $run | ConvertTo-Graph -DestinationPath made/ -Force -MaxHits 40 -Extractor nu_chain_data } }
        @{ what = 'one thread'; make = { ConvertTo-Graph run.h5 made/ -Force -ThrottleLimit 1 @options } }
    ) {
        $result = & $make
        $result | Should -BeOfType OrcaSong.Running.RunResult
        $result.Output | Should -BeExactly "${here}made/run_dl.h5"
        Get-Bytes $result | Should -Be $expected
    }

    It 'runs several graphs, each with its suffix' {
        $results = ConvertTo-Graph run.h5 several/ -FileGraph $graph, (New-FileGraph -DetectorFile $detx) -Suffix _few, _all
        $results.Output | Sort-Object | Should -Be "${here}several/run_all.h5", "${here}several/run_few.h5"
    }

    It 'takes each file''s own detector file from the pipeline' {
        $null = New-SimulatedRun other.h5 -Event 10 -Seed 3 -DetectionUnitCount 2
        $rows = [pscustomobject]@{ Path = 'run.h5'; DetectorFile = 'run.detx' }, [pscustomobject]@{ Path = 'other.h5'; DetectorFile = 'other.detx' }
        ($rows | ConvertTo-Graph -DestinationPath own/).EventsWritten | Sort-Object | Should -Be 10, 60
    }

    It 'refuses a graph object and options at once' {
        $failure = Get-Failure { ConvertTo-Graph run.h5 -FileGraph $graph -MaxHits 3 }
        Get-Id $failure | Should -BeExactly FileGraphAndOptions
        "$failure" | Should -BeLike '*-MaxHits*'
    }

    It 'writes nothing with -WhatIf' {
        ConvertTo-Graph run.h5 whatif/ -WhatIf | Should -BeNullOrEmpty
        'whatif' | Should -Not -Exist
    }

    It 'names the fields that there are, where one does not exist; other files go on' {
        Set-Content junk.h5 'no HDF5'
        $results = Get-Item run.h5, junk.h5 | ConvertTo-Graph -DestinationPath bad/ -ErrorVariable failures -ErrorAction SilentlyContinue
        $results.EventsWritten | Should -Be 60
        Get-Id $failures[0] | Should -BeExactly NotAnEventFile
        "$(Get-Failure { ConvertTo-Graph run.h5 bad2/ -HitField tme })" | Should -BeLike "*tme*channel_id*time*"
    }

    It 'has the options of New-FileGraph in its syntax' {
        $syntax = Get-Command ConvertTo-Graph -Syntax
        $own = (Get-Command New-FileGraph).Parameters.Keys.Where{ $_ -notin [System.Management.Automation.PSCmdlet]::CommonParameters }
        $own | Should -Contain MaxHits
        foreach ($parameter in $own) { $syntax | Should -BeLike "*-$parameter*" }
    }
}

Describe 'Invoke-Binning' {
    It 'makes graphs, too, of what comes down the pipeline' {
        $results = (New-FileGraph -DetectorFile $detx), (New-FileBinner ztc_2017 -DetectorFile $detx) | Invoke-Binning run.h5 both/ -Suffix _graph, _image
        $results.Output | Sort-Object | Should -Be "${here}both/run_graph.h5", "${here}both/run_image.h5"
        (Invoke-Binning run.h5 named/ -FileGraph (New-FileGraph -DetectorFile $detx)).EventsWritten | Should -Be 60
    }
}
