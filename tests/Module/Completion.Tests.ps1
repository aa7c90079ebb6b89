BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $null = New-SimulatedRun TestDrive:/raw.h5 -Event 2
    $null = New-SimulatedRun 'TestDrive:/with spaces.h5' -Event 2
    $global:OrcaSongRun = New-SimulatedRun 'TestDrive:/with [1].h5' -Event 2
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}

AfterAll { Remove-Variable OrcaSongRun -Scope Global }

Describe 'Completion' {
    It 'completes <line>' -ForEach @(
        @{ line = 'Get-BinAxis '; words = 'ztc_2017', 'four_line_low', 'four_line_high' }
        @{ line = 'Get-BinAxis four'; words = 'four_line_low', 'four_line_high' }
        @{ line = 'New-FileBinner z'; words = , 'ztc_2017' }
        @{ line = 'New-FileBinner high'; words = , 'four_line_high' }
        @{ line = 'New-FileBinner ztc_2017 -Extractor nu_chain_d'; words = , 'nu_chain_data' }
        @{ line = 'New-FileBinner ztc_2017 -ChunkSize A'; words = , 'Auto' }
        @{ line = 'New-FileGraph -Compression '; words = 'None', 'Fast', 'Default', 'Small' }
        @{ line = 'New-FileBinner ztc_2017 -Overflow '; words = 'Saturate', 'Wrap' }
        @{ line = 'New-FileBinner ztc_2017 -HitWeight to'; words = , 'tot' }
        @{ line = 'New-FileGraph -HitField chan'; words = , 'channel_id' }
        @{ line = 'ConvertTo-Graph a.h5 -MaxH'; words = , '-MaxHits' }
        @{ line = 'ConvertTo-Graph a.h5 -Extractor bundle_m'; words = , 'bundle_mc' }
        @{ line = 'New-FileGraph -Extractor nu_chain_muon -ExtractorOption '; words = , '@{ inactive_du = 1 }' }
        @{ line = 'New-FileGraph -Extractor bundle_mc -ExtractorOption only'; words = , '@{ only_downgoing_tracks = $false }' }
        @{ line = 'Get-Extractor bundle'; words = 'bundle_mc', 'bundle_data' }
        @{ line = 'Import-OrcaSongConfig orcasong:nu_chain_d'; words = , 'orcasong:nu_chain_data_ORCA6.toml' }
        @{ line = 'Import-OrcaSongConfig mupage'; words = , 'orcasong:bundle_ORCA4_mupage_v5-40.toml' }
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
        @{ line = 'ConvertTo-Graph TestDrive:/raw.h5 -HitField g' }
        @{ line = "Get-Item 'TestDrive:/with spaces.h5' | ConvertTo-Graph -HitField g" }
        @{ line = "Get-ChildItem TestDrive:/*.h5 | ConvertTo-Graph -HitField g" }
        @{ line = "ConvertTo-Graph -LiteralPath 'TestDrive:/with [1].h5' -HitField g" }
        @{ line = '$OrcaSongRun | ConvertTo-Graph -HitField g' }
        @{ line = 'ConvertTo-Graph $OrcaSongRun.Path -HitField g' }
        @{ line = '$OrcaSongRun | ConvertTo-Graph -HitField time, g' }
    ) {
        Complete $line | Should -Be group_id -Because 'this file has that column, and the usual ones do not'
    }

    It 'completes the labels and the datasets of the file for training at hand' {
        $null = ConvertTo-Graph TestDrive:/raw.h5 TestDrive:/graph.h5 -Extractor nu_chain_data
        Complete 'New-TrainingSet TestDrive:/graph.h5 sets -EventColumn event' | Should -Be event_id
        Complete 'Invoke-EventShuffle TestDrive:/graph.h5 -Dataset ' | Should -Be (Get-EventFile TestDrive:/graph.h5 -Detailed).Tables.Path.TrimStart('/')
    }

    It 'completes detector files and configurations, with quotes where names have blanks' {
        Push-Location TestDrive:/
        try {
            Set-Content 'my own.toml' 'mode = "graph"'
            Complete 'New-FileGraph -DetectorFile with' | Should -Be "'./with ``[1``].detx'", "'./with spaces.detx'"
            Complete "New-FileGraph -DetectorFile './with sp" | Should -Be "'./with spaces.detx'"
            Complete 'Import-OrcaSongConfig my' | Should -Contain "'./my own.toml'"
            Complete 'New-DataSplit -ConfigFile my' | Should -Be "'./my own.toml'"
        }
        finally { Pop-Location }
    }

    It 'puts quotes round what needs them: <word>' -ForEach @(
        @{ word = 'pos_x'; written = 'pos_x' }
        @{ word = 'two words'; written = "'two words'" }
        @{ word = "it's"; written = "'it''s'" }
        @{ word = '$x'; written = "'`$x'" }
    ) {
        $of = [OrcaSong.PowerShell.OrcaSongCommand].Assembly.GetType('OrcaSong.PowerShell.Completion.Completion').GetMethod('Of', [Reflection.BindingFlags]'Static, NonPublic', [type[]]([Collections.Generic.IEnumerable[string]], [string]))
        $of.Invoke($null, @([string[]]$word, '')).CompletionText | Should -BeExactly $written
    }

    It 'completes the tables and the columns of an event' {
        $global:OrcaSongEvent = Get-OrcaEvent TestDrive:/raw.h5 -First 1
        Complete '$OrcaSongEvent.mc' | Should -Be McHits, McTracks
        Complete '$OrcaSongEvent.McTracks.dir' | Should -Be dir_x, dir_y, dir_z
        Complete '$OrcaSongEvent.Hits.co' | Should -Contain Count
        Remove-Variable OrcaSongEvent -Scope Global
    }

    It 'completes the usual fields where there is no such file' {
        Complete 'New-BinAxis -Path TestDrive:/no.h5 -Field chan' | Should -Be channel_id
    }
}
