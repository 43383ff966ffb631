namespace ImageKit.Sandbox;

/// <summary>Paths inside a root filesystem whose processes are not running, links followed as if the root were `/`.</summary>
internal static class RootPath
{
    private const int MostLinks = 40;

    /// <summary>
    /// Follows every link of a path inside a root; parts that do not exist stay as they are.
    /// </summary>
    /// <returns>The path inside the root without links and dots, without a leading `/`; null if the links turn in a circle.</returns>
    public static string? Resolve(string root, string path)
    {
        List<string> done = [];
        Stack<string> left = new(Split(path).Reverse());
        int links = 0;
        while (left.TryPop(out string? part))
        {
            if (part == "..")
            {
                if (done.Count > 0) done.RemoveAt(done.Count - 1);
                continue;
            }
            string? target = new FileInfo(Path.Combine(root, Path.Combine([.. done, part]))).LinkTarget;
            if (target is null)
            {
                done.Add(part);
                continue;
            }
            if (++links > MostLinks) return null;
            if (target.StartsWith('/')) done.Clear();
            foreach (string piece in Split(target).Reverse()) left.Push(piece);
        }
        return string.Join('/', done);
    }

    /// <summary>The parts of a path, without empty ones and `.`.</summary>
    public static IEnumerable<string> Split(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");
}
