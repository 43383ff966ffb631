using System.Collections.Immutable;

namespace ImageKit.Dockerfile.Tests;

[TestFixture]
internal sealed class TextTests
{
    public static IEnumerable<TestCaseData> Rows(string file) =>
        from row in CaseFile.Rows(file)
        select new TestCaseData(row.Left, row.Right).SetArgDisplayNames($"line {row.Line}: {row.Left}");

    [TestCaseSource(nameof(Rows), new object[] { "durations.txt" })]
    public void Reads_and_prints_durations(string text, string expected) =>
        Assert.That(DurationText.TryParse(text, out DurationText duration) ? $"{duration.Nanoseconds} {duration}" : "no", Is.EqualTo(expected));

    [TestCaseSource(nameof(Rows), new object[] { "ports.txt" })]
    public void Reads_ports(string text, string expected) =>
        Assert.That(ExposedPort.Parse(text, out ImmutableArray<ExposedPort> ports) ?? string.Join(' ', ports), Is.EqualTo(expected));

    [TestCaseSource(nameof(Rows), new object[] { "quotes.txt" })]
    public void Quotes_as_Go_does(string text, string expected) => Assert.That(GoQuote.Quote(text), Is.EqualTo(expected));

    [Test]
    public void Quotes_a_list_as_Go_does() => Assert.That(GoQuote.QuoteAll(["a", "b c"]), Is.EqualTo("[\"a\" \"b c\"]"));

