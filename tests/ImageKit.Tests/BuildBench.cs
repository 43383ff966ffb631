using System.Collections.Immutable;
using System.Formats.Tar;

namespace ImageKit.Tests;

/// <summary>A context and a home of their own for one test, and readers of what was built.</summary>
internal sealed class BuildBench : IAsyncDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), "imagekit-tests", Guid.NewGuid().ToString("N"));

    public BuildBench(Action<ImageKitOptions>? configure = null)
    {
        Directory.CreateDirectory(Context);
        Kit = ImageKitClient.Create(options =>
        {
            options.Home = Home;
            configure?.Invoke(options);
        });
    }

    public string Context => Path.Combine(_root, "context");

    public string Home => Path.Combine(_root, "home");

    public string Other => Directory.CreateDirectory(Path.Combine(_root, "other")).FullName;

    public ImageKitClient Kit { get; }

    /// <summary>A file of the context, old enough for its stamp to be trusted.</summary>
    public BuildBench File(string path, string content = "", UnixFileMode mode = (UnixFileMode)0x1A4)
    {
        string full = Path.Combine(Context, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllText(full, content);
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(full, mode);
        System.IO.File.SetLastWriteTimeUtc(full, new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        return this;
    }

    public BuildBench Link(string path, string target)
    {
        string full = Path.Combine(Context, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.CreateSymbolicLink(full, target);
        return this;
    }

    public BuildBench Dockerfile(string text) => File("Dockerfile", text);

    public DockerfileBuild Request => new(Context);

    public Task<BuildResult> BuildAsync(string? dockerfile = null, Func<DockerfileBuild, DockerfileBuild>? change = null, IProgress<BuildEvent>? progress = null)
    {
        if (dockerfile is not null) Dockerfile(dockerfile);
        return Kit.BuildAsync(change is null ? Request : change(Request), progress);
    }

    /// <summary>The files of the result, as the class library's own tar reader sees them.</summary>
    public async Task<SortedDictionary<string, BuiltFile>> FilesAsync(string? dockerfile = null, Func<DockerfileBuild, DockerfileBuild>? change = null)
    {
        if (dockerfile is not null) Dockerfile(dockerfile);
        using MemoryStream tar = new();
        DockerfileBuild request = Request with { Outputs = [Output.Tar(tar)] };
        await Kit.BuildAsync(change is null ? request : change(request));
        tar.Position = 0;
        SortedDictionary<string, BuiltFile> files = new(StringComparer.Ordinal);
        using TarReader reader = new(tar);
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
        {
            string? text = entry.DataStream is null ? null : await new StreamReader(entry.DataStream).ReadToEndAsync();
            string kind = entry.EntryType switch
            {
                TarEntryType.Directory => "dir",
                TarEntryType.SymbolicLink => $"-> {entry.LinkName}",
                TarEntryType.HardLink => $"= {entry.LinkName.TrimStart('/')}",
                TarEntryType.Fifo => "fifo",
                _ => text ?? "",
            };
            files[entry.Name.TrimStart('.', '/').TrimEnd('/')] = new(kind, Convert.ToString((int)entry.Mode, 8), $"{entry.Uid}:{entry.Gid}", entry.ModificationTime.ToUnixTimeSeconds());
        }
        return files;
    }

    /// <summary>What the build is refused with.</summary>
    public async Task<BuildException> RefusalAsync(string? dockerfile = null, Func<DockerfileBuild, DockerfileBuild>? change = null) =>
        (await Assert.ThrowsAsync<BuildException>(() => BuildAsync(dockerfile, change)))!;

    public async ValueTask DisposeAsync()
    {
        await Kit.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}

/// <summary>A file of a result.</summary>
/// <param name="Content">Its text; `dir`, `-> target` or `= file` for what is no file.</param>
/// <param name="Mode">Octal.</param>
/// <param name="Owner">`uid:gid`.</param>
/// <param name="Time">Seconds since 1970.</param>
internal sealed record BuiltFile(string Content, string Mode, string Owner, long Time);

/// <summary>Keeps all events.</summary>
internal sealed class EventList : IProgress<BuildEvent>
{
    private readonly Lock _lock = new();
    private ImmutableArray<BuildEvent> _events = [];

    public ImmutableArray<BuildEvent> All
    {
        get
        {
            lock (_lock) return _events;
        }
    }

    public void Report(BuildEvent value)
    {
        lock (_lock) _events = _events.Add(value);
    }
}
