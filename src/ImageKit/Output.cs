using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>Where the result of a build goes besides the store. A closed family.</summary>
public abstract record Output
{
    private protected Output()
    {
    }

    /// <summary>Pushes the result to a registry.</summary>
    /// <param name="reference">The name; a missing tag means `latest`.</param>
    public static Output Push(string reference) => new PushOutput(reference);

    /// <summary>Writes an OCI image layout as a directory; the names of the build are its tags.</summary>
    /// <param name="directory">The directory; made if missing, added to if it is a layout.</param>
    public static Output OciLayout(string directory) => new LayoutOutput(directory);

    /// <summary>Writes an OCI image layout as a tar archive.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    public static Output OciArchive(string path) => new ArchiveOutput(new OutputTarget(path), Docker: false);

    /// <inheritdoc cref="OciArchive(string)"/>
    /// <param name="stream">Where to write it; not disposed.</param>
    public static Output OciArchive(Stream stream) => new ArchiveOutput(new OutputTarget(stream), Docker: false);

    /// <summary>Writes one tar archive that both `docker load` and readers of OCI layouts take.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    public static Output DockerArchive(string path) => new ArchiveOutput(new OutputTarget(path), Docker: true);

    /// <inheritdoc cref="DockerArchive(string)"/>
    /// <param name="stream">Where to write it; not disposed.</param>
    public static Output DockerArchive(Stream stream) => new ArchiveOutput(new OutputTarget(stream), Docker: true);

    /// <summary>Writes the root filesystem's files into a directory; several platforms each into one of its own (`linux_amd64`).</summary>
    /// <param name="directory">The directory; made if missing.</param>
    public static Output Local(string directory) => new LocalOutput(directory);

    /// <summary>Writes the root filesystem as a tar archive.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    public static Output Tar(string path) => new TarOutput(new OutputTarget(path));

    /// <inheritdoc cref="Tar(string)"/>
    /// <param name="stream">Where to write it; not disposed.</param>
    public static Output Tar(Stream stream) => new TarOutput(new OutputTarget(stream));
}

/// <summary>A push; see <see cref="Output.Push"/>.</summary>
/// <param name="Reference">The name, as given.</param>
public sealed record PushOutput(string Reference) : Output
{
    /// <summary>Further tags in the same repository; set with the first by one request where the registry takes that.</summary>
    public ImmutableArray<string> AlsoTags { get; init; } = [];

    // Several pushes to one repository are one push with several tags.
    internal static ImmutableArray<Output> Joined(ImmutableArray<Output> outputs)
    {
        List<Output> joined = [];
        foreach (Output output in outputs)
        {
            int earlier = output is PushOutput push ? joined.FindIndex(known => known is PushOutput other && push.Belongs(other)) : -1;
            if (earlier < 0) joined.Add(output);
            else joined[earlier] = ((PushOutput)joined[earlier]).With((PushOutput)output);
        }
        return [.. joined];
    }

    private bool Belongs(PushOutput other) => Named(this) is { } mine && Named(other) is { } theirs && mine.Name == theirs.Name && mine.Digest is null && theirs.Digest is null;

    private PushOutput With(PushOutput other) => this with { AlsoTags = [.. AlsoTags, Named(other)!.Tag!, .. other.AlsoTags] };

    private static ImageReference? Named(PushOutput push) => ImageReference.TryParse(push.Reference, out ImageReference? name) ? name.TagOrLatest : null;
}

/// <summary>An OCI image layout as a directory; see <see cref="Output.OciLayout"/>.</summary>
/// <param name="Directory">The directory.</param>
public sealed record LayoutOutput(string Directory) : Output;

/// <summary>An archive of images; see <see cref="Output.OciArchive(string)"/> and <see cref="Output.DockerArchive(string)"/>.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Docker">Whether `docker load` takes it as well.</param>
public sealed record ArchiveOutput(OutputTarget Target, bool Docker) : Output;

/// <summary>The root filesystem's files; see <see cref="Output.Local"/>.</summary>
/// <param name="Directory">The directory.</param>
public sealed record LocalOutput(string Directory) : Output;

/// <summary>The root filesystem as an archive; see <see cref="Output.Tar(string)"/>.</summary>
/// <param name="Target">Where to.</param>
public sealed record TarOutput(OutputTarget Target) : Output;

/// <summary>A file or a stream that an output is written to.</summary>
public sealed record OutputTarget
{
    internal OutputTarget(string path) => Path = System.IO.Path.GetFullPath(path);

    internal OutputTarget(Stream stream) => Stream = stream;

    /// <summary>The file; null if it is a stream.</summary>
    public string? Path { get; }

    /// <summary>The stream; null if it is a file.</summary>
    public Stream? Stream { get; }

    /// <summary>The file's path, or what stands for a stream.</summary>
    public override string ToString() => Path ?? "a stream";
}
