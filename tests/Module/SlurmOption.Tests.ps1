# What jobs on a cluster do without one; tests/Slurm has the rest.
BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $before = $env:XDG_CONFIG_HOME, $env:PATH
    $env:XDG_CONFIG_HOME = Join-Path $TestDrive config
    # Without the folders that have a Slurm, if this machine has one.
    $env:PATH = ($env:PATH.Split([IO.Path]::PathSeparator) | Where-Object { -not (Test-Path (Join-Path $_ sbatch)) }) -join [IO.Path]::PathSeparator
    Push-Location $TestDrive
    $run = New-SimulatedRun events.h5 -Event 20 -HitsPerEvent 20
    $binner = New-FileBinner ztc_2017 -DetectorFile $run.DetectorFile
}

AfterAll {
    Pop-Location
    $env:XDG_CONFIG_HOME, $env:PATH = $before
}

Describe 'New-SlurmOption' {
    It 'takes what Slurm takes, and shows it' {
        $option = New-SlurmOption htc -Account km3net -Licence sps -Time 1-06:00:00 -Memory 2GB -CoreCount 2 -FilePerTask 5 -TaskLimit 100 -Directive '--constraint=el9'
        $option.Queue, $option.Account, $option.Licences, $option.Memory, $option.Cores, $option.FilesPerTask, $option.TasksAtOnce | Should -Be 'htc', 'km3net', 'sps', 2gb, 2, 5, 100
        $option.Time.TotalHours | Should -Be 30
        $option.Folder | Should -Be (Join-Path $TestDrive orcasong-jobs)
        $text = $option | Out-String -Width 80
        $text | Should -Match 'Time +: 1-06:00:00'
        $text | Should -Match 'Memory +: 2,048 MiB'
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'has defaults in slurm.toml, which parameters go before' {
        $null = New-Item (Join-Path $TestDrive config/orcasong) -ItemType Directory -Force
        Set-Content (Join-Path $TestDrive config/orcasong/slurm.toml) "partition = 'htc'`nmemory = '1G'`ntasks_at_once = 50`nfolder = 'jobs'"
        $option = New-SlurmOption -Memory 3GB
        $option.Queue, $option.Memory, $option.TasksAtOnce, $option.Folder | Should -Be 'htc', 3gb, 50, (Join-Path $TestDrive jobs)
        Set-Content (Join-Path $TestDrive config/orcasong/slurm.toml) "partion = 'htc'"
        $failure = Get-Failure { New-SlurmOption }
        Get-Id $failure | Should -Be InvalidConfiguration
        "$failure" | Should -Match "slurm.toml\(1,1\): unknown key 'partion'; did you mean 'partition'"
        Remove-Item (Join-Path $TestDrive config) -Recurse
    }

    It 'refuses <What>' -ForEach @(
        @{ What = 'a partition that is none'; Arguments = @{ Partition = 'a b' } }
        @{ What = 'a directive that is none'; Arguments = @{ Directive = 'rm' } }
        @{ What = 'a directive of two lines'; Arguments = @{ Directive = "--comment=x`n#SBATCH --y" } }
        @{ What = 'a module with a command'; Arguments = @{ Module = 'x; rm' } }
    ) {
        Get-Id (Get-Failure { New-SlurmOption @Arguments }) | Should -Be InvalidOptions
    }
}

Describe '-Slurm without Slurm' {
    It 'names the command that does the same here, and writes nothing' {
        $failure = Get-Failure { $binner | Invoke-Binning events.h5 -DestinationPath out -Slurm (New-SlurmOption) }
        Get-Id $failure | Should -Be SlurmNotFound
        $failure.CategoryInfo.Category | Should -Be ResourceUnavailable
        "$failure" | Should -Match 'sbatch was not found'
        "$failure" | Should -Match 'on this machine instead: .*Invoke-Binning events.h5 -DestinationPath out'
        "$failure" | Should -Not -Match '-Slurm \('
        'orcasong-jobs' | Should -Not -Exist
    }

    It 'refuses what could not be done here either' {
        Set-Content out.h5 x
        Get-Id (Get-Failure { $binner | Invoke-Binning events.h5 -DestinationPath out.h5 -Slurm (New-SlurmOption) }) | Should -Be OutputExists
        Get-Id (Get-Failure { $binner | Invoke-Binning events.h5 -DestinationPath events.h5 -Force -Slurm (New-SlurmOption) }) | Should -Be InvalidOutput
        Get-Id (Get-Failure { $binner | Invoke-Binning none.h5 -DestinationPath out -Slurm (New-SlurmOption) }) | Should -Be InputNotFound
        Get-Id (Get-Failure { Merge-EventFile events.h5 out.h5 -Slurm (New-SlurmOption) }) | Should -Be OutputExists
    }

    It 'submits nothing with -WhatIf' { $binner | Invoke-Binning events.h5 -DestinationPath out -Slurm (New-SlurmOption) -WhatIf | Should -BeNullOrEmpty }
}

Describe 'Get-SlurmJob' {
    It 'finds no jobs where there are none' {
        Get-SlurmJob | Should -BeNullOrEmpty
        Get-Id (Get-Failure { Get-SlurmJob config* }) | Should -Be NotASlurmJob
        Get-Id (Get-Failure { Get-SlurmJob . }) | Should -Be NotASlurmJob
    }
}
