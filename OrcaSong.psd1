@{
    RootModule           = 'bin/OrcaSong.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '8535430b-6fd6-4ed5-957d-d0b44d30b17f'
    Author               = 'OrcaSong for PowerShell contributors'
    CompanyName          = 'Community'
    Copyright            = 'MIT licence'
    Description          = 'Turns the event files of the KM3NeT neutrino telescopes (km3pipe HDF5) into HDF5 files for deep learning: images or graphs with labels, merged, shuffled and split for training. Needs the HDF5 C library (1.10.3 or later); pictures need gnuplot.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('module/OrcaSong.Format.ps1xml')
    TypesToProcess       = @('module/OrcaSong.Types.ps1xml')
    CmdletsToExport      = @(
        'ConvertTo-Graph', 'Export-OrcaSongConfig', 'Get-BinAxis', 'Get-Detector', 'Get-EventFile', 'Get-Extractor', 'Get-OrcaEvent', 'Get-SlurmJob',
        'Import-OrcaSongConfig', 'Invoke-Binning', 'Invoke-EventShuffle', 'Merge-EventFile', 'New-BinAxis', 'New-DataSplit', 'New-FileBinner',
        'New-FileGraph', 'New-SimulatedRun', 'New-SlurmOption', 'New-TrainingSet', 'Receive-SlurmJob', 'Restart-SlurmJob', 'Show-BinStats',
        'Show-Event', 'Show-EventImage', 'Show-HitTime', 'Stop-SlurmJob', 'Test-EventFile', 'Wait-SlurmJob'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('KM3NeT', 'ORCA', 'ARCA', 'HDF5', 'DeepLearning', 'Neutrino', 'Physics', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'The first release: images and graphs of events with labels, merging, shuffling, splits and training sets, pictures, checks of files.'
        }
    }
}
