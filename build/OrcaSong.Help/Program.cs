using System.Text;
using OrcaSong.Help;

if (args is not [("help" or "docs" or "check") and var task, var root])
{
    await Console.Error.WriteLineAsync("usage: OrcaSong.Help help | docs | check ROOT");
    return 2;
}

try
{
    var site = new Site(Path.GetFullPath(root));
    switch (task)
    {
        case "help":
            Write(site.HelpFiles());
            return 0;
        case "docs":
            Write(site.CommandPages());
            return 0;
        default:
            var stale = site.CommandPages().Where(page => !File.Exists(page.Path) || File.ReadAllText(page.Path) != page.Text).ToArray();
            foreach (var page in stale)
            {
                Console.WriteLine($"{page.Path} is not what the code says. Run: dotnet run --project build/OrcaSong.Help docs .");
            }

            return stale.Length == 0 ? 0 : 1;
    }
}
catch (HelpException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

static void Write(IEnumerable<(string Path, string Text)> files)
{
    foreach (var (path, text) in files.ToArray())
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
