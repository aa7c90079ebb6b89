BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $folder = Join-Path (Get-Item TestDrive:/).FullName ''
    $null = New-Item TestDrive:/in, TestDrive:/here -ItemType Directory
    Push-Location TestDrive:/in
    $runs = 1..3 | ForEach-Object { New-SimulatedRun "$_.h5" -Event (10 * $_) -RunId $_ -HitsPerEvent 20 }
    $graphs = $runs | ConvertTo-Graph -Extractor nu_chain_data -DestinationPath ../ -Suffix _g
    $null = New-SimulatedRun other.h5 -Event 5 -HitsPerEvent 20 | ConvertTo-Graph -Extractor nu_chain_neutrino -DestinationPath ../ -Suffix _g
    Set-Content ../text.h5 'no HDF5'
    Set-Location ../here
    $expected = (Get-FileHash (Merge-EventFile ../1_g.h5, ../2_g.h5, ../3_g.h5 ../expected.h5).Output).Hash
    function Get-Hash($Result) { (Get-FileHash -LiteralPath $Result.Output).Hash }
}

AfterAll { Pop-Location }

Describe 'Merge-EventFile' {
    AfterEach { Get-ChildItem | Remove-Item -Recurse -Force }

    It 'makes the same of <what>' -ForEach @(
        @{ what = 'paths'; make = { Merge-EventFile ../1_g.h5, ../2_g.h5, ../3_g.h5 out.h5 } }
        @{ what = 'a wildcard'; make = { Merge-EventFile ../[1-3]_g.h5 out.h5 } }
        @{ what = 'paths of a drive'; make = { Merge-EventFile TestDrive:/1_g.h5, TestDrive:/2_g.h5, TestDrive:/3_g.h5 TestDrive:/here/out.h5 } }
        @{ what = 'literal paths'; make = { Merge-EventFile -LiteralPath ../1_g.h5, ../2_g.h5, ../3_g.h5 -DestinationPath out.h5 } }
        @{ what = 'files from the pipeline'; make = { Get-ChildItem ../?_g.h5 | Merge-EventFile -DestinationPath out.h5 } }
        @{ what = 'paths from the pipeline'; make = { '../1_g.h5', '../2_g.h5', '../3_g.h5' | Merge-EventFile -DestinationPath out.h5 } }
        @{ what = 'results of ConvertTo-Graph'; make = { $graphs | Merge-EventFile -DestinationPath out.h5 } }
        @{ what = 'a list'; make = { Set-Content list.txt '../1_g.h5', '', '../2_g.h5', '../3_g.h5'; Merge-EventFile -ListFile list.txt -DestinationPath out.h5 } }
        @{ what = 'one thread'; make = { Merge-EventFile ../?_g.h5 out.h5 -ThrottleLimit 1 } }
        @{ what = 'all columns, which are the same'; make = { Merge-EventFile ../?_g.h5 out.h5 -Force -SkipInvalid } }
    ) {
        $result = & $make
        $result | Should -BeOfType OrcaSong.Training.MergeResult
        $result.Output | Should -BeExactly "${folder}here/out.h5"
        $result.Events, $result.FileCount | Should -Be 60, 3
        Get-Hash $result | Should -Be $expected
        Get-ChildItem *.h5, *.partial -Name | Should -Be out.h5
    }

    It 'takes names with brackets literally' {
        Copy-Item ../1_g.h5 'a[1].h5'
        (Merge-EventFile -LiteralPath 'a[1].h5' -DestinationPath 'b[1].h5').Events | Should -Be 10
        (Get-Item -LiteralPath 'a[1].h5' | Merge-EventFile -DestinationPath c.h5).Inputs | Should -BeExactly "${folder}here/a[1].h5"
    }

    It 'goes on to Invoke-EventShuffle' {
        $result = Merge-EventFile ../?_g.h5 merged.h5 | Invoke-EventShuffle -Seed 3
        $result.Output | Should -BeExactly "${folder}here/merged_shuffled.h5"
        $result.Events | Should -Be 60
    }

    It 'writes nothing with -WhatIf' {
        Merge-EventFile ../?_g.h5 out.h5 -WhatIf | Should -BeNullOrEmpty
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'replaces an output only with -Force' {
        Set-Content out.h5 mine
        $failure = Get-Failure { Merge-EventFile ../?_g.h5 out.h5 }
        Get-Id $failure | Should -BeExactly OutputExists
        $failure.CategoryInfo.Category | Should -Be ResourceExists
        "$failure" | Should -BeLike '*-Force*'
        Get-Content out.h5 | Should -Be mine
        Get-Hash (Merge-EventFile ../?_g.h5 out.h5 -Force) | Should -Be $expected
    }

    It 'reports every problem of every file, and writes nothing' {
        Merge-EventFile ../1_g.h5, ../text.h5, ../other_g.h5, ../1_g.h5, ../in/1.h5 out.h5 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures.ForEach{ Get-Id $_ } | Sort-Object -Unique | Should -BeExactly InvalidFile
        $failures.ForEach{ $_.CategoryInfo.Category } | Sort-Object -Unique | Should -Be InvalidData
        $failures.TargetObject | Split-Path -Leaf | Sort-Object -Unique | Should -HaveCount 4
        $failures.TargetObject | Split-Path -Leaf | Should -BeIn 1.h5, 1_g.h5, other_g.h5, text.h5
        $failures | ForEach-Object { "$_" | Should -BeLike "'$($_.TargetObject)'*: expected *, found *" }
        "$($failures.Where{ $_.TargetObject -like '*other_g.h5' })" | Should -BeLike '*/y: expected the columns*also*'
        Get-ChildItem | Should -BeNullOrEmpty
    }

    It 'leaves files out with -SkipInvalid, and warns' {
        $result = Merge-EventFile ../text.h5, ../1_g.h5, ../other_g.h5 out.h5 -SkipInvalid -WarningVariable warnings -WarningAction SilentlyContinue
        $result.Events | Should -Be 10
        $result.Skipped.Path | Split-Path -Leaf | Sort-Object -Unique | Should -Be other_g.h5, text.h5
        $warnings.Count | Should -Be $result.Skipped.Count
        $warnings | ForEach-Object { "$_" | Should -BeLike 'Left out: *expected *, found *' }
    }

    It 'keeps common or all columns' {
        (Merge-EventFile ../1_g.h5, ../other_g.h5 common.h5 -Column Common).Events | Should -Be 15
        (Merge-EventFile ../1_g.h5, ../other_g.h5 all.h5 -Column All).Events | Should -Be 15
        Get-Id (Get-Failure { Merge-EventFile ../1_g.h5 out.h5 -Column Some }) | Should -BeExactly CannotConvertArgumentNoMessage
    }

    It 'takes a file twice only if allowed, and warns' {
        Get-Id (Get-Failure { Merge-EventFile ../1_g.h5, ../1_g.h5 out.h5 }) | Should -BeExactly InvalidFile
        $result = Merge-EventFile ../1_g.h5, ../1_g.h5 out.h5 -AllowDuplicate -WarningVariable warnings -WarningAction SilentlyContinue
        $result.Events | Should -Be 20
        "$warnings" | Should -BeLike '*2 times*'
    }

    It '<id> for <what>' -ForEach @(
        @{ what = 'a file that does not exist'; run = { Merge-EventFile ../1_g.h5, no.h5 out.h5 }; id = 'InputNotFound'; category = 'ObjectNotFound'; message = '*no.h5* does not exist*' }
        @{ what = 'a pattern that matches nothing'; run = { Merge-EventFile no*.h5 out.h5 }; id = 'InputNotFound'; category = 'ObjectNotFound'; message = "No file matches 'no*" }
        @{ what = 'a folder as input'; run = { Merge-EventFile ../in out.h5 }; id = 'InputIsFolder'; category = 'InvalidArgument'; message = '*is a folder*' }
        @{ what = 'a folder as output'; run = { Merge-EventFile ../1_g.h5 ../in -Force }; id = 'InvalidOutput'; category = 'InvalidArgument'; message = '*is a folder*' }
        @{ what = 'an input as output'; run = { Merge-EventFile ../1_g.h5, ../2_g.h5 ../2_g.h5 -Force }; id = 'InvalidOutput'; category = 'InvalidArgument'; message = '*one of the inputs*' }
        @{ what = 'a folder that is not there'; run = { Merge-EventFile ../1_g.h5 no/out.h5 }; id = 'OutputFolderNotFound'; category = 'ObjectNotFound'; message = '*make it first*' }
        @{ what = 'an output that is no file'; run = { Merge-EventFile ../1_g.h5 Env:/out }; id = 'InvalidPath'; category = 'InvalidArgument'; message = '*Environment*' }
        @{ what = 'a list that is not there'; run = { Merge-EventFile -ListFile no.txt -DestinationPath out.h5 }; id = 'InputNotFound'; category = 'ObjectNotFound'; message = '*no.txt*' }
        @{ what = 'a list of nothing'; run = { Set-Content empty.txt ''; Merge-EventFile -ListFile empty.txt -DestinationPath out.h5 }; id = 'InvalidData'; category = 'InvalidData'; message = '*names no file*' }
        @{ what = 'a list that is HDF5'; run = { Merge-EventFile -ListFile ../1_g.h5 -DestinationPath out.h5 }; id = 'InvalidData'; category = 'InvalidData'; message = '*no list of files*' }
    ) {
        $failure = Get-Failure $run
        Get-Id $failure | Should -BeExactly $id
        $failure.CategoryInfo.Category | Should -Be $category
        "$failure" | Should -BeLike $message
        'out.h5' | Should -Not -Exist
    }

    It 'says with -Verbose what was done' {
        $lines = Merge-EventFile ../?_g.h5 out.h5 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$lines" | Should -Match 'out.h5: 60 events of 3 files, \d+\.\d\d s, \d+ MB/s'
    }

    It 'fits 80 columns' {
        $result = Merge-EventFile ../?_g.h5 out.h5
        foreach ($text in ($result | Out-String -Width 80), ($result | Format-List | Out-String -Width 80)) {
            $text.Trim() | Should -Not -BeNullOrEmpty
            ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        }
    }
}

Describe 'Merge-EventFile of large files' {
    BeforeAll {
        $large = New-SimulatedRun ../in/large.h5 -Event 3000 -HitsPerEvent 500 | ConvertTo-Graph -Extractor nu_chain_data -DestinationPath ../
    }

    AfterEach { Get-ChildItem | Remove-Item -Recurse -Force }

    It 'shows how far it is, and takes the bar away' {
        $session = Start-Runspace 'Merge-EventFile $With.Paths $With.Out -AllowDuplicate -WarningAction Ignore' @{ Paths = @($large.Output) * 12; Out = "${folder}here/out.h5" }
        $null = $session.Shell.EndInvoke($session.Running)
        $records = @($session.Shell.Streams.Progress | Where-Object Activity -EQ 'Merging files')
        $records.Count | Should -BeGreaterThan 1
        $records[0].StatusDescription | Should -Match '^[\d,]+ of 36,000 events, [\d,]+ events/s$'
        "$($records[-1].RecordType)" | Should -Be Completed
    }

    It 'leaves nothing behind within a second' {
        $session = Start-Runspace 'Merge-EventFile $With.Paths $With.Out -AllowDuplicate -ThrottleLimit 1' @{ Paths = @($large.Output) * 40; Out = "${folder}here/out.h5" }
        Wait-Until { Test-Path *.partial }
        Start-Sleep -Milliseconds 300
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 1
        Get-ChildItem | Should -BeNullOrEmpty
        $session.Shell.Streams.Error | Should -BeNullOrEmpty
    }
}