    [TestCaseSource(nameof(Rows), new object[] { "modes.txt" })]
    public void Changes_modes(string row, string expected)
    {
        // MODE of file|dir CHANGE
        string[] parts = row.Split(' ');
        if (FileModeChange.Parse(parts[2], out string? error) is not { } change)
        {
            Assert.That(error, Is.EqualTo($"invalid chmod parameter: '{parts[2]}'. it should be octal string and between 0 and 07777"));
            Assert.That(expected, Is.EqualTo("error"));
            return;
        }

        int mode = change.Apply(Convert.ToInt32(parts[0], 8), parts[1] == "dir");
        Assert.That(Convert.ToString(mode, 8), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Rows), new object[] { "paths.txt" })]
    public void Matches_paths(string row, string expected)
    {
        string[] parts = row.Split(' ');
        Assert.That(PathPattern.TryParse(parts[0], out PathPattern? pattern) ? pattern.IsMatch(parts[1]) ? "yes" : "no" : "malformed", Is.EqualTo(expected));
    }

    [TestCase("SIGTERM", true)]
    [TestCase("sigterm", true)]
    [TestCase("TERM", true)]
    [TestCase("9", true)]
    [TestCase("64", true)]
    [TestCase("SIGRTMIN", true)]
    [TestCase("SIGRTMIN+15", true)]
    [TestCase("RTMAX-14", true)]
    [TestCase("SIGRTMIN+16", false)]
    [TestCase("SIGRTMIN+0", false)]
    [TestCase("0", false)]
    [TestCase("", false)]
    [TestCase("SIGFOO", false)]
    [TestCase("1x", false)]
    public void Knows_signals(string text, bool good) => Assert.That(SignalName.IsValid(text), Is.EqualTo(good));

    [TestCase("10", 10)]
    [TestCase("1k", 1024)]
    [TestCase("1K", 1024)]
    [TestCase("1kb", 1024)]
    [TestCase("2MiB", 2 << 20)]
    [TestCase("0.5g", 1 << 29)]
    [TestCase("1t", 1L << 40)]
    [TestCase("10b", 10)]
    [TestCase("1x", null)]
    [TestCase("", null)]
    [TestCase("-1", null)]
    [TestCase("99999999999p", null)]
    public void Reads_sizes(string text, long? bytes) => Assert.That(ByteSize.Parse(text), Is.EqualTo(bytes));

    [TestCase("--mount=type=cache,target=/c", "Cache /c rw Shared", TestName = "a cache is writable and shared")]
    [TestCase("--mount=target=/c", "Bind /c ro Shared", TestName = "a bind mount is read-only")]
    [TestCase("--mount=target=/c,rw", "Bind /c rw Shared", TestName = "a bind mount may be writable")]
    [TestCase("--mount=type=cache,target=$dir,id=$id,sharing=$sharing,ro", "Cache /d ro Locked id=i", TestName = "values are expanded")]
    [TestCase("--mount=type=$type,target=/t,size=1m", "Tmpfs /t rw Shared size=1048576", TestName = "even the type is expanded")]
    [TestCase("--mount=type=secret,source=s,mode=0440,uid=1,gid=2", "Secret  ro Shared id=s mode=288 uid=1 gid=2", TestName = "the source of a secret is its id")]
    [TestCase("--mount=type=secret,id=s,env=E,required", "Secret  ro Shared id=s env=E required", TestName = "a secret in a variable")]
    [TestCase("--mount=type=ssh", "Ssh  ro Shared", TestName = "ssh needs nothing")]
    [TestCase("--mount=from=x,source=/s,target=/t", "Bind /t ro Shared from=x source=/s", TestName = "from and source")]
    [TestCase("--mount=type=$none,target=/t", "unsupported mount type \"\"", TestName = "an empty type is none")]
    [TestCase("--mount=type=cache,target=${none:?no}", "none: no", TestName = "a demanded variable")]
    [TestCase("--mount=type=cache,target=/t,uid=$dir", "invalid value /d for uid", TestName = "a variable with a wrong value")]
    public void Resolves_mounts(string flag, string expected)
    {
        Dictionary<string, string> variables = new() { ["dir"] = "/d", ["id"] = "i", ["sharing"] = "locked", ["type"] = "tmpfs" };
        DockerfileSyntax file = DockerfileParser.Parse($"FROM a\nRUN {flag} x");
        Assert.That(file.Diagnostics, Is.Empty);
        MountResolution resolution = ((RunInstruction)file.Instructions[1]).Mounts[0].Resolve(variables.GetValueOrDefault, '\\');
        Assert.That(resolution.Mount is { } mount ? Print(mount) : resolution.Diagnostics[0].Message, Is.EqualTo(expected));
    }

    private static string Print(RunMount mount) =>
        $"{mount.Type} {mount.Target} {(mount.ReadOnly ? "ro" : "rw")} {mount.Sharing}"
        + (mount.Id is null ? "" : " id=" + mount.Id) + (mount.From is null ? "" : " from=" + mount.From)
        + (mount.Source is null ? "" : " source=" + mount.Source) + (mount.EnvironmentVariable is null ? "" : " env=" + mount.EnvironmentVariable)
        + (mount.SizeBytes is null ? "" : " size=" + mount.SizeBytes) + (mount.Mode is null ? "" : " mode=" + mount.Mode)
        + (mount.UserId is null ? "" : " uid=" + mount.UserId) + (mount.GroupId is null ? "" : " gid=" + mount.GroupId)
        + (mount.Required ? " required" : "");

    [TestCase("RUN echo $a", "RUN", TestName = "a trigger is one instruction")]
    [TestCase("COPY <<A /x\ntext\nA", "COPY", TestName = "a trigger with a heredoc")]
    [TestCase("", "an ONBUILD trigger of the base image is empty", TestName = "an empty trigger")]
    [TestCase("RUN a\nRUN b", "an ONBUILD trigger of the base image holds more than one instruction", TestName = "two instructions in a trigger")]
    [TestCase("FROM a", "FROM isn't allowed as an ONBUILD trigger", TestName = "FROM as a trigger")]
    public void Parses_triggers(string text, string expected)
    {
        DockerfileSyntax file = DockerfileParser.ParseTrigger(text);
        Assert.That(file.HasErrors ? file.Diagnostics[0].Message : file.Instructions[0].Name, Is.EqualTo(expected));
    }
}
