BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $folder = (Get-Item TestDrive:/).FullName
    $null = & ([Environment]::ProcessPath) -NoProfile -NonInteractive -File "$root/build/New-ModulePackage.ps1" $folder
    $version = (Import-PowerShellDataFile "$root/OrcaSong.psd1").ModuleVersion
    $package = "$folder/OrcaSong.$version.nupkg"

    # As the gallery's client does: all but what belongs to the packaging goes into a folder of the module's name and version.
    $modules = "$folder/Modules"
    $installed = "$modules/OrcaSong/$version"
    [IO.Compression.ZipFile]::ExtractToDirectory($package, $installed)
    [xml]$nuspec = Get-Content "$installed/OrcaSong.nuspec" -Raw
    Remove-Item -LiteralPath "$installed/OrcaSong.nuspec", "$installed/_rels", "$installed/package", "$installed/[Content_Types].xml" -Recurse -Force

    function Get-RelativeFile([string] $Folder) {
        Get-ChildItem $Folder -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($Folder, $_.FullName).Replace('\', '/') } | Sort-Object
    }

    # In a fresh session that finds modules in the folder of the package.
    function Invoke-Fresh([string] $Script) {
        $before = $env:PSModulePath
        $env:PSModulePath = $modules + [IO.Path]::PathSeparator + $before
        try { & ([Environment]::ProcessPath) -NoProfile -NonInteractive -Command $Script 2>&1 } finally { $env:PSModulePath = $before }
    }
}

Describe 'The package of the module' {
    It 'has what is needed, and nothing else' {
        $extra = Get-ChildItem "$root/module", "$root/en-US" -Recurse -File | Where-Object FullName -NotMatch '[/\\]configs[/\\]'
        $expected = @('LICENSE', 'OrcaSong.psd1', 'README.md', 'bin/OrcaSong.dll', 'bin/OrcaSong.Hdf5.dll', 'bin/OrcaSong.PowerShell.dll') +
            $extra.ForEach{ [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') }
        Get-RelativeFile $installed | Should -Be ($expected | Sort-Object)
    }

    It 'is the same as a zip, in the folders of a module path' {
        [IO.Compression.ZipFile]::ExtractToDirectory("$folder/OrcaSong.$version.zip", "$folder/zip")
        Get-RelativeFile "$folder/zip" | Should -Be ((Get-RelativeFile $installed).ForEach{ "OrcaSong/$version/$_" })
    }

    It 'has what a repository asks for, and a tag for each cmdlet that is exported' {
        $about = $nuspec.package.metadata
        $about.id, $about.version | Should -Be OrcaSong, $version
        $about.authors, $about.description, $about.copyright, $about.licenseUrl, $about.releaseNotes | Should -Not -BeNullOrEmpty
        $tags = $about.tags.Split(' ')
        $tags | Should -Contain PSModule
        $tags | Should -Contain PSEdition_Core
        $tags.Where{ $_.StartsWith('PSCmdlet_') }.Substring(9) | Should -Be ((Get-Command -Module OrcaSong).Name | Sort-Object)
        $about.tags.Length | Should -BeLessThan 4000 -Because 'the gallery takes no more'
    }

    It 'has a complete manifest, and the version of the manifest everywhere' {
        $module = Test-ModuleManifest "$installed/OrcaSong.psd1" -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $module.Tags, $module.LicenseUri, $module.ReleaseNotes, $module.Description | ForEach-Object { $_ | Should -Not -BeNullOrEmpty }
        foreach ($file in Get-ChildItem "$installed/bin") {
            [Reflection.AssemblyName]::GetAssemblyName($file.FullName).Version.ToString(3) | Should -Be $version
            $file.VersionInfo.ProductVersion | Should -Be $version
        }
    }

    It 'can be loaded on every machine: <name>' -ForEach @(@{ name = 'OrcaSong' }, @{ name = 'OrcaSong.Hdf5' }, @{ name = 'OrcaSong.PowerShell' }) {
        $stream = [IO.File]::OpenRead("$installed/bin/$name.dll")
        try {
            $headers = [Reflection.PortableExecutable.PEReader]::new($stream).PEHeaders
            $headers.CoffHeader.Machine | Should -Be I386 -Because 'this is how assemblies say that they fit any processor'
            $headers.CorHeader.ManagedNativeHeaderDirectory.Size | Should -Be 0 -Because 'assemblies that are compiled ahead of time are refused on other systems'
        }
        finally { $stream.Dispose() }
    }

    It 'is found, imported silently and fast, and works in a fresh session with other modules' {
        $lines = @(Invoke-Fresh @"
`$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
Import-Module Pester, Microsoft.PowerShell.ThreadJob
`$seconds = (Measure-Command { Import-Module OrcaSong }).TotalSeconds
`$run = New-SimulatedRun '$folder/run.h5' -Event 20
`$made = Get-BinAxis ztc_2017 | New-FileBinner -DetectorFile `$run.DetectorFile | Invoke-Binning `$run.Path '$folder/made/'
`$foreign = foreach (`$assembly in [AppDomain]::CurrentDomain.GetAssemblies().Where{ `$_.GetName().Name -like 'OrcaSong*' }) {
    `$assembly.GetReferencedAssemblies().Where{ `$_.Name -notlike 'OrcaSong*' }.ForEach{ [Reflection.Assembly]::Load(`$_).Location }.Where{ -not `$_.StartsWith(`$PSHOME) -and (Split-Path `$_) -ne (Split-Path ([object].Assembly.Location)) }
}
[Console]::WriteLine((`$seconds.ToString([cultureinfo]::InvariantCulture), (Get-Module OrcaSong).ModuleBase, `$made.EventsWritten, "`$foreign" -join ';'))
"@)
        $lines | Should -HaveCount 1 -Because "nothing else is to be printed: $lines"
        $seconds, $base, $events, $foreign = $lines[0].Split(';')
        Write-Host "    Import-Module OrcaSong: $([int](1000 * [double]::Parse($seconds, [cultureinfo]::InvariantCulture))) ms"
        [double]::Parse($seconds, [cultureinfo]::InvariantCulture) | Should -BeLessThan 1 -Because 'the goal is 0.3 s on a quiet machine'
        $base, $events | Should -Be ([IO.Path]::GetFullPath($installed)), '20'
        $foreign | Should -BeNullOrEmpty -Because 'what PowerShell has itself cannot clash with what other modules bring'
    }

    It 'is loaded by the name of a cmdlet' {
        Invoke-Fresh '(Get-BinAxis ztc_2017).Field -join ","' | Should -Be 'pos_z,time,channel_id'
    }
}
