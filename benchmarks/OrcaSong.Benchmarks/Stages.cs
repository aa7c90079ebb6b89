using System.Diagnostics;
using System.Globalization;
using OrcaSong.Calibration;
using OrcaSong.Detectors;
using OrcaSong.Events;
using OrcaSong.Images;
using OrcaSong.Labels;
using OrcaSong.Running;

namespace OrcaSong.Benchmarks;

/// <summary>Times each stage of an image run by itself, on one thread: where the time of a run goes.</summary>
internal static class Stages
{
    private const int EventsInBatch = 109;

    internal static void Run(string input, string detectorFile)
    {
        var options = ProcessingOptions.Default with { ChunkSize = 32, DetectorFile = detectorFile, Extractor = new NuChainDataExtractor() };
        var binner = new FileBinner(BinAxisPresets.Get("ztc_2017"), options);
        var detector = Detector.Load(detectorFile);
        for (var round = 0; round < 3; round++)
        {
            using var file = EventFile.Open(input);
            var maker = new ImageMaker(binner);
            var needs = new LabelNeeds(file, options, detector, makesGraphs: false);
            var labels = options.Extractor.Prepare(needs);
            var hits = new HitPreparation(file, detector, options, maker.Fields, []);
            maker.Bind(hits);
            using var preparedFile = new PreparedFile(file, options, detector, hits);
            var requests = needs.Requests.Append(hits.Request).GroupBy(r => r.Path).Select(g => new TableRequest(
                g.Key, g.Any(r => r.Columns is null) ? null : [.. g.SelectMany(r => r.Columns!).Distinct()]));
            using var reader = new BatchReader(file, requests, inOrder: true);
            var watches = new Dictionary<string, Stopwatch>();
            Stopwatch Watch(string name) => watches.TryGetValue(name, out var w) ? w : watches[name] = new Stopwatch();
            T Timed<T>(string name, Func<T> work)
            {
                var watch = Watch(name);
                watch.Start();
                var result = work();
                watch.Stop();
                return result;
            }

            byte[] encoded = [];
            for (var first = 0; first < file.EventCount; first += EventsInBatch)
            {
                var start = first;
                var stored = Timed("read", () => reader.Read(start, Math.Min(EventsInBatch, file.EventCount - start)));
                using var events = Timed("decode", stored.Decode);
                var prepared = Timed("calibrate", () => hits.Prepare(events));
                var images = Timed("bin", () => maker.Make(prepared));
                using var batch = new PreparedBatch(preparedFile, events, prepared, _ => null);
                labels.Return(Timed("labels", () => labels.Make(batch)));
                Timed("encode images", () =>
                {
                    // As many bytes as the chunks take, though not their places: one event after the other.
                    var positions = new int[images.Starts[events.Count]];
                    for (var e = 0; e < events.Count; e++)
                    {
                        for (var i = images.Starts[e]; i < images.Starts[e + 1]; i++)
                        {
                            positions[i] = (e * binner.BinCount) + images.Positions[i];
                        }
                    }

                    return SparseImageEncoder.Encode(positions, images.Values.AsSpan(0, positions.Length), events.Count * binner.BinCount, true, ref encoded);
                });
                maker.Return(images);
            }

            var total = watches.Values.Sum(w => w.Elapsed.TotalSeconds);
            Console.WriteLine($"round {round + 1}, {file.EventCount} events, one thread:");
            foreach (var (name, watch) in watches)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  {name,-14} {watch.Elapsed.TotalMicroseconds / file.EventCount,6:0.00} us/event  {100 * watch.Elapsed.TotalSeconds / total,5:0.0} %"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"all",-14} {total * 1e6 / file.EventCount,6:0.00} us/event"));
        }
    }
}
