BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $folder = (Get-Item TestDrive:/).FullName
    foreach ($group in 'muon', 'noise') {
        $null = New-Item "TestDrive:/$group", "TestDrive:/raw/$group" -ItemType Directory -Force
        0..4 | ForEach-Object {
            $run = New-SimulatedRun "TestDrive:/raw/$group/$_.h5" -Event 30 -RunId (100 + $_) -HitsPerEvent 20
            $null = ConvertTo-Graph $run.Path -Extractor nu_chain_data -DestinationPath "TestDrive:/$group" -Suffix ''
        }
    }

    Set-Content TestDrive:/c.toml @'
n_files_train = 2
n_files_validate = 1
output_file_folder = "out"
output_file_name = "lst"
make_qsub_bash_files = true
[muon]
dir = "muon"
run_ids_train = [100, 103]
run_ids_validate = [104, 104]
[noise]
dir = "noise"
run_ids_train = [100, 104]
'@
    Push-Location TestDrive:/
}

AfterAll { Pop-Location }

Describe 'New-DataSplit' {
    It 'splits as the configuration of the Python tool says' {
        $parts = New-DataSplit c.toml
        $parts | Should -BeOfType OrcaSong.Training.Splitting.DataSplitPart
        $parts | ForEach-Object Set | Should -Be train, train, validate
        $parts.Part | Should -Be 0, 1, 0
        ($parts.Events | Measure-Object -Sum).Sum | Should -Be 300
        $parts[2].FirstRun, $parts[2].LastRun | Should -Be 104, 104
        $parts[0].ListFile | Should -BeExactly (Get-Item out/conc_list_files/lst_train_0.txt).FullName
        Get-Content $parts[2].ListFile | Should -BeExactly muon/4.h5
        $parts[2].JobScripts | Split-Path -Leaf | Should -Be concatenate_h5_lst_validate_0.sh, shuffle_h5_lst_validate_0.sh
        Get-Content $parts[2].JobScripts[0] | Should -Contain 'orcasong concatenate out/conc_list_files/lst_validate_0.txt --outfile out/data_split/lst_validate_0.h5'
        $noise = $parts[0].Statistics | Where-Object Group -EQ noise
        $noise | ForEach-Object Set | Should -Be train, validate
        $noise.Files | Should -Be 5, 0
        $noise[0].Share | Should -Be 1
    }

    It 'splits by fractions, each group by itself' {
        $parts = New-DataSplit muon/*.h5, noise/*.h5 -DestinationPath byFraction -Fraction @{ train = 0.8; validate = 0.2 } -PartCount @{ train = 2 }
        $parts | ForEach-Object Set | Should -Be train, train, validate
        $parts.Events | Should -Be 120, 120, 60
        foreach ($row in $parts[0].Statistics) { $row.Share | Should -Be ($row.Set -eq 'train' ? 0.8 : 0.2) }
        Get-ChildItem byFraction -Recurse -File | ForEach-Object Name | Should -Be split_train_0.txt, split_train_1.txt, split_validate_0.txt
        Get-Content $parts.ListFile | Sort-Object | Should -Be (Get-ChildItem muon/*.h5, noise/*.h5).FullName
    }

    It 'splits by runs, of which a set may have several ranges' {
        $parts = New-DataSplit muon/*.h5 -RunRange @{ train = (100, 101), (103, 103); validate = 102; test = 104, 104 }
        $parts | ForEach-Object Set | Should -Be test, train, validate
        $parts[1].Files.Path | Split-Path -Leaf | Sort-Object | Should -Be 0.h5, 1.h5, 3.h5
        $parts[1].ListFile | Should -BeNullOrEmpty -Because 'there is no -DestinationPath'
    }

    It 'takes files from the pipeline, with groups' {
        $parts = Get-ChildItem muon/*.h5, noise/*.h5 | New-DataSplit -Fraction @{ train = 0.5; validate = 0.5 } -Group { 'run ' + $_.BaseName }
        $parts[0].Statistics.Group | Sort-Object -Unique | Should -Be (0..4).ForEach{ "run $_" }
        $rows = Get-ChildItem muon/*.h5 | ForEach-Object { [pscustomobject]@{ Path = $_.FullName; Group = 'mine' } }
        ($rows | New-DataSplit -Fraction @{ train = 1 }).Statistics.Group | Should -Be mine
    }

    It 'gives the same split for the same files in another order, and another one for another seed' {
        $files = (Get-ChildItem muon/*.h5).FullName
        $a = New-DataSplit $files -Fraction @{ a = 0.4; b = 0.6 }
        $b = New-DataSplit $files[4..0] -Fraction @{ b = 0.6; a = 0.4 }
        "$($b.Files)" | Should -BeExactly "$($a.Files)"
        $others = 1..5 | ForEach-Object { "$((New-DataSplit $files -Fraction @{ a = 0.4; b = 0.6 } -Seed $_).Files)" }
        @($others -ne "$($a.Files)").Count | Should -BeGreaterThan 0
    }

    It 'takes a file with brackets in its name literally' {
        Copy-Item muon/0.h5 'run[1].h5'
        (New-DataSplit -LiteralPath 'run[1].h5' -Fraction @{ train = 1 }).Files.Path | Should -BeExactly "${folder}run[1].h5"
    }

    It 'writes scripts for <Scheduler>' -ForEach @(
        @{ Scheduler = 'Slurm'; lines = '#SBATCH --time=1-00:00:00', '#SBATCH --mem=4096M', '#SBATCH --cpus-per-task=2', '#SBATCH --licenses=sps', '#SBATCH --account=km3net', '#SBATCH --partition=htc' }
        @{ Scheduler = 'Torque'; lines = '#PBS -l walltime=24:00:00', '#PBS -l mem=4096mb', '#PBS -l nodes=1:ppn=2', '#PBS -l software=sps', '#PBS -A km3net', '#PBS -q htc' }
    ) {
        $parts = New-DataSplit muon/*.h5 -Fraction @{ train = 1 } -DestinationPath "with $Scheduler" -Scheduler $Scheduler -Time 24:00:00 -Memory 4GB -CoreCount 2 -Licence sps -Account km3net -Queue htc -VirtualEnvironment venv -DeleteUnshuffled
        $text = Get-Content $parts.JobScripts[0]
        $lines | ForEach-Object { $text | Should -Contain $_ }
        $text | Should -Contain "source ${folder}venv/bin/activate || exit 1"
        Get-Content $parts.JobScripts[1] | Select-Object -Last 1 | Should -Be "rm '${folder}with $Scheduler/data_split/split_train_0.h5'"
    }

    It 'writes nothing with -WhatIf' {
        New-DataSplit muon/*.h5 -Fraction @{ train = 1 } -DestinationPath whatif -WhatIf | Should -BeNullOrEmpty
        'whatif' | Should -Not -Exist
    }

    It 'writes nothing where the configuration says print_only' {
        Set-Content print.toml ("print_only = true`n" + (Get-Content c.toml -Raw).Replace('"out"', '"printed"'))
        $parts = New-DataSplit print.toml
        $parts.Count | Should -Be 3
        $parts.ListFile -ne $null | Should -BeNullOrEmpty
        'printed' | Should -Not -Exist
    }

    It 'replaces an earlier split only with -Force' {
        $split = @{ Path = 'muon/*.h5'; Fraction = @{ train = 1 }; DestinationPath = 'again' }
        $null = New-DataSplit @split -PartCount @{ train = 3 }
        $failure = Get-Failure { New-DataSplit @split }
        Get-Id $failure | Should -BeExactly OutputExists
        $failure.CategoryInfo.Category | Should -Be ResourceExists
        "$failure" | Should -BeLike '*-Force*'
        $null = New-DataSplit @split -Force
        (Get-ChildItem again -Recurse -File).Name | Should -Be split_train_0.txt
    }

    It 'warns of files in no set, and of fewer lists than were asked for' {
        $null = New-DataSplit muon/*.h5 -RunRange @{ train = 100, 101 } -PartCount @{ train = 5 } -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*5 lists were asked for*'
        "$warnings" | Should -BeLike '*3 files with 90 events, runs 102 to 104, are in no set*'
    }

    It 'reports every bad file, and writes nothing' {
        Set-Content muon/text.h5 'no HDF5'
        Copy-Item raw/muon/0.h5 muon/unlabelled.h5
        try {
            New-DataSplit muon/*.h5 -Fraction @{ train = 1 } -DestinationPath bad -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures | ForEach-Object { Get-Id $_ } | Sort-Object | Should -Be CannotReadInput, MissingData
            $failures.TargetObject | Split-Path -Leaf | Sort-Object | Should -Be text.h5, unlabelled.h5
            'bad' | Should -Not -Exist
        }
        finally { Remove-Item muon/text.h5, muon/unlabelled.h5 }
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'fractions that do not sum to 1'; with = @{ Path = 'muon/*.h5'; Fraction = @{ a = 0.5; b = 0.4 } }; id = 'ParameterArgumentTransformationError'; text = '*sum to 0.9;*' }
        @{ what = 'fractions that are no numbers'; with = @{ Path = 'muon/*.h5'; Fraction = @{ a = 'most' } }; id = 'ParameterArgumentTransformationError'; text = "*'most'*" }
        @{ what = 'a list for a table'; with = @{ Path = 'muon/*.h5'; Fraction = 0.5, 0.5 }; id = 'ParameterArgumentTransformationError'; text = '*hash table*' }
        @{ what = 'runs the wrong way round'; with = @{ Path = 'muon/*.h5'; RunRange = @{ a = 5, 2 } }; id = 'ParameterArgumentTransformationError'; text = '*first comes after the last*' }
        @{ what = 'three runs'; with = @{ Path = 'muon/*.h5'; RunRange = @{ a = 1, 2, 3 } }; id = 'ParameterArgumentTransformationError'; text = '*3 numbers*' }
        @{ what = 'ranges that overlap'; with = @{ Path = 'muon/*.h5'; RunRange = @{ a = 100, 102; b = 102, 104 } }; id = 'OverlappingRanges'; text = '*run 102 is in a and in b*' }
        @{ what = 'a set that cannot be part of a name'; with = @{ Path = 'muon/*.h5'; RunRange = @{ 'a/b' = 100, 104 } }; id = 'InvalidOptions'; text = "*'a/b'*" }
        @{ what = 'no parts'; with = @{ Path = 'muon/*.h5'; Fraction = @{ a = 1 }; PartCount = @{ a = 0 } }; id = 'ParameterArgumentTransformationError'; text = '*1 or more*' }
        @{ what = 'parts of no set'; with = @{ Path = 'muon/*.h5'; Fraction = @{ train = 1 }; PartCount = @{ trian = 2 } }; id = 'InvalidOptions'; text = "*did you mean 'train'*" }
        @{ what = 'too few files'; with = @{ Path = 'muon/0.h5'; Fraction = @{ a = 0.9; b = 0.1 } }; id = 'EmptySet'; text = '*New-TrainingSet -SplitBy Event*' }
        @{ what = 'files that there are not'; with = @{ Path = 'muon/none*.h5', 'muon/*.h5'; Fraction = @{ a = 1 } }; id = 'InputNotFound'; text = '*none*' }
        @{ what = 'a time that is none'; with = @{ Path = 'muon/*.h5'; Fraction = @{ a = 1 }; Time = 'long' }; id = 'ParameterArgumentTransformationError'; text = '*12:00:00*' }
        @{ what = 'directives for no batch system'; with = @{ Path = 'muon/*.h5'; Fraction = @{ a = 1 }; Account = 'km3net' }; id = 'InvalidOptions'; text = '*Slurm or Torque*' }
        @{ what = 'scripts without a place'; with = @{ Path = 'muon/*.h5'; Fraction = @{ a = 1 }; Scheduler = 'Slurm' }; id = 'InvalidOptions'; text = '*-DestinationPath*' }
        @{ what = 'directives of two lines'; with = @{ Path = 'muon/*.h5'; Fraction = @{ a = 1 }; DestinationPath = 'x'; Scheduler = 'Slurm'; Account = "a`n#SBATCH b" }; id = 'InvalidOptions'; text = '*account*' }
        @{ what = 'a configuration that does not exist'; with = @{ ConfigFile = 'none.toml' }; id = 'ConfigurationNotFound'; text = '*none.toml*' }
        @{ what = 'a configuration of something else'; with = @{ ConfigFile = 'wrong.toml' }; id = 'InvalidConfiguration'; text = "*unknown key 'mode'*" }
    ) {
        Set-Content wrong.toml 'mode = "image"'
        $failure = Get-Failure { New-DataSplit @with -ErrorAction Stop }
        Get-Id $failure | Should -BeExactly $id
        "$failure" | Should -BeLike $text
    }

    It 'completes <line>' -ForEach @(
        @{ line = 'New-DataSplit c'; words = , (Join-Path '.' 'c.toml') }
        @{ line = 'New-DataSplit a.h5 -Fraction '; words = , '@{ train = 0.8; validate = 0.1; test = 0.1 }' }
        @{ line = 'New-DataSplit a.h5 -RunRange '; words = , '@{ train = 100, 199; validate = 200, 209 }' }
        @{ line = 'New-DataSplit a.h5 -Scheduler '; words = 'None', 'Slurm', 'Torque' }
    ) {
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be $words
    }

    It 'shows parts and statistics in 80 columns, <how>' -ForEach @(
        @{ how = 'by default'; format = { $args[0] } }
        @{ how = 'as a list'; format = { $args[0] | Format-List } }
    ) {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $parts = New-DataSplit muon/*.h5, noise/*.h5 -Fraction @{ train = 0.8; validate = 0.2 }
            foreach ($shown in $parts, $parts[0].Statistics) {
                $text = & $format $shown | Out-String -Width 80
                ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
                $text | Should -Match 'train'
            }

            $parts[0].Statistics | Out-String -Width 80 | Should -Match 'muon +train +4 +120 +80.0%'
            $parts | Out-String -Width 80 | Should -Match 'validate +0 +2 +60 +10\d( to 10\d)?'
        }
        finally { $PSStyle.OutputRendering = $rendering }
    }
}
