using ImageKit.Contexts;
using ImageKit.Oci;

namespace ImageKit.Tests;

/// <summary>What hits, what misses, and that hits give the same bytes.</summary>
internal sealed class CacheTests
{
    private const string Two = "FROM scratch\nCOPY a* /w/\nCOPY dir /d/\n";

    private static string Cached(BuildResult result) => string.Concat(result.Steps.Select(step => step.Cached ? 'c' : '-'));

    private static BuildBench Bench() => new BuildBench().File("a1", "1").File("dir/x", "x").File("other", "o");

    [TestCase("", "cc", TestName = "nothing changed")]
    [TestCase("touch", "cc", TestName = "a newer time is no change")]
    [TestCase("other", "cc", TestName = "a file that nothing copies")]
    [TestCase("content", "--", TestName = "another content")]
    [TestCase("mode", "--", TestName = "another mode")]
    [TestCase("rename", "--", TestName = "another name under a wildcard")]
    [TestCase("second", "c-", TestName = "another file in the second step's directory")]
    public async Task Steps(string change, string expected)
    {
        await using BuildBench bench = Bench();
        await bench.BuildAsync(Two);
        string file = Path.Combine(bench.Context, "a1");
        switch (change)
        {
            case "touch": File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(40)); break;
            case "other": bench.File("other", "changed"); break;
            case "content": bench.File("a1", "2"); break;
            case "mode": bench.File("a1", "1", (UnixFileMode)0x1ED); break;
            case "rename": File.Move(file, Path.Combine(bench.Context, "a2")); break;
            case "second": bench.File("dir/y", "y"); break;
            default: break;
        }
        Assert.That(Cached(await bench.BuildAsync()), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_hit_after_newer_times_gives_the_first_image_again()
    {
        await using BuildBench bench = Bench();
        BuildResult first = await bench.BuildAsync(Two);
        File.SetLastWriteTimeUtc(Path.Combine(bench.Context, "a1"), DateTime.UnixEpoch.AddYears(40));
        Assert.That((await bench.BuildAsync()).Digest, Is.EqualTo(first.Digest));
    }

    [TestCase("touched")]
    [TestCase("copied")]
    public async Task Files_that_are_new_but_the_same_are_read_and_no_layer_is_written(string how)
    {
        await using BuildBench bench = Bench();
        await bench.BuildAsync(Two);
        DateTime before = WriteTime(bench.Home);
        string context = how == "copied" ? bench.Other : bench.Context;
        foreach (string path in Directory.GetFiles(bench.Context, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(context, Path.GetRelativePath(bench.Context, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (how == "copied") File.Copy(path, target);
            File.SetLastWriteTimeUtc(target, DateTime.UnixEpoch.AddYears(41));
        }
        BuildResult again = await bench.Kit.BuildAsync(new DockerfileBuild(context));
        Assert.That((Cached(again), WriteTime(bench.Home)), Is.EqualTo(("cc", before)));
    }

    // A layer that is written, even if it is dropped again, leaves its mark on the directory of new blobs.
    private static DateTime WriteTime(string home) => Directory.GetLastWriteTimeUtc(Path.Combine(home, "images", ".imagekit", "ingest"));

    [TestCase(60, 123_456_789, true, TestName = "fine change times: older than a few ticks")]
    [TestCase(10, 123_456_789, false, TestName = "fine change times: of this moment")]
    [TestCase(1500, 0, false, TestName = "coarse change times: one step old")]
    [TestCase(3500, 0, true, TestName = "coarse change times: older than a step")]
    public void A_stamp_is_trusted(int age, int nanoseconds, bool expected)
    {
        DateTimeOffset changed = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        FileStamp stamp = new(1, changed.ToUnixTimeSeconds(), 0, changed.ToUnixTimeSeconds(), nanoseconds, 1);
        Assert.That(stamp.IsSettled(changed.AddMilliseconds(age)), Is.EqualTo(expected));
    }

    [Test]
    public async Task Two_directories_and_two_homes_give_one_digest()
    {
        await using BuildBench one = Bench(), two = Bench();
        Assert.That((await one.BuildAsync(Two)).Digest, Is.EqualTo((await two.BuildAsync(Two)).Digest));
    }

    [Test]
    public async Task Without_the_cache_every_step_runs_and_the_digest_stays()
    {
        await using BuildBench bench = Bench();
        BuildResult first = await bench.BuildAsync(Two);
        BuildResult again = await bench.BuildAsync(change: build => build with { NoCache = true });
        Assert.That((Cached(again), again.Digest), Is.EqualTo(("--", first.Digest)));
    }

    [Test]
    public async Task A_changed_stage_with_equal_files_does_not_change_those_after_it()
    {
        await using BuildBench bench = Bench();
        await bench.BuildAsync("FROM scratch AS s\nCOPY a1 /out\nFROM scratch\nCOPY --from=s /out /in\n");
        bench.File("b", "1");
        Assert.That(Cached(await bench.BuildAsync("FROM scratch AS s\nCOPY b /out\nFROM scratch\nCOPY --from=s /out /in\n")), Does.EndWith("c"));
    }

    [Test]
    public async Task Equal_steps_of_two_platforms_run_once()
    {
        await using BuildBench bench = Bench();
        BuildResult result = await bench.BuildAsync("FROM scratch\nCOPY a1 /\n", build => build with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] });
        Assert.That(result.Steps.Count(step => !step.Cached), Is.EqualTo(1));
    }

    [Test]
    public async Task Link_hits_on_another_base()
    {
        await using BuildBench bench = Bench();
        await bench.BuildAsync("FROM scratch\nCOPY other /\nCOPY --link a1 /x/\n");
        bench.File("other", "changed");
        Assert.That(Cached(await bench.BuildAsync()), Is.EqualTo("-c"));
        Assert.That((await bench.FilesAsync())["other"].Content, Is.EqualTo("changed"));
    }

    [Test]
    public async Task A_lost_layer_is_made_again()
    {
        await using BuildBench bench = Bench();
        BuildResult first = await bench.BuildAsync(Two);
        Directory.Delete(Path.Combine(bench.Home, "layers"), recursive: true);
        BuildResult again = await bench.BuildAsync();
        Assert.That((Cached(again), again.Digest), Is.EqualTo(("--", first.Digest)));
    }

    [Test]
    public async Task A_broken_cache_costs_time_alone()
    {
        await using BuildBench bench = Bench();
        BuildResult first = await bench.BuildAsync(Two);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(bench.Home, "cache"), "*", SearchOption.AllDirectories)) File.WriteAllText(file, "torn");
        BuildResult again = await bench.BuildAsync();
        Assert.That((Cached(again), again.Digest), Is.EqualTo(("--", first.Digest)));
    }

    [Test]
    public async Task A_miss_is_explained()
    {
        await using BuildBench bench = Bench();
        await bench.BuildAsync("FROM scratch\nCOPY a1 /x\n");
        BuildResult result = await bench.BuildAsync("FROM scratch\nCOPY a1 /y\n", build => build with { ExplainCache = true });
        Assert.That(result.Warnings, Has.Some.Contains("'target' differs").And.Some.Contains("it was /x, it is /y"));
    }

    [Test]
    public async Task Events_tell_of_every_step()
    {
        await using BuildBench bench = Bench();
        EventList events = new();
        await bench.BuildAsync(Two, progress: events);
        BuildStep[] started = [.. events.All.OfType<StepStarted>().Select(step => step.Step)];
        Assert.That(started.Select(step => step.Name), Is.EqualTo(new[] { "[1/2] COPY a* /w/", "[2/2] COPY dir /d/" }));
        Assert.That(events.All.OfType<StepCompleted>().Select(step => step.Step), Is.EqualTo(started));
    }
}
