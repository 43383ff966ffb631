using System.Text;
using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Contexts;

/// <summary>What a build is made from: the text of a Dockerfile and a context.</summary>
/// <param name="File">The Dockerfile's name as the user gave it.</param>
/// <param name="Text">Its text.</param>
/// <param name="Context">The context.</param>
internal sealed record BuildSource(string File, string Text, BuildContext Context)
{
    private const string Standard = "Dockerfile";
    private const int MostBytes = 64 * 1024 * 1024; // of a Dockerfile; far over any real one

    /// <summary>Finds the Dockerfile and opens the context, by Docker's rules.</summary>
    /// <exception cref="BuildException">The context (IK4003) or the Dockerfile (IK4009) is not there, or the ignore file is faulty (IK4008).</exception>
    public static async Task<BuildSource> OpenAsync(DockerfileBuild build, ContextOpener opener, string scratch, CancellationToken cancel)
    {
        bool fileFromInput = build.Dockerfile == "-";
        if (build.ContextPath == "-")
        {
            if (fileFromInput) throw new BuildException("IK4003", "Context and Dockerfile cannot both come from standard input.", "", "Give one of them as a path.");
            return await FromInputAsync(build, scratch, cancel).ConfigureAwait(false);
        }
        if (IsRemote(build.ContextPath)) throw new BuildException("IK4003", $"The context '{build.ContextPath}' is not supported.", "A context is a directory, or '-'.", "Clone or fetch it into a directory first.");
        string directory = Path.GetFullPath(build.ContextPath);
        if (!Directory.Exists(directory)) throw new BuildException("IK4003", $"The build context '{build.ContextPath}' is not there.", "There is no such directory.", "Give the path of a directory.");
        if (fileFromInput)
        {
            string text = Decode(await ReadAllAsync(build.Input, cancel).ConfigureAwait(false));
            return new("-", text, opener.Open(directory, IgnoreFile.Read(Path.Combine(directory, ".dockerignore"))));
        }
        string path = build.Dockerfile is { } given ? Path.GetFullPath(given) : InDirectory(directory);
        if (!System.IO.File.Exists(path)) throw NoDockerfile(build.Dockerfile ?? Path.Combine(build.ContextPath, Standard));
        string own = path + ".dockerignore";
        string ignore = System.IO.File.Exists(own) ? own : Path.Combine(directory, ".dockerignore");
        string name = build.Dockerfile ?? Path.GetFileName(path);
        return new(name, await ReadFileAsync(path, cancel).ConfigureAwait(false), opener.Open(directory, IgnoreFile.Read(ignore)));
    }

    private static string InDirectory(string directory)
    {
        string standard = Path.Combine(directory, Standard);
        return System.IO.File.Exists(standard) ? standard : Path.Combine(directory, "dockerfile") is var lower && System.IO.File.Exists(lower) ? lower : standard;
    }

    private static async Task<BuildSource> FromInputAsync(DockerfileBuild build, string scratch, CancellationToken cancel)
    {
        // An archive may be larger than the memory.
        FileStream spool = ArchiveScratch.Temporary(scratch);
        await using var closing = spool.ConfigureAwait(false);
        await (build.Input ?? throw NoInput()).CopyToAsync(spool, cancel).ConfigureAwait(false);
        await spool.FlushAsync(cancel).ConfigureAwait(false);
        TocEntry entry = new() { Path = "input", Kind = EntryKind.File, Mode = 0x1A4, Size = spool.Length };
        TreeNode whole = Tree.Of([new LayerItem(entry, new FileSpanOrigin(spool.SafeFileHandle))]).Find("input")!;
        if (await ArchiveContext.TryReadAsync(whole, scratch, cancel).ConfigureAwait(false) is not { } archive)
        {
            if (build.Dockerfile is { } outside) return new(outside, await OutsideAsync(outside, cancel).ConfigureAwait(false), new EmptyContext());
            spool.Position = 0;
            string input = Decode(await ReadAllAsync(spool, cancel).ConfigureAwait(false));
            // No Dockerfile begins with a zero; an archive without members is nothing else.
            if (input.StartsWith('\0')) throw new BuildException("IK4009", "failed to read dockerfile: the archive on standard input is empty.", "", "Put the Dockerfile and the context into it.");
            return new("-", input, new EmptyContext());
        }
        string name = build.Dockerfile ?? (archive.All.Find(Standard) is null && archive.All.Find("dockerfile") is not null ? "dockerfile" : Standard);
        string text = await ReadAsync(archive.All, name, cancel).ConfigureAwait(false) ?? throw NoDockerfile(name);
        string ignoreName = archive.All.Find(name + ".dockerignore") is null ? ".dockerignore" : name + ".dockerignore";
        if (await ReadAsync(archive.All, ignoreName, cancel).ConfigureAwait(false) is { } ignore) archive.Ignore = IgnoreFile.Parse(ignore, ignoreName);
        return new(name, text, archive);
    }

    private static async Task<string> OutsideAsync(string path, CancellationToken cancel) =>
        System.IO.File.Exists(path) ? await ReadFileAsync(path, cancel).ConfigureAwait(false) : throw NoDockerfile(path);

    // UTF-8 whatever its first bytes are: a file in another encoding is full of faults, and says so.
    private static async Task<string> ReadFileAsync(string path, CancellationToken cancel)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        await using (file.ConfigureAwait(false)) return Decode(await ReadAllAsync(file, cancel).ConfigureAwait(false));
    }

    private static async Task<string?> ReadAsync(Tree tree, string path, CancellationToken cancel)
    {
        if (tree.Resolve(path).Node is not { Entry.Kind: EntryKind.File, Origin: { } origin } node) return null;
        Stream content = await origin.OpenAsync(node.SourceEntry, cancel).ConfigureAwait(false);
        await using (content.ConfigureAwait(false)) return Decode(await ReadAllAsync(content, cancel).ConfigureAwait(false));
    }

    private static async Task<byte[]> ReadAllAsync(Stream? input, CancellationToken cancel)
    {
        using MemoryStream bytes = new();
        byte[] piece = new byte[32 * 1024];
        for (int read = 1; read > 0 && bytes.Length <= MostBytes;)
        {
            read = await (input ?? throw NoInput()).ReadAsync(piece, cancel).ConfigureAwait(false);
            bytes.Write(piece, 0, read);
        }
        return bytes.ToArray();
    }

    private static ArgumentException NoInput() => new("'-' stands for the input, and there is none.");

    private static string Decode(byte[] bytes) => bytes.Length <= MostBytes ? Encoding.UTF8.GetString(bytes)
        : throw new BuildException("IK4009", $"The Dockerfile is larger than {MostBytes >> 20} MiB.", "It is probably no Dockerfile.", "Check what is handed in.");

    private static BuildException NoDockerfile(string path) => new("IK4009", $"failed to read dockerfile: '{path}' is not there.", "There is no such file.",
        "Name it with -f, or change to the directory that has it.");

    private static bool IsRemote(string path) => path.Contains("://", StringComparison.Ordinal) || path.StartsWith("git@", StringComparison.Ordinal)
        || path.StartsWith("github.com/", StringComparison.Ordinal) && !Directory.Exists(path);
}
