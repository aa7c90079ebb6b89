BeforeAll {
    . "$PSScriptRoot/Module.ps1"
    $here = Join-Path (Get-Item TestDrive:/).FullName ''
    Push-Location TestDrive:/
    $run = New-SimulatedRun run.h5 -Event 300
    $detx = $run.DetectorFile
    $bin = Join-Path (Split-Path $Manifest) bin
    Add-Type -ReferencedAssemblies "$bin/OrcaSong.dll", System.Collections, System.Collections.NonGeneric, System.Runtime -TypeDefinition @'
        using System.Collections;
        using System.Collections.Generic;
        public class EnergyExtractor : OrcaSong.Labels.IEventExtractor
        {
            public IDictionary Extract(OrcaSong.Events.EventView e) => new Dictionary<string, double> { ["energy"] = e.McTracks.Value("energy") };
        }
        public class FailingExtractor : OrcaSong.Labels.IEventExtractor
        {
            public IDictionary Extract(OrcaSong.Events.EventView e) => throw new System.InvalidOperationException("compiled failure");
        }
'@
    # Of the labels: the file also says how they were made, which differs.
    function Get-Bytes($Result) {
        $file = [OrcaSong.Hdf5.H5File]::OpenRead($Result.Output)
        try { [Convert]::ToHexString($file.Root.OpenDataset('y').ReadAll[byte]()) } finally { $file.Dispose() }
    }

    $energies = (Get-OrcaEvent run.h5 -DetectorFile run.detx).ForEach{ $_.McTracks.energy[0] }
    $expected = Get-Bytes (ConvertTo-Graph run.h5 expected.h5 -DetectorFile run.detx -Extractor ([EnergyExtractor]::new()))
}

AfterAll { Pop-Location }

