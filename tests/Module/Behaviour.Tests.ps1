# What every cmdlet is to do alike. Each needs one line here that says how it is called; that none is forgotten is a test itself.
BeforeDiscovery {
    # File: what it reads, under in/. More: its other parameters; out/ is where it may write. Joins: all its inputs make one result.
    $script:readers = @(
        @{ Name = 'ConvertTo-Graph'; File = 'run.h5'; More = @{ DestinationPath = 'out/' } }
        @{ Name = 'Get-Detector'; File = 'run.detx'; More = @{} }
        @{ Name = 'Get-EventFile'; File = 'run.h5'; More = @{} }
        @{ Name = 'Get-OrcaEvent'; File = 'run.h5'; More = @{ First = 1 } }
        @{ Name = 'Import-OrcaSongConfig'; File = 'graph.toml'; More = @{} }
        @{ Name = 'Invoke-Binning'; File = 'run.h5'; More = @{ DestinationPath = 'out/'; FileBinner = { $binner } } }
        @{ Name = 'Invoke-EventShuffle'; File = 'graph.h5'; More = @{ DestinationPath = 'out/' } }
        @{ Name = 'Merge-EventFile'; File = 'graph.h5'; More = @{ DestinationPath = 'out.h5' }; Joins = $true }
        @{ Name = 'New-DataSplit'; File = 'graph.h5'; More = @{ DestinationPath = 'out/'; Fraction = @{ train = 1 } }; Joins = $true; Sets = 'Fraction' }
        @{ Name = 'New-DataSplit'; File = 'graph.h5'; More = @{ DestinationPath = 'out/'; RunRange = @{ train = 1, 9 } }; Joins = $true; Sets = 'RunRange' }
        @{ Name = 'New-TrainingSet'; File = 'graph.h5'; More = @{ DestinationPath = 'out/'; Fraction = @{ train = 1 } }; Joins = $true }
        @{ Name = 'Show-BinStats'; File = 'image.h5'; More = @{}; Joins = $true; FailsAlone = 'NoBinStatistics' }
        @{ Name = 'Show-Event'; File = 'run.h5'; More = @{} }
        @{ Name = 'Show-EventImage'; File = 'image.h5'; More = @{} }
        @{ Name = 'Show-HitTime'; File = 'run.h5'; More = @{}; Joins = $true }
        @{ Name = 'Test-EventFile'; File = 'run.h5'; More = @{} }
    )
    $readers.ForEach{ if (-not $_.ContainsKey('Sets')) { $_.Sets = '' } }

    # Those that write something, with a call that does.
    $script:writers = @(
        $readers.Where{ $_.More.DestinationPath }.ForEach{ @{ Name = $_.Name; Call = [scriptblock]::Create("& $($_.Name) in/$($_.File) @parameters"); More = $_.More } }
        @{ Name = 'Export-OrcaSongConfig'; Call = { $binner | Export-OrcaSongConfig out.toml }; More = @{} }
        @{ Name = 'New-SimulatedRun'; Call = { New-SimulatedRun out.h5 -Event 2 }; More = @{} }
        @{ Name = 'Get-Detector'; Call = { Get-Detector in/run.detx -SaveAs out.gp }; More = @{} }
        @{ Name = 'Show-BinStats'; Call = { Show-BinStats in/image.h5 -SaveAs out.gp }; More = @{} }
        @{ Name = 'Show-Event'; Call = { Show-Event in/run.h5 -SaveAs out.gp }; More = @{} }
        @{ Name = 'Show-EventImage'; Call = { Show-EventImage in/image.h5 -SaveAs out.gp }; More = @{} }
        @{ Name = 'Show-HitTime'; Call = { Show-HitTime in/run.h5 -SaveAs out.gp }; More = @{} }
    )

    # Those that read no file by -Path.
    $script:others = 'Export-OrcaSongConfig', 'Get-BinAxis', 'Get-Extractor', 'New-BinAxis', 'New-FileBinner', 'New-FileGraph', 'New-SimulatedRun'

    # Those that need a cluster: tests/Slurm has one.
    $script:onCluster = 'Get-SlurmJob', 'New-SlurmOption', 'Receive-SlurmJob', 'Restart-SlurmJob', 'Stop-SlurmJob', 'Wait-SlurmJob'
}

BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $null = New-Item -ItemType Directory TestDrive:/in
    $run = New-SimulatedRun TestDrive:/in/run.h5 -Event 6 -Calibrated
    $binner = New-FileBinner four_line_low
    $null = $binner | Invoke-Binning $run.Path TestDrive:/in/image.h5
    $null = ConvertTo-Graph $run.Path TestDrive:/in/graph.h5 -Extractor nu_chain_data
    $graph = New-FileGraph -MaxHits 9
    $graph | Export-OrcaSongConfig TestDrive:/in/graph.toml
    foreach ($name in 'run.h5', 'run.detx', 'image.h5', 'graph.h5', 'graph.toml') {
        Copy-Item "TestDrive:/in/$name" -Destination "TestDrive:/in/a b[1]$([IO.Path]::GetExtension($name)).$name"
    }
    $null = New-PSDrive -Name OrcaData -PSProvider FileSystem -Root (Get-Item TestDrive:/in).FullName

    # The parameters, with what is known only when tests run, and an output folder of their own.
    function Get-More([hashtable] $More, [string] $Number = '') {
        $all = @{}
        foreach ($name in $More.Keys) { $all[$name] = $More[$name] -is [scriptblock] ? (& $More[$name]) : $More[$name] }
        if ($all['DestinationPath']) { $all.DestinationPath = $all.DestinationPath.Replace('out', "out$Number") }
        $all
    }
}

AfterAll { Remove-PSDrive OrcaData -ErrorAction Ignore }

Describe 'Every cmdlet' {
    It 'is in one of the lists above' -TestCases @{ known = @($readers.Name + $others + $onCluster | Sort-Object -Unique); writing = @($writers.Name | Sort-Object -Unique); onCluster = $onCluster } {
        $known | Should -Be ((Get-Command -Module OrcaSong).Name | Sort-Object)
        $writing | Should -Be ((Get-Command -Module OrcaSong).Where{ $_.Parameters.ContainsKey('WhatIf') }.Name.Where{ $_ -notin $onCluster } | Sort-Object)
    }

    It 'takes paths in the same way: <Name>' -TestCases @(
        $readers.Name | Sort-Object -Unique | ForEach-Object { @{ Name = $_ } }
    ) {
        $command = Get-Command $Name
        $command.Parameters.Path.Attributes.Where{ $_ -is [SupportsWildcards] } | Should -HaveCount 1
        $command.Parameters.LiteralPath.Aliases | Should -Be PSPath
        $byPath = $command.Parameters.Path.Attributes.Where{ $_ -is [Parameter] }
        $byPath.ForEach{ $_.Position, $_.ValueFromPipeline, $_.ValueFromPipelineByPropertyName -join ' ' } | Select-Object -Unique | Should -Be '0 True True'
        $literal = $command.Parameters.LiteralPath.Attributes.Where{ $_ -is [Parameter] }
        $literal.ForEach{ $_.Mandatory, $_.ValueFromPipelineByPropertyName -join ' ' } | Select-Object -Unique | Should -Be 'True True'
    }
}

