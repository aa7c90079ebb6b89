BeforeDiscovery {
    # Pages whose pieces of code run one after the other, in a folder with simulated files or in an empty one. The TOML of a page is kept under a name.
    $pages = @(
        @{ Page = 'README.md'; Files = $false; Configuration = '' }
        @{ Page = 'docs/getting-started.md'; Files = $false; Configuration = '' }
        @{ Page = 'docs/binning.md'; Files = $true; Configuration = 'images.toml' }
        @{ Page = 'docs/graphs.md'; Files = $true; Configuration = 'hits.toml' }
        @{ Page = 'docs/calibration.md'; Files = $true; Configuration = '' }
        @{ Page = 'docs/from-python.md'; Files = $true; Configuration = '' }
    )

    $texts = Get-Item "$PSScriptRoot/../../*.md", "$PSScriptRoot/../../docs/*.md", "$PSScriptRoot/../../docs/cmdlets/*.md" | ForEach-Object {
        @{ Name = $_.Name; Folder = $_.DirectoryName; Text = Get-Content $_ -Raw }
    }

    # The PowerShell code of the page about labels, piece by piece, as it stands there.
    $page = Get-Content (Join-Path $PSScriptRoot '../../docs/labels.md') -Raw
    $pieces = [regex]::Matches($page, '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }

    $splits = Get-Content (Join-Path $PSScriptRoot '../../docs/data-splits.md') -Raw
    $splitPieces = [regex]::Matches($splits, '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }

    $sets = Get-Content (Join-Path $PSScriptRoot '../../docs/training-sets.md') -Raw
    $setPieces = [regex]::Matches($sets, '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }

    $trust = Get-Content (Join-Path $PSScriptRoot '../../docs/reliability.md') -Raw
    $trustPieces = [regex]::Matches($trust, '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }
    $configuration = [regex]::Match($splits, '(?ms)^```toml\r?\n(.*?)^```').Groups[1].Value
}

BeforeAll {
    . $PSScriptRoot/Module.ps1
    Push-Location $TestDrive
    $null = New-SimulatedRun events.h5 -Event 40

    # What a piece prints; a command of another program that fails is an error.
    function Invoke-Piece([string] $Language, [string] $Code) {
        $script = New-Item (Join-Path $TestDrive "$(New-Guid)") -Value $Code
        if ($Language -eq 'bash') { bash -e $script 2>&1 }
        else { /usr/bin/python3 $script 2>&1 }
        if ($LASTEXITCODE -ne 0) { throw "It ended with exit code $LASTEXITCODE." }
    }

    # Runs the pieces for the shell of a page whose other pieces run one by one.
    function Test-ShellPiece([string] $Page) {
        if (-not $hasBash) { Set-ItResult -Skipped -Because 'bash is absent'; return }
        $pieces = [regex]::Matches((Get-Content (Join-Path $root docs $Page) -Raw), '(?ms)^```bash\r?\n(.*?)^```')
        $pieces.Count | Should -BeGreaterOrEqual 1
        foreach ($piece in $pieces) { { Invoke-Piece bash $piece.Groups[1].Value } | Should -Not -Throw -Because $piece.Value }
    }

    $root = Split-Path (Split-Path $PSScriptRoot)
    $hasBash = [bool](Get-Command bash -ErrorAction Ignore)
    $hasH5py = (Test-Path /usr/bin/python3) -and $(/usr/bin/python3 -c 'import h5py' 2>&1; $LASTEXITCODE -eq 0)
    $hasGnuplot = [bool](Get-Command gnuplot -CommandType Application -ErrorAction Ignore)
    $path = $env:PATH
    $env:PATH = (Join-Path $root out bin) + [IO.Path]::PathSeparator + $path
}

AfterAll {
    $env:PATH = $path
    Pop-Location
}

Describe 'The page <Page>' -ForEach $pages {
    BeforeAll {
        Push-Location (New-Item (Join-Path $TestDrive pages (Split-Path $Page -LeafBase)) -ItemType Directory -Force)
        if ($Files) {
            $null = New-Item runs -ItemType Directory
            $null = New-SimulatedRun events.h5 -Event 40
            1..2 | ForEach-Object { $null = New-SimulatedRun "runs/$_.h5" -Event 20 -HitsPerEvent 20 -RunId $_ }
        }
    }

    AfterAll { Pop-Location }

    It 'runs as it stands, piece after piece' {
        $text = Get-Content (Join-Path $root $Page) -Raw
        if ($Configuration) { Set-Content $Configuration ([regex]::Match($text, '(?ms)^```toml\r?\n(.*?)^```').Groups[1].Value) }
        $pieces = [regex]::Matches($text, '(?ms)^```(powershell|bash|python)\r?\n(.*?)^```')
        $pieces.Count | Should -BeGreaterThan 1
        $ErrorActionPreference = 'Stop'
        foreach ($piece in $pieces) {
            $language, $code = $piece.Groups[1].Value, $piece.Groups[2].Value
            if ($language -eq 'powershell') {
                $runnable = $hasGnuplot ? $code : ($code -replace '(?m)^.*-SaveAs.*$')
                . ([scriptblock]::Create($runnable)) | Out-String | Should -Not -Match 'Exception' -Because $code
            }
            elseif (($language -eq 'bash') ? $hasBash : $hasH5py) {
                { Invoke-Piece $language $code } | Should -Not -Throw -Because $code
            }
        }
    }
}

Describe 'The page about moving from the Python tool' {
    It 'has every key of configurations, and every parameter of what they describe' {
        $text = Get-Content (Join-Path $root docs/from-python.md) -Raw
        $outputs = (New-FileBinner ztc_2017 -DetectorFile events.detx -HitWeight tot -CenterHitsTo 0, 0, $null),
            (New-FileGraph -TimeWindow 0, 1 -HitField time -MaxHits 1 -Extractor nu_chain_data) | ForEach-Object {
            (Invoke-Binning events.h5 -FileBinner $_ -DestinationPath "keys$(New-Guid).h5" -WarningAction Ignore -ErrorAction Stop).Output
        }
        $keys = (Get-EventFile $outputs).Provenance | ForEach-Object { [regex]::Matches(($_ | ConvertFrom-Json).configuration, '(?m)^(\w+) =').ForEach{ $_.Groups[1].Value } }
        $keys.Count | Should -BeGreaterThan 30
        $keys | Where-Object { $text -notmatch "\b$_\b" } | Should -BeNullOrEmpty
        $parameters = (Get-Command New-FileBinner, New-FileGraph).Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters }
        $parameters | Where-Object { $text -notmatch "-$_\b" } | Should -BeNullOrEmpty
    }
}

Describe 'Links' {
    It 'of <Name> lead to files that are there' -ForEach $texts {
        $links = [regex]::Matches($Text, '\]\(([^)#:\s]+)(#[^)]*)?\)').ForEach{ $_.Groups[1].Value }
        $links | Where-Object { -not (Test-Path (Join-Path $Folder $_)) } | Should -BeNullOrEmpty
    }
}

Describe 'The page about labels' {
    It 'has code for labels, a skipper and a compiled extractor' { @($pieces).Count | Should -BeGreaterOrEqual 3 } -TestCases @{ pieces = $pieces }

    It 'runs as it stands: <Code>' -ForEach $pieces {
        . ([scriptblock]::Create($Code))
        $result = $binner | Invoke-Binning events.h5 -DestinationPath out.h5 -Force -ErrorAction Stop
        $result.EventsRead | Should -Be 40
        if ($Code -match 'EventSkipper') { $result.EventsWritten | Should -Be 20 } else { $result.EventsWritten | Should -Be 40 }
    }
}

Describe 'The page about data splits' -ForEach @{ Configuration = $configuration; Count = $splitPieces.Count } {
    BeforeAll {
        Push-Location (New-Item (Join-Path $TestDrive splits) -ItemType Directory)
        $null = New-Item muon, neutrino, raw -ItemType Directory
        foreach ($run in 100..110) {
            foreach ($group in 'muon', 'neutrino') {
                $raw = New-SimulatedRun "raw/$group$run.h5" -Event 20 -RunId $run -HitsPerEvent 20
                $null = ConvertTo-Graph $raw.Path -Extractor nu_chain_data -DestinationPath $group -Suffix ''
            }
        }

        Set-Content split.toml $Configuration
    }

    AfterAll { Pop-Location }

    It 'has code for each kind of split' { $Count | Should -BeGreaterOrEqual 6 }

    It 'runs as it stands: <Code>' -ForEach $splitPieces {
        $split = $events = $null
        if ($Code -match '(?m)^bash' -and -not (Get-Command bash -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'bash is absent'; return }
        $PSNativeCommandUseErrorActionPreference = $true
        $ErrorActionPreference = 'Stop'
        . ([scriptblock]::Create($Code)) | Out-String | Should -Not -Match 'Exception'
        if ($events) { $events.Sets | Should -Be test, train, validate }
        else {
            $split.ListFile | ForEach-Object { $_ | Should -Exist }
            ($split.Events | Measure-Object -Sum).Sum | Should -BeIn 220, 440
        }
    }

    It 'runs its commands for the shell' { Test-ShellPiece data-splits.md }
}

Describe 'The page about training sets' -ForEach @{ Count = $setPieces.Count } {
    BeforeAll {
        Push-Location (New-Item (Join-Path $TestDrive sets) -ItemType Directory)
        $null = New-Item raw, graphs -ItemType Directory
        foreach ($run in 1..5) { $null = New-SimulatedRun "raw/$run.h5" -Event 60 -RunId $run -HitsPerEvent 20 }
        $null = ConvertTo-Graph raw/*.h5 -Extractor nu_chain_data -DestinationPath graphs
    }

    AfterAll { Pop-Location }

    It 'has code for each way' { $Count | Should -BeGreaterOrEqual 6 }

    It 'runs as it stands: <Code>' -ForEach $setPieces {
        $ErrorActionPreference = 'Stop'
        . ([scriptblock]::Create($Code)) | Out-String | Should -Not -Match 'Exception|False'
    }

    It 'has made three shuffled files of all events, and more' {
        'train', 'validate', 'test' | ForEach-Object { "set/${_}_0.h5" | Should -Exist }
        (Get-Content set/manifest.json | ConvertFrom-Json).events | Should -Be 300
        'shuffled.h5', 'again_shuffled.h5', 'train_shuffled.h5', 'test_shuffled.h5' | Should -Exist
    }

    It 'runs its commands for the shell' { Test-ShellPiece training-sets.md }
}

Describe 'The page about reliability' -ForEach @{ Pieces = $trustPieces } {
    BeforeAll {
        Push-Location (New-Item (Join-Path $TestDrive trust) -ItemType Directory)
        $null = New-Item raw, cal -ItemType Directory
        foreach ($run in 1..2) {
            $null = New-SimulatedRun "raw/$run.h5" -Event 20 -RunId $run -HitsPerEvent 20
            $null = New-SimulatedRun "cal/c$run.h5" -Event 20 -RunId $run -HitsPerEvent 20 -Calibrated
        }
    }

    AfterAll { Pop-Location }

    It 'runs as it stands, piece after piece' {
        $Pieces.Count | Should -BeGreaterOrEqual 3
        $ErrorActionPreference = 'Stop'
        foreach ($piece in $Pieces) { . ([scriptblock]::Create($piece.Code)) | Out-String | Should -Not -Match 'Exception' }
        $images.EventsWritten | Should -Be 20
        (Test-EventFile images/*.h5, graphs/*.h5) | Should -Not -Contain $false
    }
}

Describe 'The page about pictures' {
    It 'runs as it stands, and draws what it shows' {
        if (-not (Get-Command gnuplot -CommandType Application -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'gnuplot is absent'; return }
        $docs = Join-Path $PSScriptRoot ../../docs
        $page = Get-Content $docs/pictures.md -Raw
        $null = New-Item pictures -ItemType Directory
        Push-Location pictures
        try {
            foreach ($piece in [regex]::Matches($page, '(?ms)^```powershell\r?\n(.*?)^```')) {
                $ErrorActionPreference = 'Stop'
                $null = . ([scriptblock]::Create($piece.Groups[1].Value))
            }
            Test-ShellPiece pictures.md
            'all.pdf' | Should -Exist
        }
        finally { Pop-Location }
        $pictures = [regex]::Matches($page, '\]\((pictures/[^)]+)\)').ForEach{ $_.Groups[1].Value }
        $pictures.Count | Should -BeGreaterOrEqual 3
        foreach ($picture in $pictures) {
            $picture | Should -Exist
            (Get-Item $docs/$picture).Length | Should -BeLessThan 60kb
        }
    }
}
