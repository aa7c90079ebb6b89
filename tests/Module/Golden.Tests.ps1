# The images and graphs of the Python tool, made through the module and compared value by value. Skipped where ../shared is absent.

BeforeDiscovery {
    $shared = Join-Path $PSScriptRoot '../../../shared'
    $prefixes = 'image_', 'edge_image_', 'det_image_', 'graph_', 'extr_', 'cli_', 'td_', 'edge_graph_', 'edge_bundle_', 'det_graph_', 'det_cli_'
    $python = '/usr/bin/python3'
    $cases = @()
    if ((Test-Path $shared) -and (Test-Path $python)) {
        $work = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "orcasong-golden-$PID") -Force).FullName
        $null = & $python "$shared/tools/golden_cases.py" "$shared/golden/manifest.json" $work --only $prefixes
        $cases = @(Get-Content "$work/cases.json" -Raw | ConvertFrom-Json -AsHashtable | Where-Object { $_.args })
    }
}

BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $python = '/usr/bin/python3'
    $Shared = (Resolve-Path $Shared -ErrorAction Ignore)?.Path

    function ConvertTo-Parameter([string] $Configuration) {
        # The configurations have one 'key = value' a line, and values that are JSON too, but for nan.
        $toml = @{}
        $options = @{}
        $section = $toml
        foreach ($line in (Get-Content $Configuration)) {
            if ($line -eq '[extractor_config]') { $section = $options }
            if ($line -match '^(\w+) = (.+)$') { $section[$Matches[1]] = $Matches[2] -eq 'nan' ? [double]::NaN : (ConvertFrom-Json $Matches[2] -NoEnumerate) }
        }

        $given = @{ }
        foreach ($key in $toml.Keys) {
            $value = $toml[$key]
            switch ($key) {
                'mode' { }
                'bin_edges_list' { $given.Axis = $value -is [string] ? $value : @($value | ForEach-Object { New-BinAxis -Field $_[0] -Edge $_[1] }) }
                'add_bin_stats' { $given.NoBinStatistics = -not $value }
                'hit_weights' { $given.HitWeight = $value }
                'hit_infos' { $given.HitField = $value }
                'time_window' { $given.TimeWindow = $value }
                'only_triggered_hits' { $given.OnlyTriggeredHits = $value }
                'max_n_hits' { $given.MaxHits = $value }
                'fixed_length' { $given.FixedLength = $value }
                'chunksize' { $given.ChunkSize = $value }
                'correct_mc_time' { $given.NoMcTimeCorrection = -not $value }
                'center_time' { $given.NoTimeCentering = -not $value }
                'calib_hits' { $given.NoHitCalibration = -not $value }
                'calib_mchits' { $given.NoMcHitCalibration = -not $value }
                'add_t0' { $given.AddT0 = $value }
                'correct_timeslew' { $given.NoTimeSlewingCorrection = -not $value }
                'center_hits_to' { if ($value -isnot [string]) { $given.CenterHitsTo = $value.ForEach{ $_ -is [string] ? $null : $_ } } }
                'keep_event_info' { $given.KeepEventInfo = $value }
                'sort_y' { $given.NoLabelSorting = -not $value }
                'y_to_float64' { $given.LabelType = $value ? 'Float64' : 'Native' }
                'overflow' { $given.Overflow = $value }
                'raw_header' { $given.NoRawHeader = -not $value }
                'extractor' { $given.Extractor = $value }
                default { throw "The test does not know the option $key." }
            }
        }

        if ($options.Count) { $given.ExtractorOption = $options }
        $given
    }

    # The event skippers of the cases, which configurations cannot describe.
    $skippers = @{
        image_skip_even_taucc = { $_.EventInfo.event_id[0] % 2 -eq 0 }
        graph_skip_taucc = { param($e) $e.EventInfo.event_id[0] % 3 -eq 0 }
        graph_skipall_taucc = { $true }
    }

    function New-Processor($Case) {
        $configuration = $Case.args[2]
        $detx = [array]::IndexOf($Case.args, '--detx')
        $detector = $detx -ge 0 ? @{ DetectorFile = Join-Path $Shared $Case.args[$detx + 1] } : @{}
        if ($configuration -like 'orcasong:*') { return Import-OrcaSongConfig $configuration @detector }
        $parameters = ConvertTo-Parameter $configuration
        if ($skippers.ContainsKey($Case.case)) { $parameters.EventSkipper = $skippers[$Case.case] }
        $parameters.ContainsKey('Axis') ? (New-FileBinner @parameters @detector) : (New-FileGraph @parameters @detector)
    }

    function Invoke-Case($Case) {
        New-Processor $Case | Invoke-Binning (Join-Path $Shared $Case.args[1]) $Case.out -Force -WarningAction SilentlyContinue
    }

    function Compare-Output($Made) {
        # One Python process compares all files, which starts only once this way.
        $compare = 'import h5py, json, runpy, sys; f = runpy.run_path(sys.argv[1])["compare"]; ' +
            'print(json.dumps({n: f(h5py.File(e), h5py.File(a), 0.0, False, set(i)) for n, e, a, i in json.load(sys.stdin)}))'
        $pairs = foreach ($name in $Made.Keys) { , @($name, $Made[$name].Expected, $Made[$name].Actual, $Made[$name].Ignore) }
        ConvertTo-Json @($pairs) -Depth 3 | & $python -c $compare "$Shared/tools/h5compare.py" | ConvertFrom-Json -AsHashtable
    }
}

