<#
.SYNOPSIS
Packs the module as it was built: a package as Publish-PSResource makes it, and a zip of the folders that a module path has.
.DESCRIPTION
Writes OrcaSong.<version>.nupkg, which a repository of PowerShell resources takes (Install-PSResource OrcaSong), and OrcaSong.<version>.zip,
which is unpacked into a folder of $env:PSModulePath.
.PARAMETER Destination
Folder for both.
#>
#requires -Version 7.6
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $Destination)

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$staged = Join-Path $root out module
dotnet msbuild (Join-Path $root build OrcaSong.proj) -t:Portable -nologo -v:q | Out-Host
if ($LASTEXITCODE -ne 0) { throw "The module's files cannot be put together: dotnet msbuild failed with exit code $LASTEXITCODE." }

$module = Test-ModuleManifest (Join-Path $staged OrcaSong.psd1)
$name = "$($module.Name).$($module.Version)"
$Destination = (New-Item $Destination -ItemType Directory -Force).FullName

# By the tags with prefixes the gallery finds what a module exports: Find-PSResource -CommandName Invoke-Binning.
$commands = $module.ExportedCmdlets.Keys | Sort-Object
$tags = @('PSModule'; $module.Tags; 'PSIncludes_Cmdlet'; $commands.ForEach{ "PSCmdlet_$_"; "PSCommand_$_" }) -join ' '
$nuspec = Join-Path $root out "$($module.Name).nuspec"
$metadata = [ordered]@{
    id = $module.Name
    version = $module.Version
    authors = $module.Author
    owners = $module.CompanyName
    requireLicenseAcceptance = 'false'
    licenseUrl = $module.LicenseUri
    projectUrl = $module.ProjectUri
    description = $module.Description
    releaseNotes = $module.ReleaseNotes
    copyright = $module.Copyright
    tags = $tags
}
$written = foreach ($entry in $metadata.GetEnumerator()) {
    if ("$($entry.Value)") { "    <$($entry.Key)>$([Security.SecurityElement]::Escape($entry.Value))</$($entry.Key)>" }
}
Set-Content $nuspec @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
$($written -join "`n")
  </metadata>
  <files>
    <file src="**" target="" />
  </files>
</package>
"@

# NuGet's analysis is left out, as Publish-PSResource does: it misses the folders that libraries have, and modules do not.
dotnet pack (Join-Path $root src OrcaSong.PowerShell) --no-build --no-restore -nologo -v:q -c Release -o $Destination `
    "-p:NuspecFile=$nuspec" "-p:NuspecBasePath=$staged" -p:NoPackageAnalysis=true | Out-Host
if ($LASTEXITCODE -ne 0) { throw "dotnet pack failed with exit code $LASTEXITCODE." }

$layout = Join-Path $root out layout
Remove-Item $layout -Recurse -ErrorAction Ignore
$null = New-Item (Join-Path $layout $module.Name) -ItemType Directory
Copy-Item $staged (Join-Path $layout $module.Name $module.Version) -Recurse
$zip = Join-Path $Destination "$name.zip"
Remove-Item $zip -ErrorAction Ignore
[IO.Compression.ZipFile]::CreateFromDirectory($layout, $zip)
Remove-Item $layout, $nuspec -Recurse
