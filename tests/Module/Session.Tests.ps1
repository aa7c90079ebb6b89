BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $run = New-SimulatedRun TestDrive:/run.h5 -Event 200
    $binner = New-FileBinner ztc_2017 -DetectorFile $run.DetectorFile -Extractor nu_chain_data
    $expected = (Get-FileHash ($binner | Invoke-Binning $run.Path -DestinationPath TestDrive:/expected.h5).Output).Hash
    $folder = Join-Path (Get-Item TestDrive:/).FullName ''
}

Describe 'The module' {
    It 'has a manifest that names what it exports' {
        $module = Test-ModuleManifest $Manifest
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ConvertTo-Graph, Export-OrcaSongConfig, Get-BinAxis, Get-Detector, Get-EventFile,
            Get-Extractor, Get-OrcaEvent, Get-SlurmJob, Import-OrcaSongConfig, Invoke-Binning, Invoke-EventShuffle, Merge-EventFile, New-BinAxis, New-DataSplit,
            New-FileBinner, New-FileGraph, New-SimulatedRun, New-SlurmOption, New-TrainingSet, Receive-SlurmJob, Restart-SlurmJob, Show-BinStats, Show-Event, Show-EventImage, Show-HitTime, Stop-SlurmJob, Test-EventFile,
            Wait-SlurmJob
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
        $module.PowerShellVersion | Should -Be '7.6'
        $module.CompatiblePSEditions | Should -Be Core
    }

    It 'exports every cmdlet that it has' {
        $types = [OrcaSong.PowerShell.OrcaSongCommand].Assembly.GetExportedTypes() | Where-Object { $_.IsSubclassOf([System.Management.Automation.Cmdlet]) -and -not $_.IsAbstract }
        (Get-Command -Module OrcaSong).ImplementingType.FullName | Sort-Object | Should -Be ($types.FullName | Sort-Object)
    }

    It 'uses approved verbs, singular nouns and an output type for every cmdlet' {
        $verbs = (Get-Verb).Verb
        foreach ($command in Get-Command -Module OrcaSong) {
            $command.Verb | Should -BeIn $verbs
            $command.OutputType | Should -Not -BeNullOrEmpty
        }
    }

    It 'ships no assembly but its own' {
        Get-ChildItem (Join-Path (Split-Path $Manifest) bin) -Filter *.dll -Name | Sort-Object | Should -Be OrcaSong.dll, OrcaSong.Hdf5.dll, OrcaSong.PowerShell.dll
    }

    It 'imports silently, fast and without loading the HDF5 library; a second time; and is removed' {
        $session = @"
`$ErrorActionPreference = 'Stop'
`$seconds = (Measure-Command { Import-Module '$Manifest' }).TotalSeconds
Import-Module '$Manifest'
Import-Module '$Manifest' -Force
`$axis = New-BinAxis time 0 1 2
Remove-Module OrcaSong
`$gone = -not (Get-Command New-BinAxis -ErrorAction Ignore)
Import-Module '$Manifest'
`$native = [bool]([Diagnostics.Process]::GetCurrentProcess().Modules.ModuleName -like '*hdf5*so*')
[Console]::WriteLine((`$seconds, `$gone, `$native, "`$(New-BinAxis time 0 1 2)" -join ';'))
"@
        $lines = @(pwsh -NoProfile -NonInteractive -Command $session 2>&1)
        $lines | Should -HaveCount 1
        $seconds, $gone, $native, $axis = $lines[0].Split(';')
        [double]::Parse($seconds, [cultureinfo]::InvariantCulture) | Should -BeLessThan 1 -Because 'the goal is 0.3 s on a quiet machine'
        $gone, $native, $axis | Should -Be 'True', 'False', 'time: 2 bins from 0 to 1'
    }
}

Describe 'Other ways to run' {
    It 'runs in ForEach-Object -Parallel' {
        $hashes = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:Manifest
            (Get-FileHash ($using:binner | Invoke-Binning $using:run.Path -DestinationPath "${using:folder}parallel$_.h5").Output).Hash
        }
        $hashes | Should -Be (@($expected) * 4)
    }

    It 'runs in a thread job' {
        $path = $run.Path
        $job = Start-ThreadJob { Import-Module $using:Manifest; $using:binner | Invoke-Binning $using:path -DestinationPath "${using:folder}thread.h5" }
        (Get-FileHash ($job | Receive-Job -Wait -AutoRemoveJob).Output).Hash | Should -Be $expected
    }

    It 'runs in a background job, whose results keep their values' {
        $job = Start-Job {
            Import-Module $using:Manifest
            $binner = New-FileBinner ztc_2017 -DetectorFile $using:run.DetectorFile -Extractor nu_chain_data
            $binner | Invoke-Binning $using:run.Path -DestinationPath "${using:folder}job.h5"
        }
        $result = $job | Receive-Job -Wait -AutoRemoveJob
        $result.EventsWritten | Should -Be 200
        (Get-FileHash $result.Output).Hash | Should -Be $expected
    }

    It 'runs in other cultures with the same bytes and the same text' {
        $session = @"
[cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = [Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'
Import-Module '$Manifest'
Set-StrictMode -Version Latest
`$binner = New-FileBinner ztc_2017 -DetectorFile '$($run.DetectorFile)' -Extractor nu_chain_data
`$result = `$binner | Invoke-Binning '$($run.Path)' -DestinationPath '${folder}culture.h5'
New-BinAxis pos_y -Edge '-26.3', 3.7, 33.7 | Out-String
New-BinAxis tot -2.5 2.5 2 | ForEach-Object ToString
[cultureinfo]::CurrentCulture.Name
"@
        $text = (pwsh -NoProfile -NonInteractive -Command $session) -join "`n"
        $text | Should -BeLike '*-26.3 to 33.7*tot: 2 bins from -2.5 to 2.5*de-DE'
        (Get-FileHash TestDrive:/culture.h5).Hash | Should -Be $expected
    }
}
