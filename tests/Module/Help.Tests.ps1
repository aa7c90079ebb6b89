BeforeDiscovery {
    . "$PSScriptRoot/Module.ps1"
    $commands = Get-Command -Module OrcaSong | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    $examples = foreach ($command in $commands) {
        foreach ($example in (Get-Help $command.Name -Full).examples.example) {
            @{ Name = $command.Name; Title = $example.title.Trim('- '); Code = $example.code; Folder = "$([guid]::NewGuid())" }
        }
    }
    $topics = 'about_OrcaSong', 'about_OrcaSong_Binning', 'about_OrcaSong_Graphs', 'about_OrcaSong_Labels', 'about_OrcaSong_Training' | ForEach-Object { @{ Topic = $_ } }
}

BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $root = Split-Path (Split-Path $PSScriptRoot)

    function Get-HelpText($Paragraphs) { (@($Paragraphs) | ForEach-Object { $_.Text }) -join "`n" }
}

Describe 'The help of <Name>' -ForEach $commands {
    BeforeAll { $help = Get-Help $Name -Full }

    It 'has a synopsis, a description, inputs, outputs and links' {
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        $help.Synopsis | Should -Not -Match $Name -Because 'that would be the syntax, which PowerShell makes where there is no help'
        Get-HelpText $help.description | Should -Match '\w{3}'
        @($help.inputTypes.inputType.type.name) | Should -Not -BeNullOrEmpty
        @($help.returnValues.returnValue.type.name) | Should -Not -BeNullOrEmpty
        @($help.relatedLinks.navigationLink).Count | Should -BeGreaterOrEqual 2
    }

    It 'tells about every parameter, and about no other' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters
        $real = (Get-Command $Name -ArgumentList @()).Parameters.Values | Where-Object Name -notin $common
        $told = @($help.parameters.parameter)
        $told.name | Sort-Object | Should -Be ($real.Name | Sort-Object)
        foreach ($parameter in $told) {
            Get-HelpText $parameter.description | Should -Match '^\w.*\w.*\.' -Because "-$($parameter.name) needs help"
        }
    }

    It 'knows the parameter sets' {
        $command = Get-Command $Name
        @($help.syntax.syntaxItem).Count | Should -Be @($command.ParameterSets).Count
        $parameters = $command.Parameters
        foreach ($parameter in $help.parameters.parameter | Where-Object name -notin WhatIf, Confirm) {
            $sets = $parameters[$parameter.name].ParameterSets.Values
            [bool]::Parse($parameter.required) | Should -BeIn @($sets.IsMandatory)
            $parameter.pipelineInput -like '*ByValue*' | Should -BeIn @($sets.ValueFromPipeline)
            $parameter.pipelineInput -like '*ByPropertyName*' | Should -BeIn @($sets.ValueFromPipelineByPropertyName)
        }
    }

    It 'has three examples or more, each with a title' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 3
        foreach ($example in $help.examples.example) {
            $example.title.Trim('- ') | Should -Match '\w'
            $example.code | Should -Match '\w'
        }
    }

    It 'links to commands and topics that are there' {
        $topics = Get-ChildItem (Join-Path (Split-Path $Manifest) en-US) -Filter about_*.help.txt | ForEach-Object { $_.Name.Replace('.help.txt', '') }
        $links = $help.relatedLinks.navigationLink.linkText | Where-Object { $_ -notlike 'Online*' }
        $links | Where-Object { $_ -notin $topics -and $_ -notin (Get-Command -Module OrcaSong).Name } | Should -BeNullOrEmpty
    }
}

