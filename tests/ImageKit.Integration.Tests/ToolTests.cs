using System.Text.Json;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>The commands around a build: what a user of Docker types without thinking.</summary>
internal sealed class ToolTests
{
    [Test]
    public async Task Images_are_listed_tagged_inspected_and_removed()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nLABEL who=me\nRUN echo 1 > /one\n");
        await home.Build("-t", "app:1").SucceedAsync();
        await home.Tool("tag", "app:1", "other/name:2").SucceedAsync();
        Assert.That(await home.Tool("images").SucceedAsync(), Does.Match(@"app\s+1\b").And.Match(@"other/name\s+2\b"));
        using JsonDocument inspected = JsonDocument.Parse(await home.Tool("inspect", "app:1").SucceedAsync());
        Assert.That(inspected.RootElement[0].GetProperty("Config").GetProperty("Labels").GetProperty("who").GetString(), Is.EqualTo("me"));
        Assert.That(await home.Tool("history", "app:1").SucceedAsync(), Does.Contain("echo 1 > /one").And.Contains("LABEL who=me"));
        await home.Tool("rmi", "app:1").SucceedAsync();
        Assert.That(await home.Tool("images").SucceedAsync(), Does.Not.Match(@"app\s+1\b").And.Match(@"other/name\s+2\b"));
        Result both = await home.Tool("inspect", "app:1", "other/name:2").RunAsync();
        Assert.That(both.ExitCode, Is.EqualTo(1));
        Assert.That(both.Error, Does.Contain("app:1"));
        Assert.That(JsonDocument.Parse(both.Output).RootElement.GetArrayLength(), Is.EqualTo(1), "what is there is shown");
    }

    [Test]
    public async Task Prune_takes_what_no_tag_names_and_du_shows_it()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nRUN head -c 3000000 /dev/urandom > /noise\n");
        await home.Build("-t", "app:1").SucceedAsync();
        string full = await home.Tool("du").SucceedAsync();
        await home.Tool("rmi", "app:1").SucceedAsync();
        await home.Tool("prune", "--all", "--force").SucceedAsync();
        Assert.That(full, Is.Not.Empty);
        long left = Directory.EnumerateFiles(home.Store, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Assert.That(left, Is.LessThan(1_000_000), "bytes left in the store");
    }

    [Test]
    public async Task Every_command_has_help_with_an_example()
    {
        await using Home home = await Home.MakeAsync();
        string[] commands = ["build", "pull", "push", "images", "inspect", "history", "tag", "rmi", "save", "load", "login", "logout", "run", "prune", "du", "version"];
        string overview = await home.Tool("--help").SucceedAsync();
        Assert.Multiple(() =>
        {
            foreach (string command in commands) Assert.That(overview, Does.Match($@"(?m)^\s+{command}\b"));
        });
        foreach (string command in commands)
        {
            Assert.That(await home.Tool(command, "--help").SucceedAsync(), Does.Contain($"imagekit {command}"), command);
        }
    }

    [Test]
    public async Task Progress_as_JSON_is_one_object_a_line()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nRUN echo said\n");
        Result result = await home.Tool("build", "--progress", "json", "--build-context", $"base=oci-layout://{Bench.Busybox}:latest", home["context"]).RunAsync();
        Assert.That(result.ExitCode, Is.Zero, result.All);
        string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Is.Not.Empty);
        Assert.That(lines, Has.All.Matches<string>(line => JsonDocument.Parse(line!).RootElement.ValueKind == JsonValueKind.Object));
        Assert.That(lines, Has.Some.Contains("said"));
    }

    [Test]
    public async Task The_store_is_a_layout_that_skopeo_lists()
    {
        Need.Program("skopeo");
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nRUN echo 1 > /one\n");
        await home.Build("-t", "one/app:1").SucceedAsync();
        BuiltImage stored = new(Path.Combine(home.Store, "images"));
        Assert.That(await new Command("skopeo", "inspect", $"oci:{stored.Name}").SucceedAsync(), Does.Contain(stored.Digest));
    }

    [Test]
    public async Task Two_builds_share_one_store_at_the_same_time()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nARG N\nRUN echo $N > /n\n");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => home.Build("-t", $"app:{n}", "--build-arg", $"N={n}").SucceedAsync()));
        for (int n = 0; n < 4; n++)
        {
            Assert.That(await home.Tool("run", "--rm", "--network", "none", $"app:{n}", "cat", "/n").SucceedAsync(), Is.EqualTo($"{n}\n"));
        }
    }
}
