namespace ImageKit.Registry.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("imagekit-registry-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
