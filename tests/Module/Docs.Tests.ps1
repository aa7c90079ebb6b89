BeforeDiscovery {
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
}

AfterAll { Pop-Location }

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
