BeforeDiscovery {
    # The PowerShell code of a page, piece by piece, as it stands there.
    function Get-Piece([string] $Page) {
        $text = Get-Content (Join-Path $PSScriptRoot "../../docs/$Page.md") -Raw
        [regex]::Matches($text, '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }
    }

    $pieces = Get-Piece labels
    $pictures = Get-Piece pictures
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

Describe 'The page about pictures' {
    BeforeAll { Push-Location (New-Item -ItemType Directory pictures) }
    AfterAll { Pop-Location }

    It 'runs as it stands, from top to bottom: <Code>' -ForEach $pictures {
        if ($Code -match '-SaveAs' -and -not (Get-Command gnuplot -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'gnuplot is absent' }
        $ErrorActionPreference = 'Stop'
        . ([scriptblock]::Create($Code)) | Out-String | Should -Not -BeNullOrEmpty
    }

    It 'shows pictures that are there, and small' {
        $folder = Join-Path $PSScriptRoot '../../docs'
        $shown = [regex]::Matches((Get-Content "$folder/pictures.md" -Raw), '\]\((pictures/\w+\.png)\)').ForEach{ $_.Groups[1].Value }
        $shown.Count | Should -BeGreaterOrEqual 3
        foreach ($picture in $shown) { (Get-Item "$folder/$picture").Length | Should -BeLessThan 60kb }
    }
}