AfterAll {
    Remove-Item (Join-Path ([IO.Path]::GetTempPath()) "orcasong-golden-$PID") -Recurse -Force -ErrorAction Ignore
}

Describe 'The images and graphs of the Python tool' -Skip:($cases.Count -eq 0) -ForEach @{ agreeing = $cases.Where{ $_.golden } } {
    BeforeAll {
        $made = @{}
        foreach ($case in $agreeing) {
            if (Invoke-Case $case) {
                $made[$case.case] = @{ Expected = Join-Path $Shared $case.golden; Actual = $case.out; Ignore = @($case.ignore) }
            }
        }

        $differences = Compare-Output $made
    }

    It '<case>' -ForEach $cases.Where{ $_.golden } {
        $differences.Keys | Should -Contain $case -Because 'its output was made'
        # Where the Python tool loses the labels, with their native types, they are there.
        $expected = $case -eq 'extr_neutrino_native_nc897' ? '*/y*' : ''
        $differences[$case] -join "`n" | Should -BeLike $expected
    }

    It '<case>, where the Python tool fails' -ForEach $cases.Where{ -not $_.golden } {
        # Either the events that can be used are there, or there is one error that says what the input lacks.
        $failures, $result = @(Invoke-Case $_ 2>&1).Where({ $_ -is [System.Management.Automation.ErrorRecord] }, 'Split')
        if ($result) {
            $result.EventsWritten + ($result.SkippedBy.Values | Measure-Object -Sum).Sum | Should -Be $result.EventsRead
            $out | Should -Exist
        }
        else {
            $failures | Should -HaveCount 1
            Get-Id $failures[0] | Should -BeIn NotAnEventFile, FormatTooOld, MissingData, WrongDetector, InvalidEventData, InvalidConfiguration
            $out | Should -Not -Exist
        }
    }
}

Describe 'A large real file' -Skip:(-not (Test-Path "$PSScriptRoot/../../../shared/data/bench")) {
    It 'is binned, every event of it' {
        $result = New-FileBinner ztc_2017 -DetectorFile "$Shared/data/KM3NeT_00000049_20200707.detx" |
            Invoke-Binning "$Shared/data/bench/orca_5k.h5" TestDrive:/
        $result.EventsRead, $result.EventsWritten | Should -Be 5000, 5000
    }
}
