BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $folder = Join-Path (Get-Item TestDrive:/).FullName ''
    $null = New-Item TestDrive:/in, TestDrive:/here -ItemType Directory
    Push-Location TestDrive:/in
    $graphs = 1..3 | ForEach-Object { New-SimulatedRun "$_.h5" -Event (100 * $_) -RunId $_ -HitsPerEvent 10 } | ConvertTo-Graph -Extractor nu_chain_data -DestinationPath ../ -Suffix _g
    $null = New-SimulatedRun bare.h5 -Event 5 -HitsPerEvent 10 | ConvertTo-Graph -DestinationPath ../ -Suffix _g
    Set-Content ../text.h5 'no HDF5'
    Set-Location ../here
    function Get-Hash($Files) { (Get-FileHash -LiteralPath $Files.Path).Hash -join ' ' }
    $expected = Get-Hash (New-TrainingSet ../[1-3]_g.h5 ../expected -ShardSize 200)
}

AfterAll { Pop-Location }

Describe 'New-TrainingSet' {
    AfterEach { Get-ChildItem | Remove-Item -Recurse -Force }

    It 'makes the same of <what>' -ForEach @(
        @{ what = 'a wildcard'; make = { New-TrainingSet ../[1-3]_g.h5 set -ShardSize 200 } }
        @{ what = 'a folder with a slash'; make = { New-TrainingSet ../[1-3]_g.h5 set/ -ShardSize 200 } }
        @{ what = 'files from the pipeline'; make = { Get-ChildItem ../[1-3]_g.h5 | New-TrainingSet -DestinationPath set -ShardSize 200 } }
        @{ what = 'results of ConvertTo-Graph'; make = { $graphs | New-TrainingSet -DestinationPath set -ShardSize 200 } }
        @{ what = 'a list'; make = { Set-Content ../list.txt '../1_g.h5', '../2_g.h5', '../3_g.h5'; New-TrainingSet -ListFile ../list.txt -DestinationPath set -ShardSize 200 } }
        @{ what = 'literal paths'; make = { New-TrainingSet -LiteralPath ../1_g.h5, ../2_g.h5, ../3_g.h5 -DestinationPath set -ShardSize 200 } }
        @{ what = 'fractions in words'; make = { New-TrainingSet ../[1-3]_g.h5 set -ShardSize 200 -Fraction @{ train = .8; validate = .1; test = .1 } -ThrottleLimit 1 -MemoryLimit 40MB } }
        @{ what = 'a folder that is there'; make = { $null = New-Item set -ItemType Directory; New-TrainingSet ../[1-3]_g.h5 set -ShardSize 200 } }
    ) {
        $files = & $make
        $files | Should -BeOfType OrcaSong.Training.TrainingFile
        ($files.Events | Measure-Object -Sum).Sum | Should -Be 600
        $files | ForEach-Object { $_.Events | Should -BeLessOrEqual 200 }
        $files | ForEach-Object Set | Sort-Object -Unique | Should -Be test, train, validate
        $files.Path | Split-Path | Sort-Object -Unique | Should -BeExactly "${folder}here/set"
        Get-Hash $files | Should -Be $expected
        $manifest = Get-Content set/manifest.json -Raw | ConvertFrom-Json
        ($manifest.inputs | Measure-Object events -Sum).Sum | Should -Be 600
        foreach ($set in $manifest.sets) { ($manifest.inputs.sets | Measure-Object $set.set -Sum).Sum | Should -Be $set.events }
        Get-ChildItem -Name | Should -Be set
    }

    It 'makes the folders above it' {
        (New-TrainingSet ../1_g.h5 a/b/set).Path | Split-Path | Sort-Object -Unique | Should -BeExactly "${folder}here/a/b/set"
    }

    It 'has the fractions to the event by chance' {
        $files = New-TrainingSet ../[1-3]_g.h5 set -Fraction @{ a = .5; b = .25; c = .25 } -SplitBy Random
        $files.Events | Should -Be 300, 150, 150
    }

    It 'keeps the sets for another order, and not for another split seed' {
        function Get-Count { (Get-Content set/manifest.json -Raw | ConvertFrom-Json).inputs.sets.ForEach{ "$($_.train) $($_.validate) $($_.test)" } -join ', ' }
        $one = New-TrainingSet ../[1-3]_g.h5 set
        $first, $hash = (Get-Count), (Get-Hash $one)
        Get-Hash (New-TrainingSet ../[1-3]_g.h5 set -Seed 43 -Force) | Should -Not -Be $hash
        Get-Count | Should -Be $first
        $null = New-TrainingSet ../[1-3]_g.h5 set -SplitSeed 1 -Force
        Get-Count | Should -Not -Be $first
    }

    It 'splits by the columns that are named' {
        $files = New-TrainingSet ../[1-3]_g.h5 set -EventColumn run_id -Fraction @{ a = .5; b = .5 }
        $manifest = Get-Content set/manifest.json -Raw | ConvertFrom-Json
        $manifest.inputs.sets | ForEach-Object { $_.a, $_.b | Should -Contain 0 }
        ($files.Events | Measure-Object -Sum).Sum | Should -Be 600
    }

    It 'replaces a set only with -Force' {
        $null = New-TrainingSet ../[1-3]_g.h5 set -ShardSize 20
        $failure = Get-Failure { New-TrainingSet ../[1-3]_g.h5 set }
        Get-Id $failure | Should -BeExactly OutputExists
        "$failure" | Should -BeLike '*-Force*'
        $null = New-TrainingSet ../[1-3]_g.h5 set -Force
        Get-ChildItem set -Name | Should -Be manifest.json, test_0.h5, train_0.h5, validate_0.h5
    }

    It 'writes nothing with -WhatIf' {
        New-TrainingSet ../[1-3]_g.h5 set -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'reports every bad file, or leaves them out' {
        New-TrainingSet ../1_g.h5, ../text.h5, ../bare_g.h5 set -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures.ForEach{ Get-Id $_ } | Sort-Object -Unique | Should -Be InvalidFile
        $failures.TargetObject | Split-Path -Leaf | Sort-Object -Unique | Should -Be bare_g.h5, text.h5
        Get-ChildItem | Should -BeNullOrEmpty
        $files = New-TrainingSet ../1_g.h5, ../text.h5, ../bare_g.h5 set -SkipInvalid -WarningVariable warnings -WarningAction SilentlyContinue
        ($files.Events | Measure-Object -Sum).Sum | Should -Be 100
        "$warnings" | Should -BeLike '*Left out: *text.h5*'
    }

    It '<id> for <what>' -ForEach @(
        @{ what = 'files without labels'; run = { New-TrainingSet ../bare_g.h5 set }; id = 'MissingData'; message = '*no table y*at random*' }
        @{ what = 'a column that is not there'; run = { New-TrainingSet ../1_g.h5 set -EventColumn nothing }; id = 'MissingData'; message = '*nothing*run_id*' }
        @{ what = 'a file as folder'; run = { New-TrainingSet ../1_g.h5 ../text.h5 }; id = 'InvalidOutput'; message = '*is a file*' }
        @{ what = 'too little memory'; run = { New-TrainingSet ../1_g.h5 set -MemoryLimit 1MB }; id = 'InvalidOptions'; message = '*too small*' }
        @{ what = 'fractions that do not sum to 1'; run = { New-TrainingSet ../1_g.h5 set -Fraction @{ a = .5; b = .4 } }; id = 'ParameterArgumentTransformationError'; message = '*sum to 0.9*' }
        @{ what = 'no events in a file'; run = { New-TrainingSet ../1_g.h5 set -ShardSize 0 }; id = 'ParameterArgumentValidationError'; message = '*' }
        @{ what = 'no files'; run = { New-TrainingSet no*.h5 set }; id = 'InputNotFound'; message = "No file matches 'no*" }
    ) {
        $failure = Get-Failure $run
        Get-Id $failure | Should -BeExactly $id
        "$failure" | Should -BeLike $message
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'warns of sets without events' {
        $null = New-TrainingSet ../1_g.h5 set -Fraction @{ a = .999; b = .001 } -SplitBy Random -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike "*set 'b' got no events*"
    }

    It 'fits 80 columns' {
        $files = New-TrainingSet ../[1-3]_g.h5 set
        foreach ($text in ($files | Out-String -Width 80), ($files | Format-List | Out-String -Width 80)) {
            $text.Trim() | Should -Not -BeNullOrEmpty
            ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        }
    }
}

Describe 'New-TrainingSet, stopped' {
    It 'leaves nothing behind within a second' {
        $large = New-SimulatedRun ../in/large.h5 -Event 6000 -HitsPerEvent 400 | ConvertTo-Graph -Extractor nu_chain_data -DestinationPath ../
        $session = Start-Runspace 'New-TrainingSet $With.Path $With.Out -MemoryLimit 34MB -ThrottleLimit 1' @{ Path = $large.Output; Out = "${folder}here/set" }
        Wait-Until { Test-Path *.partial }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 1
        Get-ChildItem | Should -BeNullOrEmpty
        $session.Shell.Streams.Error | Should -BeNullOrEmpty
    }
}
