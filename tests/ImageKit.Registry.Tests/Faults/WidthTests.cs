using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>How much is on its way at a time, as the registry sees it: four large blobs and 32 small ones, fewer after 429.</summary>
internal sealed class WidthTests
{
    private const int Large = 3 * 1024 * 1024 / 2, Small = 5000;

    [TestCase("pull", Large, 9, 4)]
    [TestCase("pull", Small, 50, 32)]
    [TestCase("push", Large, 9, 4)]
    [TestCase("push", Small, 50, 32)]
    [TestCase("copy", Large, 9, 4)]
    [TestCase("copy", Small, 50, 32)]
    public async Task So_many_blobs_move_at_once(string operation, int bytes, int count, int most)
    {
        using InMemoryRegistry registry = new();
        SmallImage image = await SmallImage.MakeAsync(1, [.. Enumerable.Repeat(bytes, count)]);
        if (operation != "push") using (RegistryClient seed = new(registry.CreateOptions())) await ContentCopy.CopyAsync(image.Store, Repository(seed, "a/b"), image.Root);
        using InMemoryRegistry other = new("other.test");
        Counter counter = new(registry.CreateHandler(), other.CreateHandler(), most);
        using RegistryClient client = new(registry.CreateOptions() with { HandlerFactory = _ => counter });
        IContentSource source = operation == "push" ? image.Store : Repository(client, "a/b");
        IContentStore target = operation == "pull" ? new MemoryStore() : client.Repository(ImageReference.Parse("other.test/c/d"));
        await ContentCopy.CopyAsync(source, target, image.Root);
        // The configuration goes along with large layers: it is small.
        Assert.That(counter.MostBlobs, Is.EqualTo(most).Or.EqualTo(bytes == Large ? most + 1 : most));
    }

    [Test]
    public async Task After_429_the_host_is_asked_half_as_much()
    {
        using InMemoryRegistry registry = new();
        SmallImage image = await SmallImage.MakeAsync(1, [.. Enumerable.Repeat(Small, 60)]);
        using (RegistryClient seed = new(registry.CreateOptions())) await ContentCopy.CopyAsync(image.Store, Repository(seed, "a/b"), image.Root);
        Counter counter = new(registry.CreateHandler(), registry.CreateHandler(), 0);
        using RegistryClient client = new(registry.CreateOptions() with { HandlerFactory = _ => counter, MaxConnectionsPerHost = 16 });
        registry.Inject(new() { Path = "/manifests/", Status = 429 });
        await ContentCopy.CopyAsync(Repository(client, "a/b"), new MemoryStore(), image.Root);
        Assert.That(counter.MostRequests, Is.LessThan(16).And.GreaterThan(1), "half of 16, and one more for every 20 good answers");
    }

    private static RegistryRepository Repository(RegistryClient client, string name) => client.Repository(ImageReference.Parse("registry.test/" + name));

    /// <summary>Counts the blobs on their way, from the first request for one to the last byte of it; answers wait until so many are on their way as are expected.</summary>
    private sealed class Counter(HttpMessageHandler inner, HttpMessageHandler other, int expected) : DelegatingHandler(inner)
    {
        private readonly Dictionary<string, int> _blobs = [];
        private readonly Lock _lock = new();
        private readonly HttpMessageInvoker _other = new(other);
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _requests;

        public int MostBlobs { get; private set; }

        public int MostRequests { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string? blob = BlobOf(request);
            lock (_lock)
            {
                MostRequests = Math.Max(MostRequests, ++_requests);
                if (blob is not null) _blobs[blob] = _blobs.GetValueOrDefault(blob) + 1;
                MostBlobs = Math.Max(MostBlobs, _blobs.Count);
                if (_blobs.Count == expected) _all.TrySetResult();
            }
            try
            {
                if (expected > 0 && blob is not null) await Task.WhenAny(_all.Task, Task.Delay(TimeSpan.FromSeconds(10), cancellationToken));
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken); // one more than may come would come now
                return await (request.RequestUri!.Host == "other.test" ? _other.SendAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken));
            }
            finally
            {
                lock (_lock)
                {
                    _requests--;
                    if (blob is not null && --_blobs[blob] == 0) _blobs.Remove(blob);
                }
            }
        }

        // The one that moves with a request; looking for one and opening a session move nothing.
        private static string? BlobOf(HttpRequestMessage request)
        {
            string url = Uri.UnescapeDataString(request.RequestUri!.AbsoluteUri);
            bool moves = request.Method != HttpMethod.Head && url.Contains("/blobs/", StringComparison.Ordinal) && !url.Contains("mount=", StringComparison.Ordinal);
            int digest = url.IndexOf("sha256:", StringComparison.Ordinal);
            return moves && digest >= 0 ? url.Substring(digest, 71) : null;
        }
    }
}
