BeforeDiscovery {
    # The PowerShell code of the page about labels, piece by piece, as it stands there.
    $page = Get-Content (Join-Path $PSScriptRoot '../../docs/labels.md') -Raw
    $pieces = [regex]::Matches($page, '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }

    $splits = Get-Content (Join-Path $PSScriptRoot '../../docs/data-splits.md') -Raw
    $splitPieces = [regex]::Matches($splits, '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }
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
