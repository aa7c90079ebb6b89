BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $folder = Join-Path (Get-Item TestDrive:/).FullName ''
}

Describe 'New-SimulatedRun' {
    It 'makes an event file and its detector file' {
        $run = New-SimulatedRun TestDrive:/a.h5 -Event 20
        $run | Should -BeOfType OrcaSong.Simulation.SimulatedRun
        $run.Path | Should -BeExactly (Get-Item TestDrive:/a.h5).FullName
        $run.DetectorFile | Should -BeExactly (Get-Item TestDrive:/a.detx).FullName
        $run.Events | Should -Be 20
        $run.Hits | Should -BeGreaterThan 20
    }

    It 'makes the same bytes for the same seed, whatever the number of threads, and others for another' {
        $null = New-SimulatedRun TestDrive:/s1.h5 -Event 300 -Seed 5 -ThrottleLimit 1
        $null = New-SimulatedRun TestDrive:/s2.h5 -Event 300 -Seed 5 -ThrottleLimit 3
        $null = New-SimulatedRun TestDrive:/s3.h5 -Event 300 -Seed 6
        $hashes = (Get-FileHash TestDrive:/s1.h5, TestDrive:/s2.h5, TestDrive:/s3.h5).Hash
        $hashes[1] | Should -Be $hashes[0]
        $hashes[2] | Should -Not -Be $hashes[0]
    }

    It 'takes -<name>' -ForEach @(
        @{ name = 'Kind'; value = 'Muon' }
        @{ name = 'HitsPerEvent'; value = 50 }
        @{ name = 'NoiseFraction'; value = 0.1 }
        @{ name = 'Calibrated'; value = $true }
        @{ name = 'RunId'; value = 7 }
        @{ name = 'DetectorId'; value = 7 }
        @{ name = 'DetectionUnitCount'; value = 2 }
        @{ name = 'FloorCount'; value = 4 }
        @{ name = 'UnitSpacing'; value = 90 }
        @{ name = 'FloorSpacing'; value = 36 }
        @{ name = 'CompressionLevel'; value = 0 }
    ) {
        $arguments = @{ $name = $value }
        $standard = New-SimulatedRun TestDrive:/standard.h5 -Event 4 -Force
        $other = New-SimulatedRun TestDrive:/other.h5 -Event 4 -Force @arguments
        $hash = { param($run) (Get-FileHash -LiteralPath $run.Path, $run.DetectorFile).Hash -join '' }
        & $hash $other | Should -Not -Be (& $hash $standard)
    }

    It 'takes a detector file of another name' {
        (New-SimulatedRun TestDrive:/named.h5 -Event 2 -DetectorFile TestDrive:/mine.detx).DetectorFile | Should -BeExactly "${folder}mine.detx"
        "${folder}named.detx" | Should -Not -Exist
    }

    It 'takes paths from the pipeline, and rows of a table by property name' {
        ("${folder}p1.h5", "${folder}p2.h5" | New-SimulatedRun -Event 2).Path | Should -Be "${folder}p1.h5", "${folder}p2.h5"
        $rows = 1, 2 | ForEach-Object { [pscustomobject]@{ Path = "TestDrive:/row$_.h5"; Event = $_; RunId = $_ } } | New-SimulatedRun
        $rows.Events | Should -Be 1, 2
    }

    It 'writes relative to the current location of the session, into a name with brackets too' {
        Push-Location TestDrive:/
        try { (New-SimulatedRun 'run[1].h5' -Event 2).Path | Should -BeExactly "${folder}run[1].h5" }
        finally { Pop-Location }
        Test-Path -LiteralPath "${folder}run[1].h5" | Should -BeTrue
    }

    It 'writes nothing with -WhatIf' {
        New-SimulatedRun TestDrive:/whatif.h5 -Event 2 -WhatIf | Should -BeNullOrEmpty
        'TestDrive:/whatif.h5', 'TestDrive:/whatif.detx' | Should -Not -Exist
    }

    It 'replaces files only with -Force' {
        $null = New-SimulatedRun TestDrive:/there.h5 -Event 2
        $failure = Get-Failure { New-SimulatedRun TestDrive:/there.h5 -Event 3 }
        Get-Id $failure | Should -BeExactly OutputExists
        $failure.CategoryInfo.Category | Should -Be ResourceExists
        "$failure" | Should -BeLike '*-Force*'
        (New-SimulatedRun TestDrive:/there.h5 -Event 3 -Force).Events | Should -Be 3
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a folder that does not exist'; path = 'TestDrive:/no/run.h5'; id = 'OutputFolderNotFound' }
        @{ what = 'a folder'; path = 'TestDrive:/'; id = 'InvalidOutput' }
        @{ what = 'a detector file for an event file'; path = 'TestDrive:/run.detx'; id = 'InvalidOutput' }
        @{ what = 'what is not in the file system'; path = 'Env:/run.h5'; id = 'InvalidPath' }
    ) {
        Get-Id (Get-Failure { New-SimulatedRun $path -Event 2 }) | Should -BeExactly $id
    }

    It 'shows progress and takes it away; leaves nothing behind when it is stopped' {
        $session = Start-Runspace 'New-SimulatedRun $With.Path -Event 10000000' @{ Path = "${folder}long.h5" }
        Wait-Until { $session.Shell.Streams.Progress.Where{ $_.SecondsRemaining -gt 0 } }
        $record = $session.Shell.Streams.Progress[-1]
        $record.Activity | Should -Be 'Simulating events'
        $record.StatusDescription | Should -Match '^[\d,]+ of 10,000,000 events, [\d,]+ events/s$'
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 1
        Get-ChildItem $folder -Filter long* | Should -BeNullOrEmpty
    }
}
