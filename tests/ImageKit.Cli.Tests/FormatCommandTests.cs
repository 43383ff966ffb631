using System.Runtime.Versioning;

namespace ImageKit.Cli.Tests;

[NonParallelizable]
public sealed class FormatCommandTests
{
    [Test]
    public async Task Prints_the_formatted_file_and_leaves_the_file_alone()
    {
        using ToolRun tool = new();
        string file = tool.File("Dockerfile", "from a\nrun b");
        Assert.That(await tool.RunAsync("format", file), Is.EqualTo((0, "FROM a\nRUN b\n", "")));
        Assert.That(tool.Read("Dockerfile"), Is.EqualTo("from a\nrun b"));
    }

    [Test]
    public async Task A_folder_stands_for_the_Dockerfile_in_it()
    {
        using ToolRun tool = new();
        tool.File("Dockerfile", "from a\n");
        Assert.That(await tool.RunAsync("format", tool.Folder), Is.EqualTo((0, "FROM a\n", "")));
    }

    [Test]
    public async Task Check_names_the_files_that_are_not_formatted()
    {
        using ToolRun tool = new();
        string bad = tool.File("bad", "from a\n");
        string good = tool.File("good", "FROM a\n");
        Assert.That(await tool.RunAsync("format", "--check", bad, good), Is.EqualTo((1, bad + Environment.NewLine, "")));
        Assert.That(await tool.RunAsync("format", "--check", good), Is.EqualTo((0, "", "")));
    }

    [Test, Platform(Exclude = "Win", Reason = "Modes are of Unix."), UnsupportedOSPlatform("windows")]
    public async Task Write_keeps_mode_links_and_the_byte_order_mark()
    {
        using ToolRun tool = new();
        string file = tool.File("real", "\uFEFFfrom a\r\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string link = Path.Combine(tool.Folder, "Dockerfile");
        File.CreateSymbolicLink(link, "real");
        Assert.That((await tool.RunAsync("format", "--write", link)).Code, Is.Zero);
        Assert.That(File.ReadAllBytes(file), Is.EqualTo("\uFEFFFROM a\r\n"u8.ToArray()));
        Assert.That((new FileInfo(link).LinkTarget, File.GetUnixFileMode(file)), Is.EqualTo(("real", UnixFileMode.UserRead | UnixFileMode.UserWrite)));
        Assert.That(Directory.GetFiles(tool.Folder), Has.Length.EqualTo(2), "nothing else stays behind");
    }

    [Test]
    public async Task Files_with_errors_are_left_alone()
    {
        using ToolRun tool = new();
        string file = tool.File("Dockerfile", "from a\nnope\n");
        var (code, _, error) = await tool.RunAsync("format", "--write", file);
        Assert.That((code, error.Contains("IK3005"), tool.Read("Dockerfile")), Is.EqualTo((1, true, "from a\nnope\n")));
    }

    [Test]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using ToolRun tool = new();
        string file = Path.Combine(tool.Folder, "Dockerfile");
        File.WriteAllBytes(file, [(byte)'#', 0xFF, (byte)'\n']);
        var (code, _, error) = await tool.RunAsync("format", "--write", file);
        Assert.That((code, error.Contains("IK6003")), Is.EqualTo((1, true)));
    }

    [TestCase("--check --write", TestName = "checking and writing")]
    [TestCase("--indent 0", TestName = "no indentation")]
    public async Task Wrong_usage(string options)
    {
        using ToolRun tool = new();
        Assert.That((await tool.RunAsync(["format", .. options.Split(' '), tool.File("Dockerfile", "FROM a\n")])).Code, Is.EqualTo(2));
    }

    [TestCase("--lower-case", "FROM a\nRUN b \\\n  c\n", "from a\nrun b \\\n    c\n", TestName = "lower case")]
    [TestCase("--indent 2", "FROM a\nRUN b \\\n      c\n", "FROM a\nRUN b \\\n  c\n", TestName = "another indentation")]
    [TestCase("--sort", "FROM a\nRUN apk add \\\n    b \\\n    a\n", "FROM a\nRUN apk add \\\n    a \\\n    b\n", TestName = "sorted lists")]
    public async Task Options(string options, string before, string after)
    {
        using ToolRun tool = new();
        Assert.That((await tool.RunAsync(["format", .. options.Split(' '), tool.File("Dockerfile", before)])).Output, Is.EqualTo(after));
    }

    [TestCase("text", "b (line 1, the target)", TestName = "as text")]
    [TestCase("mermaid", "flowchart LR", TestName = "as Mermaid")]
    [TestCase("svg", "<svg xmlns", TestName = "as SVG")]
    [TestCase("html", "<!DOCTYPE html>", TestName = "as a page")]
    public async Task Explain_shows_stages(string format, string start)
    {
        using ToolRun tool = new();
        string file = tool.File("Dockerfile", "FROM a:1 AS b\n");
        var (code, output, _) = await tool.RunAsync("explain", "--format", format, file);
        Assert.That((code, output), Is.EqualTo((0, output)));
        Assert.That(output, Does.StartWith(start));
        Assert.That((await tool.RunAsync("explain", "--format", format, "-o", Path.Combine(tool.Folder, "out"), tool.Folder)).Output, Is.Empty);
        Assert.That(tool.Read("out"), Does.StartWith(start));
    }

    [Test]
    public async Task Explain_of_a_faulty_file_fails()
    {
        using ToolRun tool = new();
        Assert.That((await tool.RunAsync("explain", tool.File("Dockerfile", "FROM a\nCOPY --from=1 x y\n"))).Code, Is.EqualTo(1));
    }
}
