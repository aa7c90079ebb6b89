BeforeAll { . "$PSScriptRoot/Module.ps1" }

Describe 'New-BinAxis' {
    It 'makes bins of equal width' {
        $axis = New-BinAxis -Field pos_z -Minimum 26 -Maximum 198 -Count 18
        $axis | Should -BeOfType OrcaSong.Images.BinAxis
        $axis.Field | Should -BeExactly pos_z
        $axis.BinCount | Should -Be 18
        $axis.Edges.Count | Should -Be 19
        $axis.Edges[0], $axis.Edges[18] | Should -Be 26, 198
        $axis.HasIntegerEdges | Should -BeFalse
    }

    It 'takes them by position' {
        (New-BinAxis time -50 550 100).ToString() | Should -BeExactly 'time: 100 bins from -50 to 550'
    }

    It 'takes explicit edges, and <because>' -ForEach @(
        @{ edges = 0, 10, 20; whole = $true; because = 'keeps whole numbers apart from others' }
        @{ edges = 0, 10, 20.5; whole = $false; because = 'one fraction makes all of them fractions' }
        @{ edges = [double[]](0, 10, 20); whole = $false; because = 'doubles are fractions even when they are whole' }
        @{ edges = [long[]](0, 10, 20); whole = $true; because = 'every integer type is a whole number' }
        @{ edges = '0', '10', '20'; whole = $true; because = 'text is read as a number' }
        @{ edges = '0', '1e1', '20.0'; whole = $false; because = 'text is read as Python reads it' }
    ) {
        $axis = New-BinAxis -Field time -Edge $edges
        $axis.BinCount | Should -Be 2
        $axis.HasIntegerEdges | Should -Be $whole
        $axis.Edges[1] | Should -Be 10
    }

    It 'takes rows of a table by property name' {
        $axes = "Field,Minimum,Maximum,Count`npos_z,0,10,5`ntime,-50,550,100" | ConvertFrom-Csv | New-BinAxis
        $axes.Field | Should -Be pos_z, time
        $axes.BinCount | Should -Be 5, 100
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'edges that decrease'; arguments = @{ Edge = 0, 5, 3 }; message = '*must increase: edge 2 is 3, after 5*' }
        @{ what = 'one edge'; arguments = @{ Edge = , 0 }; message = '*at least two bin edges*' }
        @{ what = 'words'; arguments = @{ Edge = 0, 'a' }; message = "*Bin edge 1 of axis time is 'a'*" }
        @{ what = 'NaN'; arguments = @{ Edge = 0, [double]::NaN }; message = '*finite*' }
        @{ what = 'a maximum below the minimum'; arguments = @{ Minimum = 5; Maximum = 3; Count = 2 }; message = '*maximum*above its minimum*' }
    ) {
        $failure = Get-Failure { New-BinAxis -Field time @arguments }
        Get-Id $failure | Should -BeExactly InvalidOptions
        "$failure" | Should -BeLike $message
        "$failure" | Should -Not -BeLike '*(Parameter*'
    }

    It 'refuses no bins when the command is bound' {
        { New-BinAxis time 0 10 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    Context 'with an event file' {
        BeforeAll { $null = New-SimulatedRun TestDrive:/run.h5 -Event 3 }

        It 'lets fields of the hits and of the detector pass' {
            (New-BinAxis tot 0 255 5 -Path TestDrive:/run.h5).Field | Should -Be tot
            (New-BinAxis pos_z 0 255 5 -Path TestDrive:/run.h5).Field | Should -Be pos_z
        }

        It 'says which fields there are' {
            $failure = Get-Failure { New-BinAxis pos-z 0 255 5 -Path TestDrive:/run.h5 }
            Get-Id $failure | Should -BeExactly MissingData
            "$failure" | Should -BeLike '*no column pos-z*channel_id*pos_z*tot*'
        }
    }
}

Describe 'Get-BinAxis' {
    It 'gives the axes of <name>' -ForEach @(
        @{ name = 'ztc_2017'; fields = 'pos_z', 'time', 'channel_id'; shape = 18, 100, 31 }
        @{ name = 'four_line_low'; fields = 'pos_x', 'pos_y', 'pos_z', 'time', 'channel_id'; shape = 2, 2, 18, 100, 31 }
        @{ name = 'FOUR_LINE_HIGH'; fields = 'pos_x', 'pos_y', 'pos_z', 'time', 'channel_id'; shape = 2, 2, 18, 300, 31 }
    ) {
        $axes = Get-BinAxis $name
        $axes.Field | Should -Be $fields
        $axes.BinCount | Should -Be $shape
        $axes.Preset | Select-Object -Unique | Should -Be $name
    }

    It 'gives all of them without a name, and some by wildcards or from the pipeline' {
        (Get-BinAxis).Preset | Select-Object -Unique | Should -Be ztc_2017, four_line_low, four_line_high
        (Get-BinAxis four*).Preset | Select-Object -Unique | Should -Be four_line_low, four_line_high
        ('ztc_2017', 'four_line_low' | Get-BinAxis).Count | Should -Be 8
    }

    It 'says which there are' {
        $failure = Get-Failure { Get-BinAxis ztc_2018 }
        Get-Id $failure | Should -BeExactly PresetNotFound
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
        $failure.TargetObject | Should -BeExactly ztc_2018
        "$failure" | Should -BeLike '*ztc_2017, four_line_low, four_line_high*'
    }
}
