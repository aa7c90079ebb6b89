# The images of the Python tool, made through the module and compared value by value. Skipped where ../shared is absent.

BeforeDiscovery {
    $shared = Join-Path $PSScriptRoot '../../../shared'
    $prefixes = 'image_', 'edge_image_', 'det_image_'
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

    function ConvertTo-BinnerParameter([string] $Configuration) {
        # The configurations have one 'key = value' a line, and values that are JSON too.
        $toml = @{}
        foreach ($line in (Get-Content $Configuration)) {
            if ($line.StartsWith('[')) { break }
            if ($line -match '^(\w+) = (.+)$') { $toml[$Matches[1]] = ConvertFrom-Json $Matches[2] -NoEnumerate }
        }

        $given = @{ }
        foreach ($key in $toml.Keys) {
            $value = $toml[$key]
            switch ($key) {
                'mode' { }
                'bin_edges_list' { $given.Axis = $value -is [string] ? $value : @($value | ForEach-Object { New-BinAxis -Field $_[0] -Edge $_[1] }) }
                'add_bin_stats' { $given.NoBinStatistics = -not $value }
                'hit_weights' { $given.HitWeight = $value }
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
                'extractor' { if ($value -in [OrcaSong.Labels.LabelExtractors]::Names) { $given.Extractor = $value } }
                default { throw "The test does not know the option $key." }
            }
        }

        $given
    }

    function Invoke-Case($Case) {
        # Returns the result, and the datasets that cannot agree because the case needs an extractor that there is not.
        $null, $inputPath, $configuration, $rest = $Case.args
        $parameters = ConvertTo-BinnerParameter $configuration
        $detx = [array]::IndexOf($Case.args, '--detx')
        if ($detx -ge 0) { $parameters.DetectorFile = Join-Path $Shared $Case.args[$detx + 1] }
        $lacks = (Select-String -Path $configuration -Pattern '^extractor = ' -Quiet) -and -not $parameters.ContainsKey('Extractor')
        $result = New-FileBinner @parameters | Invoke-Binning (Join-Path $Shared $inputPath) $Case.out -Force -WarningAction SilentlyContinue
        @{ Result = $result; Ignore = @($Case.ignore) + @($lacks ? ('/y', '/group_info') : @()) }
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

Describe 'The images of the Python tool' -Skip:($cases.Count -eq 0) -ForEach @{ agreeing = $cases.Where{ $_.golden -and -not $_.needs } } {
    BeforeAll {
        $made = @{}
        foreach ($case in $agreeing) {
            $output = Invoke-Case $case
            if ($output.Result) {
                $made[$case.case] = @{ Expected = Join-Path $Shared $case.golden; Actual = $case.out; Ignore = $output.Ignore }
            }
        }

        $differences = Compare-Output $made
    }

    It '<case>' -ForEach $cases.Where{ $_.golden } {
        if ($needs) { Set-ItResult -Skipped -Because "there is no $needs yet"; return }
        $differences.Keys | Should -Contain $case -Because 'its output was made'
        $differences[$case] -join "`n" | Should -BeNullOrEmpty
    }

    It '<case>, where the Python tool fails' -ForEach $cases.Where{ -not $_.golden } {
        $failed = $_
        switch -Wildcard ($case) {
            '*nogroupinfo' { Get-Id (Get-Failure { Invoke-Case $failed }) | Should -BeExactly NotAnEventFile }
            '*oldversion' { Get-Id (Get-Failure { Invoke-Case $failed }) | Should -BeExactly FormatTooOld }
            default {
                $result = (Invoke-Case $failed).Result
                $result.EventsWritten | Should -BeGreaterThan 0
                $result.EventsWritten + ($result.SkippedBy.Values | Measure-Object -Sum).Sum | Should -Be $result.EventsRead
            }
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