Describe 'An extractor of your own' {
    It 'may be <what>' -ForEach @(
        @{ what = 'a script block with a parameter'; extractor = { param($e) @{ energy = $e.McTracks.energy[0] } } }
        @{ what = 'a script block that uses $_'; extractor = { @{ energy = $_.McTracks.energy[0] } } }
        @{ what = 'an ordered dictionary'; extractor = { [ordered]@{ energy = $_.McTracks.energy[0] } } }
        @{ what = 'an object'; extractor = { [pscustomobject]@{ energy = $_.McTracks.energy[0] } } }
        @{ what = 'a value out of a pipeline'; extractor = { @{ energy = $_.McTracks.energy | Select-Object -First 1 } } }
    ) {
        Get-Bytes (ConvertTo-Graph run.h5 "$([guid]::NewGuid()).h5" -DetectorFile run.detx -Extractor $extractor) | Should -Be $expected
    }

    It 'sees the variables and the functions where it was written' {
        $index = 0
        function Get-First($Values) { $Values[$index] }
        $result = ConvertTo-Graph run.h5 scope.h5 -DetectorFile run.detx -Extractor { @{ energy = Get-First $_.McTracks.energy } }
        Get-Bytes $result | Should -Be $expected
    }

    It 'gets the events in order, with the same numbers as Get-OrcaEvent, and can keep a count' {
        $seen = [Collections.Generic.List[object]]::new()
        $null = ConvertTo-Graph run.h5 order.h5 -DetectorFile run.detx -Extractor { $seen.Add(@($_.Index, $_.McTracks.energy[0])); @{ a = 1 } }
        $seen | ForEach-Object { $_[0] } | Should -Be (0..299)
        $seen | ForEach-Object { $_[1] } | Should -Be $energies
    }

    It 'may be a class that is written in PowerShell' {
        $own = Invoke-Expression 'class ScriptExtractor : OrcaSong.Labels.IEventExtractor {
            [Collections.IDictionary] Extract([OrcaSong.Events.EventView] $e) { return @{ energy = $e.McTracks.energy[0] } } }
            [ScriptExtractor]::new()'
        Get-Bytes (ConvertTo-Graph run.h5 class.h5 -DetectorFile run.detx -Extractor $own) | Should -Be $expected
    }

    It 'makes labels of images as well' {
        (New-FileBinner ztc_2017 -DetectorFile $detx -Extractor { @{ energy = $_.McTracks.energy[0] } } | Invoke-Binning run.h5 image.h5).EventsWritten | Should -Be 300
    }

    It 'runs in ForEach-Object -Parallel, written there or outside' {
        $graph = New-FileGraph -DetectorFile $detx -Extractor { @{ energy = $_.McTracks.energy[0] } }
        $results = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:Manifest
            $_ % 2 ? ($using:graph | Invoke-Binning "${using:here}run.h5" "${using:here}parallel$_.h5")
                : (ConvertTo-Graph "${using:here}run.h5" "${using:here}parallel$_.h5" -DetectorFile $using:detx -Extractor { @{ energy = $_.McTracks.energy[0] } })
        }
        $results.ForEach{ Get-Bytes $_ } | Should -Be (@($expected) * 4)
    }

    It 'costs little: <limit> µs an event, on a busy machine' -ForEach @{ limit = 300 } {
        $null = New-SimulatedRun many.h5 -Event 4000 -HitsPerEvent 20
        $script = { param($e) @{ energy = $e.McTracks.energy[0]; zenith = [math]::Acos(-$e.McTracks.dir_z[0]) } }
        $seconds = foreach ($extractor in $script, [EnergyExtractor]::new()) {
            (1..2).ForEach{ (ConvertTo-Graph many.h5 many_dl.h5 -Force -DetectorFile many.detx -Extractor $extractor).Elapsed.TotalSeconds } | Sort-Object | Select-Object -First 1
        }
        ($seconds[0] - $seconds[1]) / 4000 * 1e6 | Should -BeLessThan $limit -Because 'the goal is 100 on a quiet one'
    }

    It 'stops at once when the command is stopped, and leaves nothing behind' {
        $session = Start-Runspace 'ConvertTo-Graph $With.Path $With.Out -Extractor { Start-Sleep -Milliseconds 50; @{ a = 1 } }' @{ Path = "${here}run.h5"; Out = "${here}stopped/" }
        Wait-Until { Test-Path stopped/*.partial }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $session.Shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
        Get-ChildItem stopped | Should -BeNullOrEmpty
    }

    It 'is refused where it <what>: one error for the file, and the others go on' -ForEach @(
        @{ what = 'throws'; script = { throw 'my reason' }; message = '*event 0:*my reason (*Labels.Tests.ps1, line *: *' }
        @{ what = 'throws for a later event'; script = { if ($_.Index -eq 7) { throw 'seventh' }; @{ a = 1 } }; message = '*event 7:*seventh*' }
        @{ what = 'divides by zero'; script = { $n = 0; @{ a = 1 / $n } }; message = '*event 0:*divide by zero* (*line*$n*' }
        @{ what = 'calls a command that fails'; script = { Get-Item no-such-file; @{ a = 1 } }; message = '*event 0:*no-such-file*line*' }
        @{ what = 'asks for a table that there is not'; script = { @{ a = $_.McTrack.energy[0] } }; message = '*event 0:*McTrack*McTracks*' }
        @{ what = 'asks for a column that there is not'; script = { @{ a = $_.McTracks.enrgy[0] } }; message = "*event 0:*did you mean 'energy'*" }
        @{ what = 'asks for a row that there is not'; script = { Set-StrictMode -Version Latest; @{ a = $_.McTracks.energy[1000] } }; message = '*event 0:*outside the bounds*' }
        @{ what = 'gives nothing'; script = { }; message = '*event 0:*gave nothing*dictionary*' }
        @{ what = 'gives $null'; script = { $null }; message = '*event 0:*gave nothing*dictionary*' }
        @{ what = 'gives text'; script = { 'text' }; message = "*event 0:*the text 'text'*dictionary*" }
        @{ what = 'gives a number'; script = { 1.5 }; message = '*event 0:*the value 1.5*dictionary*' }
        @{ what = 'gives an array'; script = { 1, 2 }; message = '*event 0:*2 objects*' }
        @{ what = 'gives an empty dictionary'; script = { @{} }; message = '*event 0:*empty dictionary*' }
        @{ what = 'gives text in a label'; script = { @{ a = 'x' } }; message = "*event 0:*a = the text 'x'*" }
        @{ what = 'gives an array in a label'; script = { @{ a = 1, 2 } }; message = '*event 0:*a = an array of 2*' }
        @{ what = 'gives other keys for a later event'; script = { $_.Index -lt 5 ? @{ a = 1 } : @{ b = 1 } }; message = '*event 5:*without a; with b*' }
        @{ what = 'gives a fraction where it gave whole numbers'; script = { @{ a = $_.Index -lt 5 ? 1 : 1.5 } }; message = '*event 5:*1.5*' }
        @{ what = 'is compiled, and throws'; script = 'compiled'; message = '*event 0:*FailingExtractor failed: compiled failure*' }
    ) {
        $extractor = $script -is [string] ? [FailingExtractor]::new() : $script
        $results = 'run.h5' | ConvertTo-Graph -DestinationPath failing/ -DetectorFile run.detx -Extractor $extractor -LabelType Native -ErrorVariable failures -ErrorAction SilentlyContinue
        $results | Should -BeNullOrEmpty
        $failures.Count | Should -Be 1
        Get-Id $failures[0] | Should -BeExactly EventCodeFailed
        $failures[0].CategoryInfo.Category | Should -Be InvalidResult
        "$($failures[0])" | Should -BeLike $message
        "$($failures[0])" | Should -BeLike "*${here}run.h5*"
        Get-ChildItem failing -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'fails for one file only' {
        $null = New-SimulatedRun second.h5 -Event 10
        $results = 'run.h5', 'second.h5' | ConvertTo-Graph -DestinationPath one/ -Extractor { if ($_.Index -eq 100) { throw 'x' }; @{ a = 1 } } -ErrorVariable failures -ErrorAction SilentlyContinue
        $results.EventsWritten | Should -Be 10
        $failures.Count | Should -Be 1
    }
}

Describe 'An event skipper' {
    It 'leaves out the events for which it is true' {
        $result = ConvertTo-Graph run.h5 skipped.h5 -EventSkipper { param($e) $e.Index % 3 -eq 0 }
        $result.EventsRead, $result.EventsWritten, $result.EventsSkipped | Should -Be 300, 200, 100
        $result | Format-List | Out-String | Should -Match 'EventsSkipped +: 100 '
    }

    It 'leaves out none where it gives nothing' {
        (ConvertTo-Graph run.h5 none.h5 -EventSkipper { }).EventsWritten | Should -Be 300
    }

    It 'works for images, with an extractor' {
        $binner = New-FileBinner ztc_2017 -DetectorFile run.detx -EventSkipper { $_.Index -lt 290 } -Extractor { @{ index = $_.Index } }
        ($binner | Invoke-Binning run.h5 skippedimage.h5).EventsWritten | Should -Be 10
    }

    It 'names the event and the line where it fails' {
        $failure = Get-Failure { ConvertTo-Graph run.h5 fail.h5 -EventSkipper { if ($_.Index -eq 9) { throw 'ninth' } } }
        Get-Id $failure | Should -BeExactly EventCodeFailed
        "$failure" | Should -BeLike '*event 9: the event skipper failed: ninth (*line*'
    }
}

Describe 'A built-in extractor' {
    It 'takes options by name' {
        $extractor = (New-FileGraph -Extractor bundle_mc -ExtractorOption @{ inactive_du = 1; plane_point = 1, 2.5, 3; with_mc_index = $false; min_n_mchits_list = 0, 5; missing_value = -1 }).Options.Extractor
        $extractor.InactiveDu, $extractor.WithMcIndex, $extractor.MissingValue | Should -Be 1, $false, -1
        $extractor.LeastMcHits | Should -Be 0, 5
        $extractor.PlanePoint.Y | Should -Be 2.5
        (Get-Extractor nu_chain_neutrino | ForEach-Object { New-FileGraph -Extractor $_ -ExtractorOption @{ prod_identifier = 7 } }).Options.Extractor.ProdIdentifier | Should -Be 7
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'an option that it has not'; arguments = @{ Extractor = 'bundle_mc'; ExtractorOption = @{ inactiv_du = 1 } }; message = "*did you mean 'inactive_du'*" }
        @{ what = 'any option where it has none'; arguments = @{ Extractor = 'nu_chain_data'; ExtractorOption = @{ a = 1 } }; message = '*no options*' }
        @{ what = 'a value that is none'; arguments = @{ Extractor = 'bundle_mc'; ExtractorOption = @{ is_corsika = 'yes' } }; message = '*true or false*is_corsika*' }
        @{ what = 'an option without an extractor'; arguments = @{ ExtractorOption = @{ a = 1 } }; message = '*Get-Extractor*' }
        @{ what = 'an option with a script'; arguments = @{ Extractor = { @{} }; ExtractorOption = @{ a = 1 } }; message = '*Get-Extractor*' }
    ) {
        $failure = Get-Failure { New-FileGraph @arguments }
        Get-Id $failure | Should -BeExactly InvalidOptions
        "$failure" | Should -BeLike $message
    }

    It 'names what a file lacks, before any event is read' {
        $null = New-SimulatedRun noise.h5 -Event 5 -Kind Noise
        $failure = Get-Failure { ConvertTo-Graph noise.h5 noise_dl.h5 -Extractor nu_chain_neutrino }
        Get-Id $failure | Should -BeExactly MissingData
        'noise_dl.h5' | Should -Not -Exist
    }

    It 'is described by Get-Extractor' {
        (Get-Extractor).Name | Should -Be nu_chain_neutrino, nu_chain_muon, nu_chain_noise, nu_chain_data, bundle_mc, bundle_data
        (Get-Extractor bundle*).Name | Should -Be bundle_mc, bundle_data
        $one = Get-Extractor NU_CHAIN_MUON
        $one | Should -BeOfType OrcaSong.Labels.ExtractorDescription
        $one.Needs, $one.Writes, $one.Options | ForEach-Object { $_ | Should -Not -BeNullOrEmpty }
        Get-Id (Get-Failure { Get-Extractor no }) | Should -BeExactly ExtractorNotFound
    }
}
