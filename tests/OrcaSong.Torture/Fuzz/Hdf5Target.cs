using OrcaSong.Graphs;
using OrcaSong.Hdf5;
using OrcaSong.Images;
using OrcaSong.Inspection;
using OrcaSong.Labels;
using OrcaSong.Running;
using OrcaSong.Simulation;
using OrcaSong.Training;
using OrcaSong.Training.Splitting;

namespace OrcaSong.Torture.Fuzz;

/// <summary>Event files and files for training, small ones of our own and, where they are, real ones; changed first where they hold structure.</summary>
internal sealed class Hdf5Target : FuzzTarget
{
    private const int LargestReal = 700_000;
    private static readonly BinAxis[] Axes = [BinAxis.Uniform("pos_z", 0, 220, 6), BinAxis.Uniform("time", -200, 800, 12)];
    private readonly int _seed;
    private readonly Seed[] _files;

    internal Hdf5Target(string folder, int seed)
    {
        _seed = seed;
        if (!Directory.Exists(folder))
        {
            // Made as a whole, as several processes may look for it.
            var making = $"{folder}.{Environment.ProcessId}";
            Directory.CreateDirectory(making);
            Prepare(making);
            Directory.Move(making, folder);
        }

        _files = [.. Directory.GetFiles(folder, "*.h5").Order(StringComparer.Ordinal).Select(path => new Seed(path)), .. Real().Select(path => new Seed(path))];
    }

    internal override string FileName => "in.h5";

    internal override byte[] Make(int index)
    {
        var file = _files[index % _files.Length];
        return Damage.Bytes(file.Bytes, file.Structure, new Random(HashCode(index)));
    }

    internal override IEnumerable<(string Name, Action Run)> Operations(int index, string path, string folder)
    {
        var file = _files[index % _files.Length];
        yield return ("summary", () => EventFileSummary.ReadDetails(path));
        yield return ("check", () => FileCheck.Run(path, threads: 2));
        yield return ("images", () => new Runner(2).Run(file.Images, path, Path.Combine(folder, "images.h5"), overwrite: true));
        yield return ("graphs", () => new Runner(2).Run(file.Graphs, path, Path.Combine(folder, "graphs.h5"), overwrite: true));
        yield return ("merge", () => Merger.Merge([path, file.Path], Path.Combine(folder, "merged.h5"), overwrite: true, threads: 2));
        yield return ("shuffle", () => Shuffler.Shuffle(path, Path.Combine(folder, "shuffled.h5"), overwrite: true, threads: 2));
        yield return ("training set", () => TrainingSet.Make([path], Path.Combine(folder, "set"), Sets, overwrite: true, threads: 2));
    }

    private static TrainingSetOptions Sets { get; } =
        new() { Fractions = new SetFractions(new Dictionary<string, double> { ["train"] = 0.5, ["test"] = 0.5 }), SplitBy = SplitBy.Random };

    private int HashCode(int index) => unchecked((_seed * 1_000_003) + (index * 7919));

    private static void Prepare(string folder)
    {
        string In(string name) => Path.Combine(folder, name);
        foreach (var (kind, name) in new[] { (SimulatedEventKind.Neutrino, "neutrinos"), (SimulatedEventKind.Muon, "muons"), (SimulatedEventKind.Noise, "noise") })
        {
            SimulatedRun.Write(
                new SimulationOptions { Events = 8, HitsPerEvent = 12, Kind = kind, DetectionUnits = 2, FloorsPerUnit = 3, Calibrated = name == "muons" }, In($"{name}.h5"), threads: 1);
        }

        var extractor = LabelExtractors.Get("nu_chain_neutrino");
        var options = new ProcessingOptions { DetectorFile = In("neutrinos.detx"), KeepEventInfo = true, Extractor = extractor, ChunkSize = 3 };
        var runner = new Runner(1);
        runner.Run(new FileBinner(Axes, options), In("neutrinos.h5"), In("images.h5"));
        runner.Run(new FileGraph(options: options), In("neutrinos.h5"), In("graphs.h5"));
        runner.Run(new FileGraph(["pos_x", "time"], maxHits: 10, fixedLength: true, options: options), In("neutrinos.h5"), In("fixed.h5"));
        File.Copy(In("images.h5"), In("again.h5"));
        Merger.Merge([In("images.h5"), In("again.h5")], In("merged.h5"), threads: 1);
        File.Delete(In("again.h5"));
        Shuffler.Shuffle(In("graphs.h5"), In("shuffled.h5"), threads: 1);
        foreach (var detector in new[] { "muons", "noise" })
        {
            File.Delete(In($"{detector}.detx"));
        }

        using (var file = H5File.OpenReadWrite(In("merged.h5")))
        {
            using var texts = file.Root.CreateDataset("texts", new H5DatasetSpec { Type = H5Type.VariableString(), Shape = [5] });
            texts.WriteStrings(["a", new string('b', 300), string.Empty, "d", "e"]);
            file.Root.Attributes.WriteVariableString("note", "kept elsewhere in the file");
        }

        Python.TryRun(
            "h5py",
            """
            import sys, h5py, numpy as np
            def copy(source, target, **options):
                with h5py.File(source, "r") as a, h5py.File(target, "w", **options) as b:
                    for name, value in a.attrs.items(): b.attrs[name] = value
                    def visit(name, item):
                        if isinstance(item, h5py.Dataset):
                            chunks = item.chunks if item.chunks else None
                            b.create_dataset(name, data=item[()], chunks=chunks, maxshape=item.maxshape if chunks else None, compression="gzip" if chunks else None, shuffle=bool(chunks), fletcher32=bool(chunks))
                        for k, v in item.attrs.items():
                            try: b.require_group(name).attrs[k] = v
                            except Exception:
                                try: b[name].attrs[k] = v
                                except Exception: pass
                    a.visititems(visit)
            copy(sys.argv[1] + "/neutrinos.h5", sys.argv[1] + "/latest_events.h5", libver="latest")
            copy(sys.argv[1] + "/graphs.h5", sys.argv[1] + "/latest_graphs.h5", libver="latest")
            copy(sys.argv[1] + "/images.h5", sys.argv[1] + "/h5py_images.h5")
            """,
            folder);
    }

