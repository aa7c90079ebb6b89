BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $null = New-SimulatedRun TestDrive:/raw.h5 -Event 2
    $null = New-SimulatedRun 'TestDrive:/with spaces.h5' -Event 2
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}

Describe 'Completion' {
    It 'completes <line>' -ForEach @(
        @{ line = 'Get-BinAxis '; words = 'ztc_2017', 'four_line_low', 'four_line_high' }
        @{ line = 'Get-BinAxis four'; words = 'four_line_low', 'four_line_high' }
        @{ line = 'New-FileBinner z'; words = , 'ztc_2017' }
        @{ line = 'New-FileBinner high'; words = , 'four_line_high' }
        @{ line = 'New-FileBinner ztc_2017 -Extractor nu_chain_d'; words = , 'nu_chain_data' }
        @{ line = 'New-FileBinner ztc_2017 -ChunkSize A'; words = , 'Auto' }
        @{ line = 'New-FileBinner ztc_2017 -Overflow '; words = 'Saturate', 'Wrap' }
        @{ line = 'New-FileBinner ztc_2017 -HitWeight to'; words = , 'tot' }
        @{ line = 'New-SimulatedRun a.h5 -Kind '; words = 'Muon', 'Neutrino', 'Noise' }
        @{ line = 'New-BinAxis pos'; words = 'pos_x', 'pos_y', 'pos_z' }
        @{ line = 'New-BinAxis -Field dir'; words = 'dir_x', 'dir_y', 'dir_z' }
    ) {
        Complete $line | Should -Be $words
    }

    It 'completes the fields of the file at hand: <line>' -ForEach @(
        @{ line = 'New-BinAxis -Path TestDrive:/raw.h5 -Field g' }
        @{ line = "New-BinAxis -Path 'TestDrive:/with spaces.h5' -Field g" }
        @{ line = "Get-Item 'TestDrive:/with spaces.h5' | New-BinAxis -Field g" }
    ) {
        Complete $line | Should -Be group_id -Because 'this file has that column, and the usual ones do not'
    }

    It 'completes the usual fields where there is no such file' {
        Complete 'New-BinAxis -Path TestDrive:/no.h5 -Field chan' | Should -Be channel_id
    }
}
