BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $folder = Join-Path (Get-Item TestDrive:/).FullName ''
    $null = New-Item TestDrive:/here -ItemType Directory
    Push-Location TestDrive:/
    $run = New-SimulatedRun run.h5 -Event 60 -HitsPerEvent 20
    $graph = $run | ConvertTo-Graph -Extractor nu_chain_data -ChunkSize 16 -Suffix _g
    Set-Content text.h5 'no HDF5'
    $expected = (Get-FileHash (Invoke-EventShuffle run_g.h5 expected.h5 -Seed 7).Output).Hash
    Set-Location here
}

AfterAll { Pop-Location }

Describe 'Invoke-EventShuffle' {
    AfterEach { Get-ChildItem | Remove-Item -Recurse -Force }

    It 'makes the same of <what>' -ForEach @(
        @{ what = 'a path'; make = { Invoke-EventShuffle ../run_g.h5 out.h5 -Seed 7 } }
        @{ what = 'a wildcard'; make = { Invoke-EventShuffle ../*_g.h5 out.h5 -Seed 7 } }
        @{ what = 'a path of a drive'; make = { Invoke-EventShuffle TestDrive:/run_g.h5 TestDrive:/here/out.h5 -Seed 7 } }
        @{ what = 'a literal path'; make = { Invoke-EventShuffle -LiteralPath ../run_g.h5 -DestinationPath out.h5 -Seed 7 } }
        @{ what = 'a file from the pipeline'; make = { Get-ChildItem ../run_g.h5 | Invoke-EventShuffle -DestinationPath out.h5 -Seed 7 } }
        @{ what = 'a path from the pipeline'; make = { '../run_g.h5' | Invoke-EventShuffle -DestinationPath out.h5 -Seed 7 } }
        @{ what = 'a result of ConvertTo-Graph'; make = { $graph | Invoke-EventShuffle -DestinationPath out.h5 -Seed 7 } }
        @{ what = 'little memory and one thread'; make = { Invoke-EventShuffle ../run_g.h5 out.h5 -Seed 7 -MemoryLimit 40MB -ThrottleLimit 1 } }
    ) {
        $result = & $make
        $result | Should -BeOfType OrcaSong.Training.ShuffleResult
        $result.Input, $result.Output | Should -BeExactly "${folder}run_g.h5", "${folder}here/out.h5"
        $result.Events, $result.Seed, $result.Parts | Should -Be 60, 7, 1
        (Get-FileHash $result.Output).Hash | Should -Be $expected
        Get-ChildItem -Name | Should -Be out.h5
    }

    It 'puts files beside their inputs, or into a folder' {
        Copy-Item ../run_g.h5 a.h5
        Copy-Item ../run_g.h5 'b[1].h5'
        (Get-ChildItem | Invoke-EventShuffle).Output | Split-Path -Leaf | Sort-Object | Should -Be a_shuffled.h5, 'b[1]_shuffled.h5'
        (Invoke-EventShuffle -LiteralPath a.h5, 'b[1].h5' -DestinationPath new/).Output | Split-Path -Leaf | Sort-Object | Should -Be a_shuffled.h5, 'b[1]_shuffled.h5'
        Get-ChildItem new -Name | Should -HaveCount 2
    }

    It 'shuffles event files, of which graphs can be made' {
        $shuffled = Invoke-EventShuffle ../run.h5 events.h5
        $shuffled.Events | Should -Be 60
        ($shuffled.Output | ConvertTo-Graph -DetectorFile $run.DetectorFile -DestinationPath ./).EventsWritten | Should -Be 60
    }

    It 'shuffles as the Python tool' {
        $result = Invoke-EventShuffle ../run_g.h5 out.h5 -Compatible -Iteration 2 -MemoryLimit 100kB -Dataset x, y
        $result.Datasets | Should -Be x, x_indices, y
        $result.MemoryLimit | Should -Be 100kB
    }

    It 'keeps the datasets that are named' {
        (Invoke-EventShuffle ../run_g.h5 out.h5 -Dataset y).Datasets | Should -Be y
    }

    It 'uses a quarter of the memory by default, and says so' {
        $lines = Invoke-EventShuffle ../run_g.h5 out.h5 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$lines" | Should -Match 'out.h5: 60 events in 1 parts? within \d+ MB; \d+\.\d\d s, \d+ MB/s'
    }

    It 'writes nothing with -WhatIf, not even the folder' {
        Invoke-EventShuffle ../run_g.h5 new/ -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'replaces an output only with -Force' {
        Set-Content out.h5 mine
        $failure = Get-Failure { Invoke-EventShuffle ../run_g.h5 out.h5 }
        Get-Id $failure | Should -BeExactly OutputExists
        $failure.CategoryInfo.Category | Should -Be ResourceExists
        (Invoke-EventShuffle ../run_g.h5 out.h5 -Force).Events | Should -Be 60
    }

    It 'goes on after a bad file' {
        $results = Invoke-EventShuffle ../text.h5, no.h5, ../run_g.h5 ./ -ErrorVariable failures -ErrorAction SilentlyContinue
        $results.Input | Should -BeExactly "${folder}run_g.h5"
        $failures.ForEach{ Get-Id $_ } | Sort-Object | Should -Be InputNotFound, NotAnEventFile
        Get-ChildItem -Name | Should -Be run_g_shuffled.h5
    }

    It '<id> for <what>' -ForEach @(
        @{ what = 'the input as output'; run = { Invoke-EventShuffle ../run_g.h5 ../run_g.h5 -Force }; id = 'InvalidOutput'; message = '*the input itself*' }
        @{ what = 'a folder that is not there'; run = { Invoke-EventShuffle ../run_g.h5 no/out.h5 }; id = 'OutputFolderNotFound'; message = '*make it first*' }
        @{ what = 'too little memory'; run = { Invoke-EventShuffle ../run_g.h5 out.h5 -MemoryLimit 1MB }; id = 'InvalidOptions'; message = '*1 MB is too small*33.6 MB*' }
        @{ what = 'too little memory for two chunks'; run = { Invoke-EventShuffle ../run_g.h5 out.h5 -Compatible -MemoryLimit 10 }; id = 'InvalidOptions'; message = '*two chunks*' }
        @{ what = 'a dataset that is not there'; run = { Invoke-EventShuffle ../run_g.h5 out.h5 -Dataset energy }; id = 'InvalidOptions'; message = '*no dataset energy*x_indices*' }
        @{ what = 'no memory'; run = { Invoke-EventShuffle ../run_g.h5 out.h5 -MemoryLimit 0 }; id = 'ParameterArgumentValidationError'; message = '*' }
        @{ what = 'a file of other things'; run = { Invoke-EventShuffle ../text.h5 out.h5 }; id = 'NotAnEventFile'; message = '*text.h5*' }
    ) {
        $failure = Get-Failure $run
        Get-Id $failure | Should -BeExactly $id
        "$failure" | Should -BeLike $message
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'fits 80 columns' {
        $result = Invoke-EventShuffle ../run_g.h5 out.h5
        foreach ($text in ($result | Out-String -Width 80), ($result | Format-List | Out-String -Width 80)) {
            $text.Trim() | Should -Not -BeNullOrEmpty
            ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        }
    }
}

Describe 'Invoke-EventShuffle, stopped' {
    It 'leaves nothing behind within a second' {
        $large = New-SimulatedRun ../large.h5 -Event 6000 -HitsPerEvent 400 | ConvertTo-Graph -Extractor nu_chain_data -DestinationPath ../
        $session = Start-Runspace 'Invoke-EventShuffle $With.Path $With.Out -MemoryLimit 34MB -ThrottleLimit 1' @{ Path = $large.Output; Out = "${folder}here/out.h5" }
        Wait-Until { Test-Path *.partial }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 1
        Get-ChildItem | Should -BeNullOrEmpty
        $session.Shell.Streams.Error | Should -BeNullOrEmpty
    }
}
