using System.Diagnostics;
using ImageKit.Oci;

namespace ImageKit.Sandbox.Tests;

/// <summary>The keeper as a library's user has it, as whoever runs the tests.</summary>
internal sealed class KeeperTests
{
    private string _home = "";
    private Digest _base;
    private Keeper _keeper = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _home = Machine.NewFolder(Environment.UserName);
        _base = await BaseLayer.ImportAsync(_home);
        _keeper = await Keeper.StartAsync(new KeeperOptions { Home = _home });
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await _keeper.DisposeAsync();
        Machine.Delete(_home);
    }

    [Test]
    public async Task Many_commands_run_at_once()
    {
        Stopwatch watch = Stopwatch.StartNew();
        RunResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _keeper.RunAsync(Request("sh", "-c", $"sleep 2; exit {i}"))));
        Assert.That(results.Select(result => result.ExitCode), Is.EqualTo(Enumerable.Range(0, 8)));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(14)), "one behind the other would take 16 seconds");
    }

    [Test]
    public async Task Output_comes_whole_and_in_order()
    {
        Recorder recorder = new();
        await _keeper.RunAsync(Request("sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"), recorder);
        Assert.That(recorder.Output, Is.EqualTo(string.Concat(Enumerable.Range(0, 20000).Select(i => $"line {i}\n"))));
    }

    [Test]
    public async Task Twenty_steps_on_each_other_make_twenty_layers()
    {
        List<Digest> layers = [_base];
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 20; i++)
        {
            RunRequest request = Request("sh", "-c", $"echo {i} > /file{i}; ls / | grep -c file");
            RunResult result = await _keeper.RunAsync(request with { Layers = [.. layers], Commit = true });
            layers.Add(result.NewLayer!.Value);
        }
        TestContext.Out.WriteLine($"{watch.ElapsedMilliseconds / 20} ms a step with {_keeper.Runtime}");
        Recorder recorder = new();
        await _keeper.RunAsync(Request("sh", "-c", "cat /file0 /file19; ls / | grep -c file") with { Layers = [.. layers] }, recorder);
        Assert.That(recorder.Output, Is.EqualTo("0\n19\n20\n"));
        Assert.That(layers.Distinct().Count(), Is.EqualTo(21));
    }

    [Test]
    public async Task A_layer_can_be_compressed_in_the_same_pass()
    {
        RunResult result = await _keeper.RunAsync(Request("sh", "-c", "echo compressed > /c") with { Commit = true, Compression = LayerCompression.Gzip });
        using LayoutStore images = LayoutStore.Open(Path.Combine(_home, "images"));
        using LayerStore layers = LayerStore.Open(Path.Combine(_home, "layers"), images);
        Assert.That(await layers.FindBlobAsync(result.NewLayer!.Value, LayerCompression.Gzip), Has.Property("MediaType").EqualTo(MediaTypes.LayerGzip));
    }

    [Test]
    public async Task A_layer_that_is_unpacked_from_its_tar_gives_the_same_files()
    {
        RunRequest request = Request("sh", "-c", "mkdir -p /deep/er; ln -s er /deep/link; ln /data/one /deep/hard; chmod 4755 /deep/hard; mv /data/sub /moved; rm /links/escape") with { Commit = true };
        Digest made = (await _keeper.RunAsync(request)).NewLayer!.Value;
        RunRequest look = Request("sh", "-c", "find / -xdev -mindepth 1 | grep -v '^/proc\\|^/sys\\|^/dev' | xargs stat -c '%n %f %u:%g %Y %h %s' | sort") with { Layers = [_base, made] };
        Recorder adopted = new(), unpacked = new();
        await _keeper.RunAsync(look, adopted);
        string place = Directory.GetDirectories(Path.Combine(_home, "layers", "sha256", made.Encoded), "root-*").Single();
        await _keeper.RemoveAsync([place]);
        Assert.That(place, Does.Not.Exist);
        await _keeper.UnpackAsync([_base, made]);
        Assert.That(place, Does.Exist);
        await _keeper.RunAsync(look, unpacked);
        Assert.That(adopted.Output, Does.Contain("/deep/hard").And.Contain("/moved/three").And.Not.Contain("/links/escape"));
        Assert.That(unpacked.Output, Is.EqualTo(adopted.Output));
    }

    [TestCase(true, "torn", TestName = "An unpacked layer of this boot of the machine is used as it is")]
    [TestCase(false, "whole", TestName = "An unpacked layer that a loss of power may have torn is made again")]
    public async Task Unpacked(bool sameBoot, string expected)
    {
        Digest made = (await _keeper.RunAsync(Request("sh", "-c", "echo whole > /file; echo " + expected) with { Commit = true })).NewLayer!.Value;
        string place = Directory.GetDirectories(Path.Combine(_home, "layers", "sha256", made.Encoded), "root-*").Single();
        await File.WriteAllTextAsync(Path.Combine(place, "file"), "torn\n");
        if (!sameBoot) await File.WriteAllTextAsync(place + ".boot", "another");
        Recorder recorder = new();
        await _keeper.RunAsync(Request("cat", "/file") with { Layers = [_base, made] }, recorder);
        Assert.That(recorder.Output, Is.EqualTo(expected + "\n"));
        if (sameBoot) await _keeper.RemoveAsync([place]);
    }

    [Test]
    public void A_missing_layer_is_an_error() =>
        Assert.That(() => _keeper.RunAsync(Request("true") with { Layers = [Digest.Of("nothing"u8)] }), Throws.TypeOf<ImageKitException>().With.Property("Code").EqualTo("IK5005"));

    [Test]
    public void A_missing_mount_source_is_an_error() =>
        Assert.That(() => _keeper.RunAsync(Request("true") with { Mounts = [new BindMount("/nothing/like/it", "/x", true)] }), Throws.TypeOf<ImageKitException>().With.Property("Code").EqualTo("IK5006"));

    [Test]
    public void A_mount_below_a_file_is_an_error() =>
        Assert.That(() => _keeper.RunAsync(Request("true") with { Mounts = [new TemporaryMount("/etc/passwd/x")] }), Throws.TypeOf<ImageKitException>().With.Property("Code").EqualTo("IK5006"));

    [Test]
    public void Nothing_outside_of_its_folder_is_deleted() =>
        Assert.That(() => _keeper.RemoveAsync([_home + "/../other"]), Throws.TypeOf<ImageKitException>().With.Property("Code").EqualTo("IK5008"));

    [Test]
    public void A_runtime_that_is_not_there_is_an_error() =>
        Assert.That(() => Keeper.StartAsync(new KeeperOptions { Home = _home, Runtime = "runnothing" }), Throws.TypeOf<ImageKitException>().With.Property("Code").EqualTo("IK5004"));

    [Test]
    public void A_program_that_is_no_runtime_is_an_error() =>
        Assert.That(() => Keeper.StartAsync(new KeeperOptions { Home = _home, Runtime = "/bin/false" }), Throws.TypeOf<ImageKitException>().With.Property("Code").EqualTo("IK5004"));

    [Test]
    public void A_keeper_that_is_not_there_is_an_error() =>
        Assert.That(() => Keeper.StartAsync(new KeeperOptions { Home = _home, KeeperPath = "/nothing" }), Throws.TypeOf<ImageKitException>().With.Property("Code").EqualTo("IK5001"));

    [Test]
    public void A_command_of_no_words_is_the_programmers_fault() =>
        Assert.That(() => _keeper.RunAsync(new RunRequest { Layers = [], Arguments = [] }), Throws.ArgumentException);

    [Test]
    public void A_cancelled_request_does_not_start() =>
        Assert.That(() => _keeper.RunAsync(Request("true"), cancel: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

    private RunRequest Request(params string[] words) => new() { Layers = [_base], Arguments = [.. words], Environment = ["PATH=/bin"] };
}
