# Run by ./build.sh test-slurm, which starts a Slurm for it: SLURM_CONF says where it is.
BeforeDiscovery {
    $page = Get-Content (Join-Path $PSScriptRoot ../../docs/cluster.md) -Raw
    $pieces = [regex]::Matches($page, '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }
    $examples = foreach ($file in Get-ChildItem (Join-Path $PSScriptRoot ../../docs/cmdlets) -Filter *-SlurmJob.md) {
        [regex]::Matches((Get-Content $file -Raw), '(?ms)^```powershell\r?\n(.*?)^```').ForEach{ @{ Code = $_.Groups[1].Value } }
    }
}

BeforeAll {
    . "$PSScriptRoot/../Module/Module.ps1"
    if (-not $env:SLURM_CONF) { throw 'These tests need a Slurm of their own: ./build.sh test-slurm starts one.' }
    $slurm = Join-Path $PSScriptRoot slurm.sh
    $state = Split-Path $env:SLURM_CONF
    $env:XDG_CONFIG_HOME = Join-Path $TestDrive config

    # Nothing in a name may be executed, wherever it stands: in scripts, lists, arguments.
    $odd = 'pro $(touch executed); "d''u ction'
    $null = New-Item (Join-Path $TestDrive $odd) -ItemType Directory
    Push-Location -LiteralPath (Join-Path $TestDrive $odd)
    $WarningPreference = 'SilentlyContinue' # the folder is this machine's own
    $null = New-Item in -ItemType Directory
    $first = New-SimulatedRun in/01.h5 -Event 40 -HitsPerEvent 40
    2..60 | ForEach-Object { $null = New-SimulatedRun ('in/{0:00}.h5' -f $_) -Event 40 -HitsPerEvent 40 -RunId $_ }
    $binner = New-FileBinner ztc_2017 -DetectorFile $first.DetectorFile -Extractor nu_chain_data
    $local = $binner | Invoke-Binning in/*.h5 -DestinationPath local
    $option = New-SlurmOption htc -FilePerTask 5 -TaskLimit 2 -Memory 400MB -Time 00:01:00 -Licence sps

    function Get-Difference([string] $Folder) {
        # Names of files that are not the same as those of the local run.
        Get-ChildItem local | Where-Object { -not (Test-Path "$Folder/$($_.Name)") -or (Get-FileHash $_).Hash -ne (Get-FileHash "$Folder/$($_.Name)").Hash } | ForEach-Object Name
    }

    function New-Command([string] $Name, [string] $Faults) {
        # A command that does not what it should the first time that a task calls it; the task is noted down.
        $flags = (New-Item "$Name.flags" -ItemType Directory).FullName
        $text = @"
#!/usr/bin/env bash
flags='$($flags.Replace("'", "'\''"))'
first() { [ "`$command" = run ] && mkdir "`$flags/`$1" 2>/dev/null && echo "`$SLURM_ARRAY_TASK_ID" >"`$flags/`$1/task"; }
command=`$1 list=`$2
$Faults
exec '$Orcasong' "`$@"
"@
        Set-Content $Name $text
        chmod +x $Name
        (Get-Item $Name).FullName
    }

    $Orcasong = (Resolve-Path "$PSScriptRoot/../../out/bin/orcasong").Path
}

AfterAll {
    Pop-Location
    $env:XDG_CONFIG_HOME = $null
}

Describe 'A job' {
    BeforeAll {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $job = $binner | Invoke-Binning in/*.h5 -DestinationPath cluster -Slurm $option
        $seconds = $watch.Elapsed.TotalSeconds
    }

    It 'comes back at once, with its number, its folder, its tasks and the outputs to come' {
        $seconds | Should -BeLessThan 10
        $job.Id | Should -Match '^\d+$'
        $job.State | Should -BeIn Pending, Running
        $job.Tasks, $job.Files, $job.Submissions | Should -Be 12, 60, 1
        $job.Output | Should -HaveCount 60
        $job.Output[0] | Should -Be (Join-Path $PWD.ProviderPath cluster/01_dl.h5)
    }

    It 'has a folder that a person can read' {
        Get-ChildItem $job.Folder -Name | Should -Be 1, config.toml, files.tsv, job.json
        Get-ChildItem (Join-Path $job.Folder 1) -Name | Sort-Object | Should -Be check, check.sh, lists, log, run.sh, submitted.json
        Get-Content -LiteralPath (Join-Path $job.Folder 1/run.sh) | Should -Contain '#SBATCH --array=1-12%2'
        $listed = Get-ChildItem (Join-Path $job.Folder 1/lists) | Get-Content
        $listed | Should -HaveCount 60
        $listed | Should -Contain ('{0}{1}{2}' -f (Resolve-Path in/07.h5).ProviderPath, "`t", (Join-Path $PWD.ProviderPath cluster/07_dl.h5))
        bash -n (Join-Path $job.Folder 1/run.sh) | Should -BeNullOrEmpty
    }

    It 'makes the same bytes as a local run, and is found again by its folder in another session' {
        $after = pwsh -NoProfile -NonInteractive -Command {
            param($manifest, $folder)
            Import-Module $manifest
            Wait-SlurmJob $folder -Interval 1 | Select-Object @{ n = 'State'; e = { "$($_.State)" } }, FilesDone, FilesChecked, EventsDone, TimeLeft
        } -args $Manifest, $job.Folder
        $after.State, $after.FilesDone, $after.FilesChecked, $after.EventsDone | Should -Be 'Completed', 60, 60, 2400
        Get-Difference cluster | Should -BeNullOrEmpty
        Test-Path executed | Should -BeFalse
        Get-ChildItem cluster -Name | Should -HaveCount 60
    }

    It 'gives the same results as a local run' {
        $results = $job | Receive-SlurmJob -WarningVariable warnings
        $results | Should -HaveCount 60
        $warnings | Should -BeNullOrEmpty
        foreach ($i in 0, 31, 59) {
            $results[$i].GetType() | Should -Be $local[$i].GetType()
            foreach ($property in 'Input', 'EventsRead', 'EventsWritten', 'EventsSkipped', 'Hits', 'Overflows') { $results[$i].$property | Should -Be $local[$i].$property }
            $results[$i].BinStatistics.Axes[0].Histogram | Should -Be $local[$i].BinStatistics.Axes[0].Histogram
            Split-Path $results[$i].Output -Leaf | Should -Be (Split-Path $local[$i].Output -Leaf)
        }
    }

    It 'is listed with the others of the working folder, and has nothing to restart' {
        (Get-SlurmJob).Folder | Should -Contain $job.Folder
        $again = $job | Restart-SlurmJob
        $again.Submissions, $again.State | Should -Be 1, 'Completed'
    }

    It 'makes again what the check finds broken or is lost, and nothing else' {
        $before = Get-ChildItem cluster | Where-Object Name -NotIn 05_dl.h5, 06_dl.h5 | ForEach-Object LastWriteTimeUtc
        Remove-Item cluster/05_dl.h5
        # Not the size, but what is in a chunk.
        $bytes = [IO.File]::ReadAllBytes("$PWD/cluster/06_dl.h5")
        Set-Content cluster/06_dl.h5 $bytes[0..($bytes.Length - 2)] -AsByteStream
        $again = $job | Restart-SlurmJob | Wait-SlurmJob -Interval 1
        $again.State, $again.Submissions, $again.Tasks | Should -Be 'Completed', 2, 1
        Get-Difference cluster | Should -BeNullOrEmpty
        Get-ChildItem cluster | Where-Object Name -NotIn 05_dl.h5, 06_dl.h5 | ForEach-Object LastWriteTimeUtc | Should -Be $before
    }
}

Describe 'A job that goes wrong' {
    BeforeAll {
        Move-Item in/43.h5 43.h5
        Set-Content in/43.h5 'no HDF5'
        $command = New-Command faulty @'
if ! grep -q '/43\.h5' "$list"; then
    if first cancelled; then exec sleep 600; fi
    if first late; then exec sleep 600; fi
    if first large; then head -c 900M /dev/zero | tail -c 800M | wc -c; fi
fi
'@
        $job = $binner | Invoke-Binning in/*.h5 -DestinationPath faulty.out -Slurm (New-SlurmOption htc -FilePerTask 5 -TaskLimit 3 -Memory 400MB -Time 00:01:00 -Command $command)
        # The daemon of the node goes and comes; tasks do not notice.
        Wait-Until { squeue --noheader --states=R --jobs=$($job.Id) } 60
        bash $slurm node stop $state
        Start-Sleep 1
        bash $slurm node start $state
        Wait-Until { Test-Path faulty.flags/*/task } 100
        scancel "$($job.Id)_$(Get-Content faulty.flags/cancelled/task)"
        $ended = $job | Wait-SlurmJob -Interval 2 -Timeout 170
    }

    It 'makes what can be made, and says what happened to the rest' {
        $ended.State | Should -Be Incomplete
        $by = $ended.Failures | Group-Object Kind -AsHashTable -AsString
        $by.Cancelled.Task | Should -Be "$($job.Id)_$(Get-Content faulty.flags/cancelled/task)"
        $by.TimeLimit.Task | Should -Be "$($job.Id)_$(Get-Content faulty.flags/late/task)"
        $by.Memory.Task | Should -Be "$($job.Id)_$(Get-Content faulty.flags/large/task)"
        $by.File.Input | Should -BeLike '*43.h5'
        $by.File.Reason | Should -Match 'HDF5'
        $ended.Failures.IsResolved | Should -Not -Contain $true
        $ended.FilesDone | Should -Be 44
        $ended.FilesFailed | Should -Be 1
        foreach ($failure in $ended.Failures) { $failure.Log | Should -Exist }
    }

    It 'gives results for what is made, and an error for each file and each task that failed' {
        $results = $job | Receive-SlurmJob -ErrorVariable errors -ErrorAction SilentlyContinue
        @($results).Count | Should -Be $ended.FilesDone
        $errors.FullyQualifiedErrorId.ForEach{ $_.Split(',')[0] } | Sort-Object -Unique | Should -Be SlurmFileFailed, SlurmTaskCancelled, SlurmTaskMemory, SlurmTaskTimeLimit
        "$errors" | Should -Match 'time limit'
    }

    It 'makes exactly what is missing after Restart-SlurmJob' {
        $before = @{}
        Get-ChildItem faulty.out | ForEach-Object { $before[$_.Name] = $_.LastWriteTimeUtc }
        Move-Item 43.h5 in/43.h5 -Force
        $again = $job | Restart-SlurmJob | Wait-SlurmJob -Interval 1
        $again.State, $again.FilesDone, $again.Submissions | Should -Be 'Completed', 60, 2
        $again.Failures | Should -HaveCount 4
        $again.Failures.IsResolved | Should -Not -Contain $false
        Get-ChildItem faulty.out | Where-Object { $before[$_.Name] } | ForEach-Object { $_.LastWriteTimeUtc | Should -Be $before[$_.Name] }
        (Get-ChildItem faulty.out).Count - $before.Count | Should -Be (60 - $ended.FilesDone)
        Get-Difference faulty.out | Should -BeNullOrEmpty
        Get-ChildItem (Join-Path $job.Folder 2/lists) | Get-Content | Should -HaveCount (60 - $ended.FilesDone)
        Test-Path executed | Should -BeFalse
    }
}

