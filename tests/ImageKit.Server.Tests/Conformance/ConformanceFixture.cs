namespace ImageKit.Server.Tests.Conformance;

/// <summary>Starts one registry of a form for all tests of a class; each test has a repository of its own.</summary>
[TestFixtureSource(typeof(ServedRegistry), nameof(ServedRegistry.Forms))]
internal abstract class ConformanceFixture(string form)
{
    private static int _last;
    private ServedRegistry _registry = null!;

    protected RegistryCalls Calls { get; private set; } = null!;

    /// <summary>Another repository of the same registry.</summary>
    protected RegistryCalls Other { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _registry = await ServedRegistry.StartAsync(form);

    [OneTimeTearDown]
    public async Task StopAsync() => await _registry.DisposeAsync();

    [SetUp]
    public void Choose()
    {
        int number = Interlocked.Increment(ref _last);
        (Calls, Other) = (new(_registry.Http, $"conformance/repo{number}"), new(_registry.Http, $"conformance/other{number}"));
    }
}
