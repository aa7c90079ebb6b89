BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    Push-Location TestDrive:/
    $run = New-SimulatedRun run.h5 -Event 20 -HitsPerEvent 20
    $binner = New-FileBinner ztc_2017 -DetectorFile $run.DetectorFile
    $images = $binner | Invoke-Binning run.h5 -DestinationPath images.h5
    'text' > text.h5
}

AfterAll { Pop-Location }

Describe 'Test-EventFile' {
    It 'says true or false' {
        Test-EventFile run.h5 | Should -BeTrue
        $images | Test-EventFile | Should -BeTrue
        Test-EventFile run.h5, text.h5 | Should -Be $true, $false
        Get-Item text.h5 | Test-EventFile | Should -BeFalse
        Get-Failure { Test-EventFile absent.h5 } | ForEach-Object { Get-Id $_ } | Should -Be InputNotFound
    }

    It 'says what is wrong' {
        $report = Test-EventFile text.h5, images.h5 -Detailed
        $report | Should -BeOfType OrcaSong.Inspection.FileCheckReport
        $report.IsValid | Should -Be $false, $true
        $report[0].Problems[0].Expected | Should -Be 'a readable HDF5 file'
        $report[1].Kind, $report[1].EventCount, $report[1].IsComplete | Should -Be Images, 20, $true
        $text = $report | Out-String
        $text | Should -Match 'Problems +: expected a readable HDF5 file, found '
        $text | Should -Match 'Problems +: none'
    }

    It 'shows how a file was made, and that it is complete' {
        $file = $images | Get-EventFile
        $file.IsComplete | Should -BeTrue
        ($file.Provenance | ConvertFrom-Json).inputs[0].path | Should -Be (Get-Item run.h5).FullName
        $file | Out-String | Should -Match 'job: images'
    }
}

Describe '-Resume' {
    It 'keeps what is right, and makes the rest again' {
        $time = (Get-Item images.h5).LastWriteTimeUtc
        $kept = $binner | Invoke-Binning run.h5 -DestinationPath images.h5 -Resume -InformationVariable told
        $kept.IsKept, $kept.EventsWritten, $kept.Hits | Should -Be $true, 20, $images.Hits
        (Get-Item images.h5).LastWriteTimeUtc | Should -Be $time
        "$told" | Should -Match 'images\.h5: kept: it is complete'
        $kept | Format-List | Out-String | Should -Match 'Resumed +: kept'
        $other = New-FileBinner ztc_2017 -DetectorFile $run.DetectorFile -Seed 5 | Invoke-Binning run.h5 -DestinationPath images.h5 -Resume
        $other.IsKept, $other.ResumeReason | Should -Be $false, 'was made with another configuration'
        'text' > graphs.h5
        (ConvertTo-Graph run.h5 -DestinationPath graphs.h5 -Resume).ResumeReason | Should -BeLike 'is damaged or incomplete*'
        (ConvertTo-Graph run.h5 -DestinationPath graphs.h5 -Resume).IsKept | Should -BeTrue
    }

    It 'removes what a killed run has left' {
        $dead = Start-Process pwsh '-NoProfile -Command exit' -PassThru -Wait
        'half' > "images.h5.$($dead.Id)-1.partial"
        $binner | Invoke-Binning run.h5 -DestinationPath images.h5 -Force -WarningVariable warnings -WarningAction SilentlyContinue | Should -Not -BeNullOrEmpty
        "$warnings" | Should -Match 'which a run that was killed had left'
        '*.partial' | Should -Not -Exist
    }

    It 'ends with an error while another run makes the output' {
        "another machine`n1`nx`n1`n" | Set-Content images.h5.lock.partial
        Get-Id (Get-Failure { $binner | Invoke-Binning run.h5 -DestinationPath images.h5 -Force }) | Should -Be OutputInUse
        Remove-Item images.h5.lock.partial
    }
}