Describe 'The examples of the help' {
    BeforeAll {
        # What names in the examples stand for.
        $world = New-Item (Join-Path $TestDrive world) -ItemType Directory
        Push-Location $world
        $null = New-Item runs -ItemType Directory
        $null = New-SimulatedRun events.h5 -Event 40 -HitsPerEvent 40
        1..3 | ForEach-Object { New-SimulatedRun "runs/$_.h5" -Event 20 -HitsPerEvent 20 -RunId $_ } | Out-Null
        $null = New-FileBinner ztc_2017 -DetectorFile runs/1.detx -Extractor nu_chain_data | Invoke-Binning runs/*.h5 -DestinationPath images
        $null = ConvertTo-Graph runs/*.h5 -DetectorFile runs/1.detx -Extractor nu_chain_data -DestinationPath graphs
        Set-Content split.toml "n_files_train = 1`noutput_file_folder = 'lists'`noutput_file_name = 'all'`n[data]`ndir = 'graphs'`nrun_ids_train = [1, 3]"
        Pop-Location
        $hasGnuplot = [bool](Get-Command gnuplot -CommandType Application -ErrorAction Ignore)
    }

    It 'run: <Name>, <Title>' -ForEach $examples {
        if ($Code -match '-SlurmJob') { Set-ItResult -Skipped -Because 'there is no cluster; the tests of Slurm run it'; return }
        if ($Code -match '-SaveAs' -and -not $hasGnuplot) { Set-ItResult -Skipped -Because 'gnuplot is absent'; return }
        $folder = Join-Path $TestDrive $Folder
        Copy-Item $world $folder -Recurse
        Push-Location $folder
        try {
            $before = @(Get-ChildItem -Recurse).Count
            $shown = & {
                $ErrorActionPreference = 'Stop'
                & ([scriptblock]::Create($Code))
            } 6>&1
            (@($shown).Count -gt 0 -or @(Get-ChildItem -Recurse).Count -gt $before -or $Code -match '-WhatIf|Where-Object') | Should -BeTrue -Because 'an example shows something'
        }
        finally {
            Pop-Location
            Remove-Item $folder -Recurse -Force
        }
    }
}

Describe 'The topic <Topic>' -ForEach $topics {
    It 'is shown, and is no wider than 80 columns' {
        $text = Get-Help $Topic | Out-String
        $text | Should -Match "TOPIC\s+$Topic\s+SHORT DESCRIPTION"
        $text.Split("`n") | Where-Object { $_.TrimEnd().Length -gt 80 } | Should -BeNullOrEmpty
    }
}

Describe 'Help' {
    It 'is found whatever the language of the machine' {
        $text = & {
            $env:LC_ALL = 'de_DE.UTF-8'
            try { pwsh -NoProfile -NonInteractive -Command "Import-Module '$Manifest'; (Get-Help New-BinAxis).Synopsis; (Get-Help about_OrcaSong_Labels).Length -gt 1000; [cultureinfo]::CurrentUICulture.Name" }
            finally { Remove-Item Env:LC_ALL }
        }
        $text | Should -Be (Get-Help New-BinAxis).Synopsis, 'True', 'de-DE'
    }

    It 'names every cmdlet in about_OrcaSong' {
        $text = Get-Help about_OrcaSong | Out-String
        (Get-Command -Module OrcaSong).Name | Where-Object { $text -notmatch "\b$_\b" } | Should -BeNullOrEmpty
    }

    It 'finds a cmdlet by a word' { (Get-Help *Shuffle*).Name | Should -Contain Invoke-EventShuffle }

    It 'is that of docs/cmdlets, and these pages are what the code says' {
        $writer = Get-ChildItem (Join-Path $root build/OrcaSong.Help/bin/*/net10.0/OrcaSong.Help.dll) | Sort-Object LastWriteTime | Select-Object -Last 1
        $writer | Should -Not -BeNullOrEmpty -Because 'the build makes it'
        dotnet $writer check $root | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
        Get-ChildItem (Join-Path $root docs/cmdlets) -Name | Sort-Object | Should -Be (@((Get-Command -Module OrcaSong).Name) + 'README' | ForEach-Object { "$_.md" } | Sort-Object)
    }
}