Describe 'A node that fails' {
    It 'costs nothing but time: Slurm begins its tasks anew' {
        $command = New-Command lost 'if first lost; then exec sleep 600; fi'
        $job = $binner | Invoke-Binning in/01.h5, in/02.h5 -DestinationPath lost.out -Slurm (New-SlurmOption -FilePerTask 2 -Memory 400MB -Command $command)
        Wait-Until { Test-Path lost.flags/lost/task } 30
        bash $slurm node crash $state
        Wait-Until { squeue --noheader --states=PD --jobs=$($job.Id) } 60
        bash $slurm node start $state
        # Slurm waits for two minutes, as the node may still be told to end the task that it has lost.
        Start-Sleep 8
        scontrol update "JobId=$($job.Id)" StartTime=now
        $ended = $job | Wait-SlurmJob -Interval 1 -Timeout 60
        $ended.State | Should -Be Completed
        $ended.Failures | Should -HaveCount 1
        $ended.Failures[0].Kind, $ended.Failures[0].IsResolved | Should -Be 'Node', $true
        foreach ($name in '01_dl.h5', '02_dl.h5') { (Get-FileHash lost.out/$name).Hash | Should -Be (Get-FileHash local/$name).Hash }
    }
}

Describe 'Jobs that follow' {
    It 'merge, shuffle and split what the first one makes, as the same commands do here' {
        $graph = New-FileGraph -HitField pos_z, time -DetectorFile $first.DetectorFile -Extractor nu_chain_data
        $graphs = Get-ChildItem in/0*.h5 | Invoke-Binning -FileBinner $graph -DestinationPath graphs -Slurm (New-SlurmOption -FilePerTask 3 -Memory 500MB)
        $merged = $graphs | Merge-EventFile -DestinationPath merged.h5
        $shuffled = $merged | Invoke-EventShuffle -DestinationPath shuffled.h5 -Seed 7
        $set = $graphs | New-TrainingSet -DestinationPath set -Fraction @{ train = 0.5; test = 0.5 } -SplitBy Random -ShardSize 100
        $ended = $graphs, $merged, $shuffled, $set | Wait-SlurmJob -Interval 1 -Timeout 100
        $ended.State | Should -Be Completed, Completed, Completed, Completed
        $null = $graph | Invoke-Binning in/0*.h5 -DestinationPath here
        Get-ChildItem here | ForEach-Object { (Get-FileHash graphs/$($_.Name)).Hash | Should -Be (Get-FileHash $_).Hash }
        ($merged | Receive-SlurmJob).Events | Should -Be 360
        $null = Merge-EventFile -LiteralPath $graphs.Output -DestinationPath merged2.h5
        (Get-FileHash merged.h5).Hash | Should -Be (Get-FileHash merged2.h5).Hash
        $null = Invoke-EventShuffle merged.h5 -DestinationPath shuffled2.h5 -Seed 7
        (Get-FileHash shuffled.h5).Hash | Should -Be (Get-FileHash shuffled2.h5).Hash
        $files = $set | Receive-SlurmJob
        $files.ForEach{ $_.Set } | Should -Be test, test, train, train
        $null = New-TrainingSet -LiteralPath $graphs.Output -DestinationPath set2 -Fraction @{ train = 0.5; test = 0.5 } -SplitBy Random -ShardSize 100
        foreach ($file in $files) { (Get-FileHash $file.Path).Hash | Should -Be (Get-FileHash "set2/$(Split-Path $file.Path -Leaf)").Hash }
    }

    It 'do not begin when the first one has failed, and are restarted after it' {
        $null = New-Item some -ItemType Directory
        Copy-Item in/01.h5, in/02.h5 some
        Set-Content some/02.h5 'no HDF5'
        $images = $binner | Invoke-Binning some/*.h5 -DestinationPath some.out -Slurm (New-SlurmOption -Memory 400MB)
        $merged = $images | Merge-EventFile -DestinationPath some.h5
        ($images, $merged | Wait-SlurmJob -Interval 1 -Timeout 60).State | Should -Be Incomplete, Incomplete
        (Get-SlurmJob $merged.Folder).Failures[0].Reason | Should -Match 'cancelled'
        Get-Id (Get-Failure { $merged | Restart-SlurmJob }) | Should -Be NotASlurmJob
        Copy-Item in/02.h5 some/02.h5
        ($images, $merged | Restart-SlurmJob | Wait-SlurmJob -Interval 1 -Timeout 60).State | Should -Be Completed, Completed
        (Get-EventFile some.h5).EventCount | Should -Be 80
    }
}

Describe 'Stop-SlurmJob' {
    It 'ends what runs and waits; Restart-SlurmJob goes on' {
        $command = New-Command stopped 'if first stopped; then exec sleep 600; fi'
        $job = $binner | Invoke-Binning in/03.h5, in/04.h5 -DestinationPath stopped.out -Slurm (New-SlurmOption -FilePerTask 1 -TaskLimit 1 -Memory 400MB -Command $command)
        Wait-Until { Test-Path stopped.flags/stopped/task } 30
        $job | Stop-SlurmJob -WhatIf
        (Get-SlurmJob $job.Folder).State | Should -Be Running
        $null = $job | Stop-SlurmJob
        Wait-Until { -not (squeue --noheader --jobs=$($job.Id)) } 30
        $stopped = Get-SlurmJob $job.Folder
        $stopped.State, $stopped.FilesDone | Should -Be Incomplete, 0
        $stopped.Failures.Kind | Should -Be Cancelled, Cancelled
        ($job | Restart-SlurmJob | Wait-SlurmJob -Interval 1 -Timeout 60).State | Should -Be Completed
    }
}

Describe 'What cannot be done' {
    It 'passes on what Slurm says of options that it refuses, and leaves nothing behind' {
        $count = @(Get-ChildItem orcasong-jobs -ErrorAction Ignore).Count
        $failure = Get-Failure { $binner | Invoke-Binning in/01.h5 -DestinationPath refused -Slurm (New-SlurmOption nowhere) }
        Get-Id $failure | Should -Be SlurmRefused
        "$failure" | Should -Match 'sbatch: error: .*[Ii]nvalid partition'
        $failure = Get-Failure { $binner | Invoke-Binning in/01.h5 -DestinationPath refused -Slurm (New-SlurmOption -Directive '--nonsense=1') }
        "$failure" | Should -Match 'nonsense'
        @(Get-ChildItem orcasong-jobs -ErrorAction Ignore).Count | Should -Be $count
        squeue --noheader | Should -BeNullOrEmpty
    }

    It 'says so if the nodes do not see the folder' {
        # This folder is covered by another one on the node.
        $job = $binner | Invoke-Binning in/01.h5 -DestinationPath unseen -Slurm (New-SlurmOption -Memory 400MB -Folder (Join-Path $state hidden))
        $ended = $job | Wait-SlurmJob -Interval 1 -Timeout 60
        $ended.State | Should -Be Incomplete
        $ended.Failures[0].Kind | Should -Be NotStarted
        $ended.Failures[0].Reason | Should -Match 'nodes do not see the folder'
    }

    It 'says so if the nodes do not see the inputs' {
        $hidden = Join-Path $state hidden
        Copy-Item in/01.h5 $hidden
        $job = $binner | Invoke-Binning (Join-Path $hidden 01.h5) -DestinationPath unseen -Slurm (New-SlurmOption -Memory 400MB)
        $ended = $job | Wait-SlurmJob -Interval 1 -Timeout 60
        $ended.Failures[0].Kind | Should -Be File
        $ended.Failures[0].Reason | Should -Match '01\.h5.*does not exist|does not exist'
    }
}

Describe 'The pages about jobs' -ForEach @{ Pieces = $pieces; Examples = $examples } {
    BeforeAll {
        Push-Location -LiteralPath (New-Item pages -ItemType Directory).FullName
        $null = New-Item raw -ItemType Directory
        1..4 | ForEach-Object { $null = New-SimulatedRun "raw/$_.h5" -Event 20 -HitsPerEvent 20 -RunId $_ }
    }

    AfterAll { Pop-Location }

    It 'have commands that run as they stand' {
        Set-StrictMode -Off
        $Pieces.Count, $Examples.Count | Should -Be 2, 15
        $ErrorActionPreference = 'Stop'
        foreach ($piece in $Pieces) { . ([scriptblock]::Create($piece.Code)) | Out-String | Should -Not -Match 'Incomplete' }
        Get-SlurmJob | ForEach-Object State | Should -Be Completed, Completed, Completed, Completed
        foreach ($example in $Examples) { $null = . ([scriptblock]::Create($example.Code)) }
        Get-SlurmJob | ForEach-Object { $_.State, $_.Submissions } | Should -Be (@('Completed', 1) * 4)
    }

    It 'show jobs within 80 columns' {
        $text = Get-SlurmJob | ForEach-Object { $_; $_ | Format-List; $_.Failures } | Out-String -Width 80
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}

Describe 'The example for Snakemake' {
    It 'makes images and a training set of them' {
        if (-not (Get-Command snakemake -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'snakemake is absent'; return }
        # Snakemake itself takes no quotes in the name of its folder.
        $files = Get-ChildItem in/0[1-7].h5
        Push-Location -LiteralPath (New-Item (Join-Path $TestDrive snake) -ItemType Directory).FullName
        try {
            Copy-Item (Join-Path $PSScriptRoot ../../docs/snakemake/*) .
            $null = New-Item in -ItemType Directory
            $files | Copy-Item -Destination in
            New-FileBinner ztc_2017 -DetectorFile $first.DetectorFile -Extractor nu_chain_data | Export-OrcaSongConfig images.toml
            $text = snakemake --cores 2 --config "orcasong=$Orcasong" 2>&1 | Out-String
            $LASTEXITCODE | Should -Be 0 -Because $text
            (Get-Content set/manifest.json | ConvertFrom-Json).events | Should -Be 280
            Get-Content log/0001.jsonl | Should -HaveCount 5
            Get-Content lists/0002.txt | Should -HaveCount 2
        }
        finally { Pop-Location }
    }
}