Describe '<Name> <Sets>' -ForEach $readers {
    BeforeEach {
        $null = New-Item -ItemType Directory "TestDrive:/$((New-Guid).ToString('N'))" | Push-Location
        Copy-Item -LiteralPath (Get-ChildItem TestDrive:/in -Filter "*$File").FullName -Destination (New-Item -ItemType Directory in)
        $literal = "in/a b[1]$([IO.Path]::GetExtension($File)).$File"
        $plain = "in/$File"
    }

    AfterEach { Pop-Location }

    It 'finds files in every way that PowerShell has' {
        [Environment]::CurrentDirectory | Should -Not -Be $PWD.ProviderPath
        $ways = [ordered]@{
            'a relative path' = { param($more) & $Name $plain @more }
            'a wildcard' = { param($more) & $Name "in/[$($File[0])]$($File.Substring(1))" @more }
            '-LiteralPath' = { param($more) & $Name -LiteralPath $plain @more }
            '-LiteralPath of a name with blanks and brackets' = { param($more) & $Name -LiteralPath $literal @more }
            'a path on a drive of the session' = { param($more) & $Name "OrcaData:/$File" @more }
            'a text from the pipeline' = { param($more) $plain | & $Name @more }
            'an item from the pipeline' = { param($more) Get-Item $plain | & $Name @more }
            'an item whose name has brackets' = { param($more) Get-Item -LiteralPath $literal | & $Name @more }
            'the property Path' = { param($more) [pscustomobject]@{ Path = $plain } | & $Name @more }
            'the property LiteralPath' = { param($more) [pscustomobject]@{ LiteralPath = $plain } | & $Name @more }
        }
        $number = 0
        foreach ($way in $ways.Keys) {
            $results = & $ways[$way] (Get-More $More (++$number)) 2>&1
            $results.Where{ $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty -Because $way
            @($results).Count | Should -BeGreaterThan 0 -Because $way
        }
    }

    It 'reports a file that is not there as the preferences say, and goes on with the others' {
        $parameters, $command, $joins = (Get-More $More), $Name, $_.ContainsKey('Joins')
        $null = & $command no-such.h5 @parameters -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures = @($failures.Where{ $_ -is [System.Management.Automation.ErrorRecord] })
        Get-Id $failures[0] | Should -BeExactly InputNotFound
        $failures[0].FullyQualifiedErrorId | Should -BeLike "*,OrcaSong.PowerShell.Commands.$($command.Replace('-', ''))Command"
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failures[0].TargetObject | Should -BeLike '*no-such.h5'
        "$($failures[0])" | Should -BeLike '*no-such.h5*'

        { & $command no-such.h5 @parameters -ErrorAction Stop } | Should -Throw -ErrorId 'InputNotFound,*'
        & { $ErrorActionPreference = 'Stop'; try { $null = & $command no-such.h5 @parameters; 'went on' } catch { Get-Id $_ } } | Should -Be InputNotFound
        if (-not $joins) {
            $results = & $command no-such.h5, $plain @parameters -ErrorAction SilentlyContinue
            @($results).Count | Should -BeGreaterThan 0
        }
    } -Skip:($_.ContainsKey('FailsAlone'))

    It 'says the same where numbers have a decimal comma' {
        $before = [cultureinfo]::CurrentCulture
        $parameters = Get-More $More
        try {
            [cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = 'de-DE'
            $text = & $Name $plain @parameters | Out-String -Width 80
        }
        finally { [cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = $before }
        $text | Should -Not -Match '\d,\d{1,2}(?!\d)' -Because 'numbers are written as in English'
        ($text -split '\r?\n' | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }
}

Describe '<Name>, which writes' -ForEach $writers {
    BeforeEach {
        $null = New-Item -ItemType Directory "TestDrive:/$((New-Guid).ToString('N'))" | Push-Location
        Copy-Item TestDrive:/in -Destination . -Recurse
        $parameters = Get-More $More
        function Get-Tree { (Get-ChildItem -Recurse -File | ForEach-Object { "$($_.FullName) $($_.Length) $($_.LastWriteTimeUtc.Ticks)" }) -join "`n" }
        $tree = Get-Tree
    }

    AfterEach { Pop-Location }

    It 'writes nothing and gives nothing with -WhatIf' {
        # The switch would have to be put into each call; the preference is the same.
        & { $WhatIfPreference = $true; & $Call } | Should -BeNullOrEmpty
        Get-Tree | Should -Be $tree
    }

    It 'asks with -Confirm, and writes nothing where nobody can answer' {
        $failed = try { $null = & { $ConfirmPreference = 'Low'; & $Call }; $false } catch { $true }
        $failed | Should -BeTrue
        Get-Tree | Should -Be $tree
    } -Skip:([Environment]::UserInteractive -and -not ([Environment]::GetCommandLineArgs() -contains '-NonInteractive'))

    It 'says with -Verbose what it wrote' {
        $lines = & { $VerbosePreference = 'Continue'; & $Call } 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        @($lines.Message) -notlike 'Performing the operation*' -join "`n" | Should -Match 'out'
        Get-Tree | Should -Not -Be $tree
    }
}

Describe 'Results' {
    It 'go on in a pipeline to where files are read, with no character of their names taken for a wildcard' {
        Push-Location TestDrive:/in
        try {
            $made = Get-Item -LiteralPath 'a b[1].h5.run.h5' | Invoke-Binning -FileBinner $binner -DestinationPath 'TestDrive:/go on/'
            ($made | Get-Item).Name | Should -Be 'a b[1].h5.run_dl.h5'
            ($made | Get-EventFile).EventCount | Should -Be 6
            $made | Test-EventFile | Should -BeTrue
            ($made | Show-BinStats).Field | Should -Be $binner.Axes.Field
            ($made | Show-EventImage).Count | Should -BeGreaterThan 0
            $graphs = Get-Item -LiteralPath 'a b[1].h5.run.h5' | ConvertTo-Graph -DestinationPath 'TestDrive:/go on/graph[2].h5' -Extractor nu_chain_data
            $merged = $graphs | Merge-EventFile -DestinationPath 'TestDrive:/go on/merged[2].h5'
            ($merged | Get-Item).Name | Should -Be 'merged[2].h5'
            $shuffled = $merged | Invoke-EventShuffle
            ($shuffled | Get-EventFile).IsShuffled | Should -BeTrue
            ($shuffled | New-TrainingSet -DestinationPath 'TestDrive:/go on/sets' -Fraction @{ train = 1 } | Get-EventFile).EventCount | Should -Be 6
            ($run | Get-EventFile).EventCount | Should -Be 6
        }
        finally { Pop-Location }
    }
}

Describe 'Other sessions' {
    It 'may have a terminal that can do nothing' {
        $term, $env:TERM = $env:TERM, 'dumb'
        $columns, $env:COLUMNS = $env:COLUMNS, $null
        try {
            $text = '' | & ([Environment]::ProcessPath) -NoProfile -NonInteractive -Command @"
Import-Module '$Manifest'
Get-Item '$($run.Path)' | Invoke-Binning -FileBinner (New-FileBinner ztc_2017) -DestinationPath '$(Join-Path (Get-Item TestDrive:/).FullName dumb.h5)' | Tee-Object -Variable made | Out-String
`$made | Show-BinStats | Out-String
Show-Event '$($run.Path)' | Out-String
"@ 2>&1 | Out-String
        }
        finally { $env:TERM, $env:COLUMNS = $term, $columns }
        $text | Should -BeLike '*Events/s*Distribution*'
        $text | Should -Not -Match '\x1b|Error'
    }

    It 'understand words in any case where i has no dot' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'tr-TR'
            (Get-BinAxis FOUR_LINE_HIGH).Count | Should -Be 5
            $null = New-SimulatedRun TestDrive:/TURKISH.H5 -Event 1 -Kind NEUTRINO
            (Get-EventFile TestDrive:/TURKISH.H5).EventCount | Should -Be 1
            (New-FileBinner four_line_low -ChunkSize AUTO -Overflow WRAP).Overflow | Should -Be Wrap
        }
        finally { [cultureinfo]::CurrentCulture = $before }
    }
}

Describe 'Ctrl-C' {
    BeforeAll {
        $long = New-SimulatedRun TestDrive:/long.h5 -Event 20000 -Calibrated
        $stopped = (New-Item -ItemType Directory TestDrive:/stopped).FullName
    }

    It 'stops <what> within a second, and nothing is left' -ForEach @(
        @{ what = 'ConvertTo-Graph'; script = 'ConvertTo-Graph $With.Path $With.Out -EventSkipper { $false }' }
        @{ what = 'Get-OrcaEvent'; script = '1..50 | ForEach-Object { $With.Path } | Get-OrcaEvent | ForEach-Object { $_.Hits.Count }' }
        @{ what = 'Test-EventFile'; script = '1..50 | ForEach-Object { $With.Path } | Test-EventFile -ThrottleLimit 1' }
    ) {
        $session = Start-Runspace $script @{ Path = $long.Path; Out = "$stopped/" }
        Start-Sleep -Milliseconds 700
        $session.Shell.InvocationStateInfo.State | Should -Be Running -Because 'it is to be stopped on its way'
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 2 -Because 'it is one second on a quiet machine'
        Get-ChildItem $stopped | Should -BeNullOrEmpty
        $session.Shell.Dispose()
    }
}
