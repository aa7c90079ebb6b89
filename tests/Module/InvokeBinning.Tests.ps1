BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $folder = Join-Path (Get-Item TestDrive:/).FullName ''
    $null = New-Item -ItemType Directory TestDrive:/in
    $runs = 1..3 | ForEach-Object { New-SimulatedRun "TestDrive:/in/run$_.h5" -Event (100 * $_) -RunId $_ }
    Copy-Item TestDrive:/in/run1.h5 'TestDrive:/run[1].h5'
    $detx = $runs[0].DetectorFile
    $binner = New-FileBinner ztc_2017 -DetectorFile $detx
    $flat = New-FileBinner (New-BinAxis pos_z 0 200 10) -DetectorFile $detx
    function Get-Leaf($Result) { $Result.Output | Split-Path -Leaf }
}

Describe 'Invoke-Binning' {
    BeforeEach {
        $out = "TestDrive:/out$((New-Guid).ToString('N'))"
        $null = New-Item -ItemType Directory $out
        Push-Location $out
        $here = Join-Path (Get-Item .).FullName ''
    }

    AfterEach { Pop-Location }

    Context 'inputs' {
        It 'takes a binner from the pipeline, and files by wildcard' {
            $results = $binner | Invoke-Binning -Path ../in/*.h5
            $results | ForEach-Object { $_ | Should -BeOfType OrcaSong.Running.RunResult }
            $results.Input | Sort-Object | Should -Be $runs.Path
            Get-ChildItem -Name | Should -Be run1_dl.h5, run2_dl.h5, run3_dl.h5
            ($results | Measure-Object EventsWritten -Sum).Sum | Should -Be 600
        }

        It 'takes files from the pipeline as <what>' -ForEach @(
            @{ what = 'items'; get = { Get-ChildItem ../in/*.h5 } }
            @{ what = 'names'; get = { Get-ChildItem ../in/*.h5 | ForEach-Object FullName } }
            @{ what = 'names relative to the current location'; get = { '../in/run1.h5', '../in/run2.h5', '../in/run3.h5' } }
            @{ what = 'a pattern'; get = { '../in/*.h5' } }
            @{ what = 'simulated runs'; get = { $runs } }
            @{ what = 'rows of a table'; get = { "Path`n../in/run1.h5`n../in/run2.h5`n../in/run3.h5" | ConvertFrom-Csv } }
        ) {
            (& $get | Invoke-Binning -FileBinner $binner).Input | Sort-Object | Should -Be $runs.Path
        }

        It 'takes a name with brackets by <how>' -ForEach @(
            @{ how = '-LiteralPath'; run = { Invoke-Binning -FileBinner $binner -LiteralPath '../run[1].h5' } }
            @{ how = '-LiteralPath, the binner from the pipeline'; run = { $binner | Invoke-Binning -LiteralPath '../run[1].h5' } }
            @{ how = 'its item'; run = { Get-Item -LiteralPath '../run[1].h5' | Invoke-Binning -FileBinner $binner } }
            @{ how = 'its escaped name, as completion writes it'; run = { $binner | Invoke-Binning '../run`[1`].h5' } }
            @{ how = 'its plain name, where no other file matches'; run = { $binner | Invoke-Binning '../run[1].h5' } }
        ) {
            Get-Leaf (& $run) | Should -Be 'run[1]_dl.h5'
        }

        It 'finds files and outputs from the location of the session, not from the folder of the process' {
            [Environment]::CurrentDirectory | Should -Not -Be $here.TrimEnd('/', '\')
            ($binner | Invoke-Binning ../in/run1.h5).Output | Should -BeExactly "${here}run1_dl.h5"
        }

        It 'takes paths on other drives of the session' {
            $null = New-PSDrive Events FileSystem "${folder}in"
            ($binner | Invoke-Binning Events:/run1.h5 -DestinationPath TestDrive:/drive/).Output | Should -BeExactly (Join-Path "${folder}drive" run1_dl.h5)
        }
    }

    Context 'outputs' {
        It 'writes one file to a name that ends in .h5' {
            ($binner | Invoke-Binning ../in/run1.h5 some.h5).Output | Should -BeExactly "${here}some.h5"
        }

        It 'writes into <what>' -ForEach @(
            @{ what = 'a folder that exists'; destination = 'old' }
            @{ what = 'a folder that exists, though it is called .h5'; destination = 'old.h5' }
            @{ what = 'a new folder with a slash'; destination = 'new/' }
            @{ what = 'a new folder without a slash'; destination = 'new' }
            @{ what = 'a new folder in a new folder'; destination = 'new/newer' }
            @{ what = 'a new folder with brackets'; destination = 'new[1]' }
        ) {
            $null = New-Item -ItemType Directory old, old.h5
            ($binner | Invoke-Binning ../in/run1.h5 -DestinationPath $destination).Output | Should -BeExactly (Join-Path $here $destination run1_dl.h5)
        }

        It 'takes the destination of each file from a script block' {
            $results = Get-ChildItem ../in/*.h5 | Invoke-Binning -FileBinner $binner -DestinationPath { "by/$($_.BaseName)/images.h5".Replace('/images.h5', '/') }
            $results.Output | Sort-Object | Should -Be (1..3 | ForEach-Object { Join-Path $here "by/run$_/run${_}_dl.h5" })
        }

        It 'takes the destination of each file from a table' {
            "Path,DestinationPath`n../in/run1.h5,x.h5`n../in/run2.h5,y.h5" | ConvertFrom-Csv | Invoke-Binning -FileBinner $binner | Out-Null
            Get-ChildItem -Name | Should -Be x.h5, y.h5
        }

        It 'writes several binners under suffixes of their own' {
            $results = $binner, $flat | Invoke-Binning ../in/run1.h5, ../in/run2.h5 -Suffix _ztc, _z
            Get-Leaf $results | Sort-Object | Should -Be run1_z.h5, run1_ztc.h5, run2_z.h5, run2_ztc.h5
            Get-Leaf (Get-Item ../in/run3.h5 | Invoke-Binning -FileBinner $binner, $flat -Suffix _ztc, _z) | Sort-Object | Should -Be run3_z.h5, run3_ztc.h5
        }

        It 'writes several binners into folders of their own' {
            $results = $binner, $flat | Invoke-Binning ../in/run1.h5 -DestinationPath { "$($_.Axes.Count)d/" }
            $results.Output | Sort-Object | Should -Be (Join-Path $here 1d run1_dl.h5), (Join-Path $here 3d run1_dl.h5)
        }

        It 'does not take the outputs of one binner as inputs of the next' {
            Copy-Item ../in/run1.h5 .
            ($binner, $flat | Invoke-Binning *.h5 -Suffix _a, _b).Count | Should -Be 2
        }

        It 'refuses two outputs of the same name, and makes the first' {
            $results = $binner, $flat | Invoke-Binning ../in/run1.h5 -ErrorVariable failures -ErrorAction SilentlyContinue
            $results | Should -HaveCount 1
            $failures | Should -HaveCount 1
            Get-Id $failures[0] | Should -BeExactly InvalidOutput
            "$($failures[0])" | Should -BeLike "*run1.h5' would be written to *run1_dl.h5'*same call*"
        }

        It 'refuses a third binner when there are two suffixes' {
            Get-Id (Get-Failure { $binner, $flat, $flat | Invoke-Binning ../in/run1.h5 -Suffix _a, _b }) | Should -BeExactly SuffixMissing
        }

        It 'refuses several files to one, before anything is written' {
            $failure = Get-Failure { $binner | Invoke-Binning ../in/*.h5 one.h5 }
            Get-Id $failure | Should -BeExactly SeveralInputsOneOutput
            Get-ChildItem | Should -BeNullOrEmpty
        }

        It 'overwrites only with -Force' {
            $null = $binner | Invoke-Binning ../in/run1.h5
            $failure = Get-Failure { $binner | Invoke-Binning ../in/run1.h5 }
            Get-Id $failure | Should -BeExactly OutputExists
            $failure.CategoryInfo.Category | Should -Be ResourceExists
            "$failure" | Should -BeLike '*-Force*'
            ($binner | Invoke-Binning ../in/run1.h5 -Force).EventsWritten | Should -Be 100
        }

        It 'writes nothing with -WhatIf, not even the folder' {
            $binner | Invoke-Binning ../in/*.h5 new/ -WhatIf | Should -BeNullOrEmpty
            Get-ChildItem | Should -BeNullOrEmpty
        }

        It 'makes the same bytes for any -ThrottleLimit' {
            $hashes = 1, 2, 8 | ForEach-Object {
                (Get-FileHash ($binner | Invoke-Binning ../in/*.h5 "t$_/" -ThrottleLimit $_ | Sort-Object Output).Output).Hash -join ' '
            }
            $hashes | Select-Object -Unique | Should -HaveCount 1
        }
    }

    Context 'results' {
        It 'says what became of a file' {
            $result = $binner | Invoke-Binning ../in/run2.h5
            $result.EventsRead, $result.EventsWritten, $result.EventsSkipped | Should -Be 200, 200, 0
            $result.Hits | Should -Be $runs[1].Hits
            $result.BinStatistics.Axes.Field | Should -Be pos_z, time, channel_id
            $result.Elapsed | Should -BeGreaterThan ([timespan]::Zero)
            $result.EventsPerSecond | Should -BeGreaterThan 0
        }

        It 'passes its output on in the pipeline' {
            ($binner | Invoke-Binning ../in/run1.h5 | Get-Item).Name | Should -Be run1_dl.h5
        }

        It 'emits a result as soon as a file is done, while others are still to come' {
            $seen = & { '../in/run1.h5'; Wait-Until { Test-Path run1_dl.h5 }; '../in/run2.h5'; '../in/run3.h5' } | Invoke-Binning -FileBinner $binner
            $seen | Should -HaveCount 3
        }

        It 'stops when no more results are wanted' {
            Get-ChildItem ../in/*.h5 | Invoke-Binning -FileBinner $binner -ThrottleLimit 1 | Select-Object -First 1 | Should -HaveCount 1
            Get-ChildItem *.partial | Should -BeNullOrEmpty
        }

        It 'says with -Verbose what was done' {
            $lines = $binner | Invoke-Binning ../in/run1.h5 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
            "$lines" | Should -Match 'run1_dl.h5: 100 events, \d+ hits, \d+\.\d\d s, \d+ events/s'
        }

        It 'passes the warnings of a file on' {
            $null = New-SimulatedRun calibrated.h5 -Event 5 -Calibrated
            $result = $binner | Invoke-Binning calibrated.h5 -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike '*calibrated.h5: *t0 is now added a second time*'
            $result.Warnings | Should -HaveCount 1
        }
    }

    Context 'errors' {
        BeforeEach {
            Set-Content text.h5 'not HDF5'
            $null = New-Item -ItemType Directory folder.h5
            $null = New-SimulatedRun other.h5 -Event 5 -DetectorId 7
            [IO.File]::WriteAllBytes("${here}cut.h5", [IO.File]::ReadAllBytes($runs[0].Path)[0..50000])
        }

        It '<id> for <what>' -ForEach @(
            @{ what = 'a file that does not exist'; path = 'no.h5'; id = 'InputNotFound'; category = 'ObjectNotFound'; target = 'no.h5'; message = '*no.h5* does not exist*' }
            @{ what = 'a pattern that matches nothing'; path = 'no*.h5'; id = 'InputNotFound'; category = 'ObjectNotFound'; target = 'no*.h5'; message = "No file matches 'no*" }
            @{ what = 'a folder'; path = 'folder.h5'; id = 'InputIsFolder'; category = 'InvalidArgument'; target = 'folder.h5'; message = '*is a folder*' }
            @{ what = 'a file that is not HDF5'; path = 'text.h5'; id = 'NotAnEventFile'; category = 'InvalidData'; target = 'text.h5'; message = '*not an HDF5 file*' }
            @{ what = 'a truncated file'; path = 'cut.h5'; id = 'CannotReadInput'; category = 'ReadError'; target = 'cut.h5'; message = '*truncated*' }
            @{ what = 'a file of another detector'; path = 'other.h5'; id = 'WrongDetector'; category = 'InvalidData'; target = 'other.h5'; message = '*hits*modules*detector file*' }
            @{ what = 'a path outside the file system'; path = 'Env:/HOME'; id = 'InvalidPath'; category = 'InvalidArgument'; target = 'Env:/HOME'; message = '*Environment*' }
            @{ what = 'a drive that does not exist'; path = 'nodrive:/a.h5'; id = 'InvalidPath'; category = 'InvalidArgument'; target = 'nodrive:/a.h5'; message = '*nodrive*' }
        ) {
            $result = $binner | Invoke-Binning $path, ../in/run1.h5 -ErrorVariable failures -ErrorAction SilentlyContinue
            $result.Input | Should -BeExactly $runs[0].Path -Because 'the other file goes on'
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeExactly "$id,OrcaSong.PowerShell.Commands.InvokeBinningCommand"
            $failures[0].CategoryInfo.Category | Should -Be $category
            $failures[0].TargetObject | Should -BeLike "*$($target.Replace('*', '`*'))"
            "$($failures[0])" | Should -BeLike $message
            Get-ChildItem *_dl.h5*, *.partial -Name | Should -Be run1_dl.h5
        }

        It 'NotAnEventFile for an output, saying what it is' {
            $null = $binner | Invoke-Binning ../in/run1.h5
            $failure = Get-Failure { $binner | Invoke-Binning run1_dl.h5 }
            Get-Id $failure | Should -BeExactly NotAnEventFile
            "$failure" | Should -BeLike '*for training*'
        }

        It 'MissingData for a field that does not exist, saying which do' {
            $failure = Get-Failure { New-FileBinner (New-BinAxis energy 0 1 2) -DetectorFile $detx | Invoke-Binning ../in/run1.h5 }
            Get-Id $failure | Should -BeExactly MissingData
            "$failure" | Should -BeLike '*energy*channel_id*pos_z*'
        }

        It 'InvalidDetectorFile for a detector file that is none' {
            Set-Content bad.detx 'nonsense'
            Get-Id (Get-Failure { New-FileBinner ztc_2017 -DetectorFile bad.detx | Invoke-Binning ../in/run1.h5 }) | Should -BeExactly InvalidDetectorFile
        }

        It 'InvalidOutput for the input itself' {
            Copy-Item ../in/run1.h5 self.h5
            Get-Id (Get-Failure { $binner | Invoke-Binning self.h5 self.h5 -Force }) | Should -BeExactly InvalidOutput
            (Get-FileHash self.h5).Hash | Should -Be (Get-FileHash ../in/run1.h5).Hash
        }

        It 'OutputFolderNotFound for a file in a folder that does not exist' {
            Get-Id (Get-Failure { $binner | Invoke-Binning ../in/run1.h5 no/out.h5 }) | Should -BeExactly OutputFolderNotFound
        }

        It 'CannotWriteOutput for a folder that cannot be made' {
            $failure = Get-Failure { $binner | Invoke-Binning ../in/run1.h5 text.h5/sub/ }
            Get-Id $failure | Should -BeExactly CannotWriteOutput
            "$failure" | Should -BeLike '*The folder*text.h5*cannot be made*'
        }

        It 'Hdf5LibraryNotFound, once and at once, where there is no HDF5 library' {
            $session = "`$env:ORCASONG_HDF5 = '/nowhere'; Import-Module '$Manifest'; try { New-FileBinner ztc_2017 | Invoke-Binning a.h5, b.h5 } catch { `$_.FullyQualifiedErrorId; `"`$_`" }"
            $lines = pwsh -NoProfile -NonInteractive -Command $session
            $lines[0] | Should -BeExactly 'Hdf5LibraryNotFound,OrcaSong.PowerShell.Commands.InvokeBinningCommand'
            $lines[1] | Should -BeLike '*ORCASONG_HDF5*install*'
        }

        It 'refuses at once <what>' -ForEach @(
            @{ what = 'no binner'; run = { Invoke-Binning -Path ../in/run1.h5 -FileBinner $null } }
            @{ what = 'what is no binner'; run = { Invoke-Binning -Path ../in/run1.h5 -FileBinner 'ztc_2017' } }
            @{ what = 'no files'; run = { $binner | Invoke-Binning } }
            @{ what = 'files, but no binner'; run = { Get-Item ../in/run1.h5 | Invoke-Binning } }
            @{ what = 'a throttle limit of 0'; run = { $binner | Invoke-Binning ../in/run1.h5 -ThrottleLimit 0 } }
        ) {
            Get-Id (Get-Failure $run) | Should -Match '^(ParameterArgumentValidation|CannotConvertArgument|PathOrFileBinnerMissing)'
        }
    }

    Context 'progress' {
        It 'shows events, rate and time left, and takes the bar away' {
            $script = '& { $With.Paths[0]; Start-Sleep -Milliseconds 500; $With.Paths[1]; Start-Sleep -Milliseconds 300; $With.Paths[2] } | Invoke-Binning -FileBinner $With.Binner -DestinationPath $With.Out'
            $session = Start-Runspace $script @{ Paths = $runs.Path; Binner = $binner; Out = $here }
            $null = $session.Shell.EndInvoke($session.Running)
            $records = $session.Shell.Streams.Progress | Where-Object Activity -EQ 'Processing events'
            $records.Count | Should -BeIn 2, 3, 4
            $records[0].StatusDescription | Should -Match '^\d+ of [\d,]+ events, [\d,]+ events/s$'
            $records[0].CurrentOperation | Should -Match '^\d of \d files are done$'
            $records[-1].RecordType | Should -Be Completed
        }

        It 'leaves nothing behind when it is stopped' {
            $null = New-SimulatedRun long.h5 -Event 6000 -HitsPerEvent 200
            $slow = New-FileBinner four_line_high -DetectorFile long.detx -CompressionLevel 9
            $session = Start-Runspace '$With.Binner | Invoke-Binning $With.Path -DestinationPath $With.Out -ThrottleLimit 1' @{ Path = "${here}long.h5"; Binner = $slow; Out = "${here}stopped/" }
            Wait-Until { Test-Path stopped/*.partial }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $session.Shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 1
            Get-ChildItem stopped | Should -BeNullOrEmpty
            $session.Shell.Streams.Error | Should -BeNullOrEmpty
        }
    }
}
