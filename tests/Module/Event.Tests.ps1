BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    Push-Location TestDrive:/
    $run = New-SimulatedRun run.h5 -Event 150
}

AfterAll { Pop-Location }

Describe 'Get-OrcaEvent' {
    It 'gives events with their tables and columns' {
        $e = Get-OrcaEvent run.h5 -First 1
        $e | Should -BeOfType OrcaSong.Events.EventView
        $e.Index, $e.File | Should -Be 0, $run.Path
        $e.Hits.Count | Should -Be $e.Hits.time.Count
        $e.McTracks.energy[0] | Should -Be $e.McTracks['energy'][0]
        $e['/mc_tracks'].Count | Should -Be $e.McTracks.Count
        $e.McTracks.Columns | Should -Contain dir_z
        $e.BestDusjshower.Count | Should -Be 0
        "$(Get-Failure { $e.McTracks.enrgy })" | Should -BeLike "*did you mean 'energy'*"
    }

    It 'gives the events that are asked for' {
        (Get-OrcaEvent run.h5).Index | Should -Be (0..149)
        (Get-OrcaEvent run.h5 -First 3).Index | Should -Be 0, 1, 2
        (Get-OrcaEvent run.h5 -First 3 -Skip 100).Index | Should -Be 100, 101, 102
        (Get-OrcaEvent run.h5 -Skip 148).Index | Should -Be 148, 149
        (Get-OrcaEvent run.h5 | Select-Object -First 1).Index | Should -Be 0
        Get-OrcaEvent run.h5 -Skip 150 | Should -BeNullOrEmpty
        (Get-Item run.h5 | Get-OrcaEvent -First 2).Index | Should -Be 0, 1
    }

    It 'calibrates where there is a detector file, and leaves times alone where it is told to' {
        (Get-OrcaEvent run.h5 -First 1).Hits.Has('pos_z') | Should -BeFalse
        ($run | Get-OrcaEvent -First 1).Hits.Has('pos_z') | Should -BeTrue
        $centred = Get-OrcaEvent run.h5 -First 1
        $raw = Get-OrcaEvent run.h5 -First 1 -NoTimeCentering -NoMcTimeCorrection
        $raw.Hits.time[0] | Should -Not -Be $centred.Hits.time[0]
        $raw.McTracks.time[0] | Should -Not -Be $centred.McTracks.time[0]
    }

    It 'tries an extractor out' {
        $extractor = { param($e) @{ energy = $e.McTracks.energy[0]; zenith = [math]::Acos(-$e.McTracks.dir_z[0]) } }
        $labels = Get-OrcaEvent run.h5 -First 3 | ForEach-Object { & $extractor $_ }
        $labels.zenith | ForEach-Object { $_ | Should -BeGreaterOrEqual 0; $_ | Should -BeLessOrEqual ([math]::PI) }
    }

    It 'goes on after a file that is none' {
        Set-Content junk.h5 'no HDF5'
        $events = 'junk.h5', 'no.h5', 'run.h5' | Get-OrcaEvent -First 1 -ErrorVariable failures -ErrorAction SilentlyContinue
        $events | Should -HaveCount 1
        $failures.ForEach{ Get-Id $_ } | Should -Be NotAnEventFile, InputNotFound
    }
}