    private static IEnumerable<string> Real()
    {
        if (Python.Shared() is not { } shared)
        {
            return [];
        }

        string[] names =
        [
            "data/dummy_file_1.h5", "data/edge/edge_compound_hits.h5", "data/edge/edge_missing_reco.h5", "data/mupage.root.h5", "data/neutrino_file.h5", "data/km3net-testdata/raw_header.h5",
            "data/processed_data_neutrino/processed_graph_neutrino.h5", "golden/conc_dummy/out.h5", "golden/conc_image_2/out.h5", "golden/conc_fixed_2/out.h5",
        ];
        return names.Select(n => Path.Combine(shared, n)).Where(p => File.Exists(p) && new FileInfo(p).Length < LargestReal);
    }

    private sealed class Seed(string path)
    {
        private readonly Lazy<(byte[] Bytes, int[] Structure)> _contents = new(() => Look(path));
        private readonly Lazy<FileBinner> _images = new(() => Working(path, options => new FileBinner(Axes, options), "images"));
        private readonly Lazy<FileGraph> _graphs = new(() => Working(path, options => new FileGraph(maxHits: 50, options: options), "graphs"));

        internal string Path => path;

        internal byte[] Bytes => _contents.Value.Bytes;

        /// <summary>Offsets of bytes that are not chunks of data.</summary>
        internal int[] Structure => _contents.Value.Structure;

        internal FileBinner Images => _images.Value;

        internal FileGraph Graphs => _graphs.Value;

        /// <summary>What asks for the most, and the undamaged file can be run with.</summary>
        private static T Working<T>(string path, Func<ProcessingOptions, T> make, string name)
            where T : EventProcessor
        {
            var folder = Directory.CreateTempSubdirectory("orcasong-seed-").FullName;
            try
            {
                var detector = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, "neutrinos.detx");
                foreach (var extractor in new ILabelExtractor?[] { LabelExtractors.Get("nu_chain_neutrino"), LabelExtractors.Get("nu_chain_data"), null })
                {
                    foreach (var calibrate in new[] { true, false })
                    {
                        foreach (var keep in new[] { true, false })
                        {
                            if (calibrate && !File.Exists(detector))
                            {
                                continue;
                            }

                            try
                            {
                                var processor = make(new ProcessingOptions { Extractor = extractor, KeepEventInfo = keep, DetectorFile = calibrate ? detector : null, ChunkSize = 4 });
                                new Runner(1).Run(processor, path, System.IO.Path.Combine(folder, name), overwrite: true);
                                return processor;
                            }
                            catch (Exception e) when (e is IOException or ArgumentException or InvalidDataException)
                            {
                                // That does not suit the file.
                            }
                        }
                    }
                }

                return make(ProcessingOptions.Default);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        private static (byte[] Bytes, int[] Structure) Look(string path)
        {
            var bytes = File.ReadAllBytes(path);
            var isData = new bool[bytes.Length];
            using (var file = H5File.OpenRead(path))
            {
                MarkData(file.Root, bytes, isData, depth: 0);
            }

            return (bytes, [.. Enumerable.Range(0, bytes.Length).Where(i => !isData[i])]);
        }

        private static void MarkData(H5Group group, byte[] bytes, bool[] isData, int depth)
        {
            foreach (var name in group.Names)
            {
                switch (group.KindOf(name))
                {
                    case H5ObjectKind.Group when depth < 5:
                        MarkData(group.OpenGroup(name), bytes, isData, depth + 1);
                        break;
                    case H5ObjectKind.Dataset:
                        using (var dataset = group.OpenDataset(name))
                        {
                            MarkData(dataset, bytes, isData);
                        }

                        break;
                }
            }
        }

        private static void MarkData(H5Dataset dataset, byte[] bytes, bool[] isData)
        {
            if (dataset.ChunkShape is not { } chunk || dataset.Shape.Count == 0 || dataset.Shape.Contains(0))
            {
                return;
            }

            var coordinate = new long[chunk.Count];
            for (var row = 0L; row < dataset.Length; row += chunk[0])
            {
                coordinate[0] = row;
                var stored = new byte[dataset.ChunkStorageSize(coordinate)];
                if (stored.Length > 0 && dataset.ReadChunk(coordinate, stored, out _) > 0 && bytes.AsSpan().IndexOf(stored) is var at and >= 0)
                {
                    isData.AsSpan(at, stored.Length).Fill(true);
                }
            }
        }
    }
}
