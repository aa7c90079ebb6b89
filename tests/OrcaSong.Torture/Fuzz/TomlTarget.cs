using System.Text;
using OrcaSong.Configuration;
using OrcaSong.Configuration.Toml;
using OrcaSong.Training.Splitting;

namespace OrcaSong.Torture.Fuzz;

/// <summary>Configurations of images, graphs and splits; those that can be read are written and read again.</summary>
internal sealed class TomlTarget : FuzzTarget
{
    private const string Written =
        """"
        mode = "graph" # comment
        hit_infos = ["pos_x", "time", "tot"]
        time_window = [-250, 1_000.5]
        det_file = "a.detx"
        max_n_hits = 0x10
        fixed_length = true
        chunksize = 32
        complevel = 9
        extractor = "nu_chain_data"
        center_hits_to = [0, 0, "none"]
        """";

    private const string Images =
        """"
        mode = "image"
        bin_edges_list = [["pos_z", [0, 10, 20.5, 1e3]], ["time", [-50, 0, 50]]]
        add_bin_stats = false
        hit_weights = "tot"
        det_file = "a.detx"
        """";

    private const string Split =
        """"
        n_files_train = 2
        n_files_validate = 1
        output_file_folder = "out"
        output_file_name = "lst"
        make_qsub_bash_files = true
        venv_path = "/venv/bin/"
        [mupage]
        dir = "muons"
        run_ids_train = [-inf, 20]
        run_ids_validate = [21, inf]
        [data]
        dir = "data"
        run_ids_train = [1, 20]
        """";

    private readonly int _seed;
    private readonly byte[][] _files;

    internal TomlTarget(int seed)
    {
        _seed = seed;
        _files = [.. BuiltInConfigurations.All.Select(BuiltInConfigurations.Get).Concat([Written, Images, Split]).Select(Encoding.UTF8.GetBytes)];
    }

    internal override string FileName => "in.toml";

    internal override byte[] Make(int index) => TextDamage.Of(_files[index % _files.Length], new Random(unchecked((_seed * 1_000_003) + (index * 7919))));

    internal override IEnumerable<(string Name, Action Run)> Operations(int index, string path, string folder)
    {
        yield return ("parse", () =>
        {
            var table = Toml.Load(path);
            if (!table.Equals(Toml.Parse(Toml.Write(table))))
            {
                throw new InvalidOperationException("What was read is not what was written again.");
            }
        }
        );
        yield return ("run", () => RunConfiguration.Load(path));
        yield return ("split", () => DataSplitConfiguration.Load(path));
    }
}
