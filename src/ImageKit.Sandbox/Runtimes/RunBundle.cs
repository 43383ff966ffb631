using System.Text.Json;

namespace ImageKit.Sandbox;

/// <summary>A folder with a run's `config.json`, the runtime's state and its log.</summary>
/// <param name="Folder">The folder, an absolute path of this run's own.</param>
/// <param name="Id">The container's name, different from any other on the machine.</param>
/// <param name="Spec">What is in `config.json`.</param>
internal sealed record RunBundle(string Folder, string Id, RuntimeSpec Spec)
{
    /// <summary>Where the runtime keeps its state.</summary>
    public string State => Path.Combine(Folder, "state");

    /// <summary>Where the runtime writes why it failed, a line of JSON each time.</summary>
    public string Log => Path.Combine(Folder, "log");

    /// <summary>Writes `config.json`.</summary>
    public void Write()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, "config.json"), JsonSerializer.SerializeToUtf8Bytes(Spec, SandboxJson.Default.RuntimeSpec));
    }

    /// <summary>Reads the `config.json` of a folder.</summary>
    public static RuntimeSpec Read(string folder) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, "config.json")), SandboxJson.Default.RuntimeSpec)!;

    /// <summary>What the runtime said went wrong; empty if nothing.</summary>
    public string ReadFailure()
    {
        if (!File.Exists(Log)) return "";
        List<string> messages = [];
        foreach (string line in File.ReadLines(Log).Where(line => line.StartsWith('{')))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            bool error = !entry.RootElement.TryGetProperty("level", out JsonElement level) || level.GetString() is "error" or "fatal";
            if (error && entry.RootElement.TryGetProperty("msg", out JsonElement message)) messages.Add(message.GetString() ?? "");
        }
        return string.Join("; ", messages.Distinct());
    }
}
