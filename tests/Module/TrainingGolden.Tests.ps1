# The merges and shuffles of the Python tool, made through the module and compared value by value. Skipped where ../shared is absent.

BeforeDiscovery {
    $shared = Join-Path $PSScriptRoot '../../../shared'
    $python = '/usr/bin/python3'
    $cases = @()
    if ((Test-Path $shared) -and (Test-Path $python)) {
        $work = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "orcasong-training-$PID") -Force).FullName
        $null = & $python "$shared/tools/golden_cases.py" "$shared/golden/manifest.json" $work --only conc_ det_conc_ shuf det_shuf
        $cases = @(Get-Content "$work/cases.json" -Raw | ConvertFrom-Json -AsHashtable)
        foreach ($case in $cases) { $case.list = $case.absent = $null }
        foreach ($case in $cases.Where{ -not $_.args }) {
            # The list of the only case without a command line.
            Set-Content "$work/list.txt" "$shared/golden/extr_data_nc898/out.h5", '', "$shared/golden/extr_data_nc897/out.h5"
            $case.list, $case.out = "$work/list.txt", "$work/$($case.case)/out.h5"
        }

        foreach ($case in $cases.Where{ $_.args }) {
            $options = [array]::FindIndex([string[]]$case.args, [Predicate[string]] { $args[0].StartsWith('-') })
            $case.inputs = @($case.args[1..($options - 1)] | ForEach-Object { Join-Path $shared $_ })
            $case.absent = $case.inputs.Where{ -not (Test-Path $_) } | Select-Object -First 1
        }
    }
}

BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $python = '/usr/bin/python3'
    $Shared = (Resolve-Path $Shared -ErrorAction Ignore)?.Path

    function Get-Option($Case, [string] $Name) {
        $at = [array]::IndexOf($Case.args, $Name)
        if ($at -ge 0) { $Case.args[$at + 1] }
    }

    function Invoke-Case($Case, [hashtable] $With = @{}) {
        $null = New-Item -ItemType Directory (Split-Path $Case.out) -Force
        $common = @{ DestinationPath = $Case.out; Force = $true; WarningAction = 'SilentlyContinue' } + $With
        if ($Case.list) { return Merge-EventFile -ListFile $Case.list @common }
        if ($Case.args[0] -eq 'concatenate') {
            return Merge-EventFile -LiteralPath $Case.inputs -AllowDuplicate -NoUsedFile:('--no_used_files' -in $Case.args) -SkipInvalid:('--skip_errors' -in $Case.args) @common
        }

        if ($seed = Get-Option $Case --seed) { $common.Seed = $seed }
        if ($iterations = Get-Option $Case --iterations) { $common.Iteration = $iterations }
        if ($memory = Get-Option $Case --max_ram) { $common.MemoryLimit = $memory }
        Invoke-EventShuffle -LiteralPath $Case.inputs -Compatible:($Case.args[0] -eq 'h5shuffle2') @common
    }

    function Compare-Output($Made) {
        $compare = 'import h5py, json, runpy, sys; f = runpy.run_path(sys.argv[1])["compare"]; ' +
            'print(json.dumps({n: f(h5py.File(e), h5py.File(a), 0.0, False, {"/used_files"}) for n, e, a in json.load(sys.stdin)}))'
        $pairs = foreach ($name in $Made.Keys) { , @($name, $Made[$name].Expected, $Made[$name].Actual) }
        ConvertTo-Json @($pairs) -Depth 3 | & $python -c $compare "$Shared/tools/h5compare.py" | ConvertFrom-Json -AsHashtable
    }
}

AfterAll {
    Remove-Item (Join-Path ([IO.Path]::GetTempPath()) "orcasong-training-$PID") -Recurse -Force -ErrorAction Ignore
}

Describe 'The merges and shuffles of the Python tool' -Skip:($cases.Count -eq 0) -ForEach @{ agreeing = $cases.Where{ $_.golden -and -not $_.absent } } {
    BeforeAll {
        $made = @{}
        foreach ($case in $agreeing) {
            # Columns that only one of the files has are an error, unless they are to be left out, as the Python tool does.
            $with = $case.case -eq 'conc_processed' ? @{ Column = 'Common' } : @{}
            if (Invoke-Case $case $with) { $made[$case.case] = @{ Expected = Join-Path $Shared $case.golden; Actual = $case.out } }
        }

        $differences = Compare-Output $made
    }

    It '<case>' -ForEach $cases.Where{ $_.golden } {
        if ($absent) { Set-ItResult -Skipped -Because "the input $absent is not among the shared files" }
        $differences.Keys | Should -Contain $case -Because 'its output was made'
        # NROWS is right where the Python tool left that of the first file; the statistics of images are kept.
        $differences[$case].Where{ $_ -notlike '*: attribute NROWS is *' -and $_ -notlike '/bin_stats/*: not expected' } -join "`n" | Should -BeExactly ''
    }

    It '<case>, where the Python tool fails' -ForEach $cases.Where{ -not $_.golden } {
        if ($absent) { Set-ItResult -Skipped -Because "the input $absent is not among the shared files" }
        $failures, $result = @(Invoke-Case $_ 2>&1).Where({ $_ -is [System.Management.Automation.ErrorRecord] }, 'Split')
        if ($case -in 'conc_missing_dset', 'conc_extra_dset', 'conc_image_extra_event_info', 'conc_mixed_hitinfos', 'shuf2_image_lowram') {
            $result | Should -BeNullOrEmpty
            Get-Id $failures[0] | Should -BeIn InvalidFile, InvalidOptions
            $out | Should -Not -Exist
        }
        else {
            $failures | Should -BeNullOrEmpty
            $result.Events | Should -BeGreaterThan 0
            $out | Should -Exist
        }
    }
}
