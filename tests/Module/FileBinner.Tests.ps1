BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $axis = New-BinAxis pos_z 26 198 18
    Set-Content TestDrive:/some.detx 'not read before the run'
    $detx = (Get-Item TestDrive:/some.detx).FullName
}

Describe 'New-FileBinner' {
    It 'prints what it makes' {
        "$(New-FileBinner $axis, (New-BinAxis time -50 550 100))" | Should -BeExactly '<FileBinner: pos_z, time (18, 100)>'
    }

    It 'takes axes as <what>' -ForEach @(
        @{ what = 'objects'; make = { New-FileBinner -Axis (Get-BinAxis ztc_2017) } }
        @{ what = 'objects from the pipeline'; make = { Get-BinAxis ztc_2017 | New-FileBinner } }
        @{ what = 'the name of a preset'; make = { New-FileBinner ztc_2017 } }
        @{ what = 'the name of a preset from the pipeline'; make = { 'ZTC_2017' | New-FileBinner } }
        @{ what = 'an ordered dictionary'; make = {
                New-FileBinner ([ordered]@{ pos_z = 0..18; time = 0..100; channel_id = 0..31 })
            }
        }
        @{ what = 'an ordered dictionary from the pipeline'; make = {
                [ordered]@{ pos_z = 0..18; time = 0..100; channel_id = 0..31 } | New-FileBinner
            }
        }
        @{ what = 'a mixture'; make = { New-FileBinner @{ pos_z = 0..18 }, (New-BinAxis time 0 1 100), @{ channel_id = [double[]](0..31) } } }
    ) {
        $binner = & $make
        $binner | Should -HaveCount 1
        $binner | Should -BeOfType OrcaSong.Images.FileBinner
        "$binner" | Should -BeExactly '<FileBinner: pos_z, time, channel_id (18, 100, 31)>'
    }

    It 'keeps whole numbers of a dictionary apart from others' {
        $binner = New-FileBinner ([ordered]@{ pos_z = 0, 1, 2; time = 0, 1, 2.5 })
        $binner.Axes.HasIntegerEdges | Should -Be $true, $false
    }

    It 'refuses an unordered dictionary of several fields, whose order would be random' {
        $failure = Get-Failure { New-FileBinner @{ pos_z = 0, 1; time = 0, 1 } }
        "$failure" | Should -BeLike '*order*random*`[ordered`]@{ }*'
    }

    It 'has the defaults of the Python tool' {
        $binner = New-FileBinner $axis
        $binner.AddBinStatistics | Should -BeTrue
        $binner.HitWeights | Should -BeNullOrEmpty
        $binner.Overflow | Should -Be Saturate
        $options = $binner.Options
        $options.ChunkSize | Should -Be 32
        $options.CompressionLevel | Should -Be 1
        $options.Seed | Should -Be 42
        $options.DetectorFile, $options.Extractor, $options.CenterHitsTo | Should -Be $null, $null, $null
        $options.CorrectMcTime, $options.CenterTime, $options.CalibrateHits, $options.CalibrateMcHits | Should -Be (@($true) * 4)
        $options.CorrectTimeSlewing, $options.SortLabels, $options.LabelsToFloat64, $options.KeepRawHeader | Should -Be (@($true) * 4)
        $options.AddT0, $options.KeepEventInfo | Should -Be $false, $false
    }

    It 'turns -<parameter> into <property>' -ForEach @(
        @{ parameter = 'NoMcTimeCorrection'; property = 'CorrectMcTime'; value = $true; becomes = $false }
        @{ parameter = 'NoTimeCentering'; property = 'CenterTime'; value = $true; becomes = $false }
        @{ parameter = 'NoHitCalibration'; property = 'CalibrateHits'; value = $true; becomes = $false }
        @{ parameter = 'NoMcHitCalibration'; property = 'CalibrateMcHits'; value = $true; becomes = $false }
        @{ parameter = 'AddT0'; property = 'AddT0'; value = $true; becomes = $true }
        @{ parameter = 'NoTimeSlewingCorrection'; property = 'CorrectTimeSlewing'; value = $true; becomes = $false }
        @{ parameter = 'ChunkSize'; property = 'ChunkSize'; value = 7; becomes = 7 }
        @{ parameter = 'ChunkSize'; property = 'ChunkSize'; value = 'Auto'; becomes = $null }
        @{ parameter = 'KeepEventInfo'; property = 'KeepEventInfo'; value = $true; becomes = $true }
        @{ parameter = 'NoRawHeader'; property = 'KeepRawHeader'; value = $true; becomes = $false }
        @{ parameter = 'CompressionLevel'; property = 'CompressionLevel'; value = 9; becomes = 9 }
        @{ parameter = 'Compression'; property = 'CompressionLevel'; value = 'none'; becomes = 0 }
        @{ parameter = 'Compression'; property = 'CompressionLevel'; value = 'Fast'; becomes = 1 }
        @{ parameter = 'Compression'; property = 'CompressionLevel'; value = 'Small'; becomes = 9 }
        @{ parameter = 'Compression'; property = 'CompressionLevel'; value = 5; becomes = 5 }
        @{ parameter = 'Seed'; property = 'Seed'; value = 7; becomes = 7 }
        @{ parameter = 'LabelType'; property = 'LabelsToFloat64'; value = 'Native'; becomes = $false }
        @{ parameter = 'NoLabelSorting'; property = 'SortLabels'; value = $true; becomes = $false }
        @{ parameter = 'Extractor'; property = 'Extractor'; value = 'nu_chain_data'; becomes = 'nu_chain_data' }
    ) {
        $arguments = @{ $parameter = $value }
        "$((New-FileBinner $axis @arguments).Options.$property)" | Should -BeExactly "$becomes"
    }

    It 'turns the options of images into properties' {
        $binner = New-FileBinner $axis -NoBinStatistics -HitWeight tot -Overflow Wrap
        $binner.AddBinStatistics | Should -BeFalse
        $binner.HitWeights | Should -BeExactly tot
        $binner.Overflow | Should -Be Wrap
    }

    It 'finds the detector file from the current location of the session' {
        Push-Location TestDrive:/
        try { (New-FileBinner $axis -DetectorFile some.detx).Options.DetectorFile | Should -BeExactly $detx }
        finally { Pop-Location }
    }

    It 'centres hits on <given>' -ForEach @(
        @{ given = 1, 2.5, 3; x = 1; y = 2.5; z = 3 }
        @{ given = 0, 0, $null; x = 0; y = 0; z = $null }
        @{ given = $null, '1.5', $null; x = $null; y = 1.5; z = $null }
    ) {
        $to = (New-FileBinner $axis -DetectorFile $detx -CenterHitsTo $given).Options.CenterHitsTo
        $to.X, $to.Y, $to.Z | Should -Be $x, $y, $z
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'a preset that does not exist'; arguments = @{ Axis = 'ztc' }; id = 'ParameterArgumentTransformationError'; message = '*ztc_2017*' }
        @{ what = 'what is no axis'; arguments = @{ Axis = 5 }; id = 'ParameterArgumentTransformationError'; message = '*New-BinAxis*' }
        @{ what = 'no axes'; arguments = @{ Axis = @() }; id = 'ParameterArgumentValidationErrorEmptyArrayNotAllowed'; message = '*empty*' }
        @{ what = 'a field twice'; arguments = @{ Axis = 'ztc_2017', 'four_line_low' }; id = 'InvalidOptions'; message = '*pos_z has 2 axes*' }
        @{ what = 'images that are too large'; arguments = @{ Axis = [ordered]@{ a = 0..3000; b = 0..3000; c = 0..3000 } }; id = 'InvalidOptions'; message = '*too large*' }
        @{ what = 'edges that decrease in a dictionary'; arguments = @{ Axis = @{ a = 1, 0 } }; id = 'ParameterArgumentTransformationError'; message = '*must increase*' }
        @{ what = 'centring without a detector file'; arguments = @{ Axis = 'ztc_2017'; CenterHitsTo = 0, 0, 0 }; id = 'InvalidOptions'; message = '*needs a detector file*' }
        @{ what = 'two coordinates'; arguments = @{ Axis = 'ztc_2017'; CenterHitsTo = 0, 0 }; id = 'ParameterArgumentTransformationError'; message = '*three coordinates*' }
        @{ what = 'an extractor that does not exist'; arguments = @{ Axis = 'ztc_2017'; Extractor = 'nu' }; id = 'ParameterArgumentTransformationError'; message = '*nu_chain_data*' }
        @{ what = 'a chunk size in words'; arguments = @{ Axis = 'ztc_2017'; ChunkSize = 'large' }; id = 'ParameterArgumentTransformationError'; message = '*or Auto*' }
        @{ what = 'a chunk size of 0'; arguments = @{ Axis = 'ztc_2017'; ChunkSize = 0 }; id = 'InvalidOptions'; message = '*1 to 1,000,000*' }
        @{ what = 'a compression that there is not'; arguments = @{ Axis = 'ztc_2017'; Compression = 'Tiny' }; id = 'ParameterArgumentTransformationError'; message = '*None, Fast, Default, Small, or a level from 0 to 9*' }
        @{ what = 'a level of 10'; arguments = @{ Axis = 'ztc_2017'; CompressionLevel = 10 }; id = 'ParameterArgumentValidationError'; message = '*' }
        @{ what = 'a detector file that does not exist'; arguments = @{ Axis = 'ztc_2017'; DetectorFile = 'TestDrive:/no.detx' }; id = 'DetectorFileNotFound'; message = '*no.detx*does not exist*' }
        @{ what = 'a folder as detector file'; arguments = @{ Axis = 'ztc_2017'; DetectorFile = 'TestDrive:/' }; id = 'DetectorFileNotFound'; message = '*is a folder*' }
        @{ what = 'a detector file outside the file system'; arguments = @{ Axis = 'ztc_2017'; DetectorFile = 'Env:/HOME' }; id = 'InvalidPath'; message = '*Environment*' }
    ) {
        $failure = Get-Failure { New-FileBinner @arguments }
        Get-Id $failure | Should -BeExactly $id
        "$failure" | Should -BeLike $message
        "$failure" | Should -Not -BeLike '*(Parameter*'
    }

    It 'refuses before anything else happens: one terminating error' {
        $reached = $false
        { New-FileBinner ztc_2017 -CenterHitsTo 0, 0, 0; $reached = $true } | Should -Throw
        $reached | Should -BeFalse
    }
}
