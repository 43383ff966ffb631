using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>One push, pull or copy of an image between two registries of which one goes wrong.</summary>
internal sealed class FaultBench : IAsyncDisposable
{
    private readonly InMemoryRegistry _registry, _other = new("other.test");
    private readonly TemporaryFolder _folder = new();
    private readonly string _operation, _host, _otherHost;
    private readonly bool _sockets;
    private readonly SmallImage _image;

    private FaultBench(string operation, RegistryLogin? login, bool sockets, SmallImage image)
    {
        (_operation, _sockets, _image) = (operation, sockets, image);
        _registry = new("registry.test", login);
        (_host, _otherHost) = sockets ? (_registry.Listen(), _other.Listen()) : (_registry.Host, _other.Host);
    }

    /// <summary>The registry that goes wrong: read by "pull" and "copy from", written by "push" and "copy to", both by "copy within".</summary>
    public InMemoryRegistry Faulty => _registry;

    /// <summary>Whether the image has arrived.</summary>
    public bool IsDone => _operation == "pull" ? File.Exists(Path.Combine(Blobs, _image.Root.Digest.Encoded)) : Target.Contains("c/d", _image.Root.Digest) && Target.Tags("c/d").Contains("v1");

    private InMemoryRegistry Target => _operation == "copy from" ? _other : _registry;

    private string Blobs => Path.Combine(_folder.Path, "blobs", "sha256");

    public static async Task<FaultBench> StartAsync(string operation, RegistryLogin? login = null, bool sockets = false)
    {
        FaultBench bench = new(operation, login, sockets, await SmallImage.MakeAsync(5, 20_000, 1000));
        using (LayoutStore.Open(bench._folder.Path)) { }
        SmallImage old = await SmallImage.MakeAsync(6, 500);
        await bench._registry.SeedAsync("a/b", "old", old.Store, old.Root);
        if (operation is "pull" or "copy from" or "copy within") await bench._registry.SeedAsync("a/b", "v1", bench._image.Store, bench._image.Root);
        if (operation is "copy to") await bench._other.SeedAsync("a/b", "v1", bench._image.Store, bench._image.Root);
        return bench;
    }

    /// <summary>Runs the operation; gives the error that it ended with, which has to say something.</summary>
    public async Task<ImageKitException?> TryAsync()
    {
        try
        {
            await RunAsync(hurried: true);
            return null;
        }
        catch (ImageKitException error)
        {
            Assert.That((error.Why + error.Mend).Length, Is.GreaterThan(0), error.Message);
            Assert.That(error.Code, Does.StartWith("IK20").Or.StartWith("IK11").Or.StartWith("IK10"));
            return error;
        }
    }

    /// <summary>Runs the operation.</summary>
    /// <param name="hurried">Whether little is waited for.</param>
    public async Task RunAsync(bool hurried = false)
    {
        using RegistryClient client = Client(_registry, _host, hurried), other = Client(_other, _otherHost, hurried);
        using LayoutStore store = LayoutStore.Open(_folder.Path);
        IContentSource source = _operation switch
        {
            "push" => _image.Store,
            "copy to" => Repository(other, _otherHost, "a/b"),
            _ => Repository(client, _host, "a/b"),
        };
        IContentStore target = _operation switch
        {
            "pull" => store,
            "copy from" => Repository(other, _otherHost, "c/d"),
            _ => Repository(client, _host, "c/d"),
        };
        await ContentCopy.CopyAsync(source, target, _image.Root);
        await target.TagAsync("v1", _image.Root);
    }

    /// <summary>What the store shows has the digest that it is named by; a registry's tags name what is whole.</summary>
    public void AssertNothingWrong()
    {
        foreach (string file in Directory.GetFiles(Blobs)) Assert.That(Digest.Of(File.ReadAllBytes(file)).Encoded, Is.EqualTo(Path.GetFileName(file)));
        Assert.That(Target.Tags("c/d"), Is.Empty.Or.EqualTo(new[] { "v1" }));
        if (Target.Tags("c/d").IsEmpty) return;
        foreach (Digest digest in _image.Layers.Append(_image.Config).Append(_image.Root).Select(part => part.Digest)) Assert.That(Target.Contains("c/d", digest), Is.True);
    }

    public ValueTask DisposeAsync()
    {
        _registry.Dispose();
        _other.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private RegistryClient Client(InMemoryRegistry registry, string host, bool hurried)
    {
        RegistryOptions options = registry.CreateOptions() with
        {
            Credentials = CredentialSources.Fixed(host, "me", "secret"),
            Timeouts = hurried ? new() { Idle = TimeSpan.FromMilliseconds(250), Header = TimeSpan.FromMilliseconds(300), Connect = TimeSpan.FromMilliseconds(500) } : new(),
            Retries = new() { Attempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromMilliseconds(20) },
        };
        return new(_sockets ? options with { HandlerFactory = null } : options);
    }

    private static RegistryRepository Repository(RegistryClient client, string host, string name) => client.Repository(ImageReference.Parse($"{host}/{name}"));
}
