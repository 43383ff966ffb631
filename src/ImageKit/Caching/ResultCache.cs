using System.Collections.Immutable;
using System.Text;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Caching;

/// <summary>
/// Results of operations by their keys: one small text file a key, written at once or not at all. A file that cannot be understood is
/// no result: it costs a run of the operation and nothing else.
/// </summary>
internal sealed class ResultCache(string directory)
{
    private const string Header = "imagekit-result/2";

    public async Task<CachedResult?> FindAsync(Hash256 key, CancellationToken cancel)
    {
        string path = PathOf(key);
        if (!File.Exists(path)) return null; // cheaper than the exception
        try
        {
            CachedResult? result = Parse(await File.ReadAllTextAsync(path, cancel).ConfigureAwait(false));
            // Being found counts as being used, so that prune takes the oldest first.
            if (result is not null) File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // just being pruned, or another user's: then it is not used
        {
            return null;
        }
    }

    public async Task StoreAsync(Hash256 key, CachedResult result, CancellationToken cancel)
    {
        string path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(temporary, Format(result), cancel).ConfigureAwait(false);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>What the nearest earlier key of the same kind has different: the first part that differs; null if there is no earlier one.</summary>
    public string? Explain(ImmutableArray<KeyPart> parts)
    {
        if (!Directory.Exists(directory)) return null;
        (int Same, CachedResult Result)? nearest = null;
        foreach (string path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (TryRead(path) is not { } earlier || earlier.Parts.IsEmpty || earlier.Parts[0].Value != parts[0].Value) continue;
            int same = earlier.Parts.Zip(parts).Count(pair => pair.First.Name == pair.Second.Name && pair.First.Value == OneLine(pair.Second.Value));
            if (nearest is null || same > nearest.Value.Same) nearest = (same, earlier);
        }
        return nearest is { } near ? Difference(near.Result, parts) : null;
    }

    private static CachedResult? TryRead(string path)
    {
        try
        {
            return Path.GetFileName(path).Contains('.', StringComparison.Ordinal) ? null : Parse(File.ReadAllText(path)); // with a dot: being written
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // just being pruned, or another user's
        {
            return null;
        }
    }

    private static string Difference(CachedResult earlier, ImmutableArray<KeyPart> parts)
    {
        for (int i = 0; i < Math.Max(parts.Length, earlier.Parts.Length); i++)
        {
            KeyPart? now = i < parts.Length ? parts[i] with { Value = OneLine(parts[i].Value) } : null, then = i < earlier.Parts.Length ? earlier.Parts[i] : null;
            if (now == then) continue;
            string name = (now ?? then)!.Value.Name;
            return $"'{name}' differs from the nearest earlier step {earlier.Step}: it was {then?.Value ?? "(none)"}, it is {now?.Value ?? "(none)"}.";
        }
        return $"It equals {earlier.Step}, whose layer is gone.";
    }

    private string PathOf(Hash256 key)
    {
        string hex = key.ToString();
        return Path.Combine(directory, hex[..2], hex);
    }

    private static string Format(CachedResult result)
    {
        StringBuilder text = new();
        text.Append(Header).Append('\n').Append(result.DiffId).Append('\n').Append(OneLine(result.Step)).Append('\n');
        foreach (KeyPart part in result.Parts) text.Append(part.Name).Append('\t').Append(OneLine(part.Value)).Append('\n');
        return text.Append("end\n").ToString();
    }

    private static CachedResult? Parse(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length < 5 || lines[0] != Header || lines[^1].Length != 0 || lines[^2] != "end") return null;
        if (!Digest.TryParse(lines[1], out Digest diffId)) return null;
        var parts = ImmutableArray.CreateBuilder<KeyPart>(lines.Length - 5);
        foreach (string line in lines.AsSpan(3, lines.Length - 5))
            if (line.IndexOf('\t', StringComparison.Ordinal) is var tab and > 0) parts.Add(new(line[..tab], line[(tab + 1)..]));
        return new(diffId, lines[2], parts.ToImmutable());
    }

    private static string OneLine(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
