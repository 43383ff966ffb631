using System.Globalization;

namespace ImageKit.Sandbox;

/// <summary>A process and all its descendants.</summary>
internal static class ProcessTree
{
    /// <summary>
    /// Kills the descendants of a process, and then itself unless one of them was there: a runtime whose container dies ends by itself, tidily.
    /// </summary>
    public static void Kill(int process)
    {
        List<int> below = Descendants(process);
        foreach (int one in below) _ = Libc.kill(one, Libc.KillSignal);
        if (below.Count == 0) _ = Libc.kill(process, Libc.KillSignal);
        else _ = KillLaterAsync(process);
    }

    /// <summary>The descendant that is process 1 of its PID namespace: a container's command; null before it is there.</summary>
    public static NamespaceLeader? FindFirstOfNamespace(int process)
    {
        foreach (int id in Descendants(process))
        {
            if (NamespaceLeader.TryRead(id) is { } leader) return leader;
        }
        return null;
    }

    // A runtime killed in the middle of its preparations may wait for a child that will never answer.
    private static async Task KillLaterAsync(int process)
    {
        for (int left = 20; left > 0 && Directory.Exists($"/proc/{process}"); left--)
        {
            await Task.Delay(100).ConfigureAwait(false);
            foreach (int one in Descendants(process)) _ = Libc.kill(one, Libc.KillSignal);
        }
        if (Parents().ContainsKey(process)) _ = Libc.kill(process, Libc.KillSignal);
    }

    private static List<int> Descendants(int process)
    {
        Dictionary<int, int> parents = Parents();
        List<int> found = [];
        Queue<int> open = new([process]);
        while (open.TryDequeue(out int parent))
        {
            foreach (int child in parents.Where(pair => pair.Value == parent).Select(pair => pair.Key))
            {
                found.Add(child);
                open.Enqueue(child);
            }
        }
        return found;
    }

    private static Dictionary<int, int> Parents()
    {
        Dictionary<int, int> parents = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && ParentOf(folder) is int parent) parents[id] = parent;
        }
        return parents;
    }

    private static int? ParentOf(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name before may hold anything, even ')'
            return int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException) // it has just ended
        {
            return null;
        }
    }
}
