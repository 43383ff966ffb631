namespace ImageKit.Tests;

/// <summary>COPY and ADD as BuildKit's own tests have them: only files, no process.</summary>
internal sealed class CopyTests
{
    private static string[] Names(SortedDictionary<string, BuiltFile> files) => [.. files.Where(pair => pair.Value.Content != "dir").Select(pair => pair.Key)];

    [TestCase("COPY foo1 foo2 gone/../sub/*/dir2/foo /dest/", "dest/foo dest/foo1 dest/foo2", TestName = "files and a wildcard in the middle go into a directory")]
    [TestCase("COPY foo* /dest/", "dest/foo1 dest/foo2", TestName = "a wildcard copies its matches")]
    [TestCase("COPY foo1* /one", "one", TestName = "a wildcard with one match may name the file anew")]
    [TestCase("COPY sub /dest", "dest/dir1/dir2/foo dest/own", TestName = "a directory gives its contents")]
    [TestCase("COPY sub/ /dest/", "dest/dir1/dir2/foo dest/own", TestName = "slashes at ends change nothing for a directory")]
    [TestCase("COPY sub/. /dest", "dest/dir1/dir2/foo dest/own", TestName = "a dot behind a directory changes nothing")]
    [TestCase("COPY su* /dest", "dest/dir1/dir2/foo dest/own", TestName = "a wildcard that matches a directory gives its contents")]
    [TestCase("COPY su[b] foo[^2] /dest/", "dest/dir1/dir2/foo dest/foo1 dest/own", TestName = "classes of characters")]
    [TestCase("COPY ../../foo1 /foo1/../etc/", "etc/foo1", TestName = "dots above the root stay in the context")]
    [TestCase("COPY /foo1 .", "foo1", TestName = "an absolute source is of the context, a dot is the working directory")]
    [TestCase("COPY foo1 \"\"", "foo1", TestName = "an empty destination is the working directory")]
    [TestCase("COPY nothing* /dest/", "", TestName = "a wildcard without a match is fine")]
    [TestCase("COPY [\"foo1\", \"/with blank\"]", "with blank", TestName = "the JSON form keeps blanks")]
    [TestCase("COPY --parents sub/dir1/dir2/foo foo1 /dest/", "dest/foo1 dest/sub/dir1/dir2/foo", TestName = "parents keep the path")]
    [TestCase("COPY --parents sub/./dir1/dir2/foo /dest/", "dest/dir1/dir2/foo", TestName = "parents from a pivot on")]
    [TestCase("COPY --parents **/foo /dest/", "dest/sub/dir1/dir2/foo", TestName = "parents know two stars")]
    [TestCase("COPY --exclude=**/foo sub /dest/", "dest/own", TestName = "excluded at any depth")]
    [TestCase("COPY --exclude=foo1 foo* /dest/", "dest/foo2", TestName = "a file that is a source itself is excluded too")]
    [TestCase("COPY --exclude=dir1 --exclude=!dir1/dir2/foo sub /dest/", "dest/dir1/dir2/foo dest/own", TestName = "an exception brings back")]
    public async Task Copies(string instruction, string expected)
    {
        await using BuildBench bench = new();
        bench.File("foo1", "1").File("foo2", "2").File("sub/dir1/dir2/foo", "3").File("sub/own", "4").File("bar", "5");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync($"FROM scratch\n{instruction}\n");
        Assert.That(string.Join(' ', Names(files)), Is.EqualTo(expected));
    }

    [Test]
    public async Task Files_of_the_context_are_roots_and_keep_mode_and_time()
    {
        await using BuildBench bench = new();
        bench.File("tool", "x", (UnixFileMode)0x1ED).File("dir/secret", "y", (UnixFileMode)0x180);
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM scratch\nCOPY tool /a/b/\nCOPY dir /dir/\n");
        Assert.Multiple(() =>
        {
            Assert.That(files["a/b/tool"], Is.EqualTo(new BuiltFile("x", "755", "0:0", 1704164645)));
            Assert.That(files["dir/secret"].Mode, Is.EqualTo("600"));
            Assert.That(files["a"], Is.EqualTo(new BuiltFile("dir", "755", "0:0", 0)), "made parents are at the epoch");
        });
    }

    [Test]
    public async Task Numbers_and_names_of_owners_are_those_of_the_image()
    {
        await using BuildBench bench = new();
        bench.File("passwd", "root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n").File("group", "root:x:0:\nstaff:x:50:\n").File("f", "");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("""
            FROM scratch
            ARG who=app
            COPY passwd group /etc/
            COPY --chown=$who f /named
            COPY --chown=app:staff f /both
            COPY --chown=7 f /number
            COPY --chown=7:8 f /made/numbers
            COPY --chown=app: f /nogroup
            """);
        Assert.Multiple(() =>
        {
            Assert.That(files["named"].Owner, Is.EqualTo("1000:1001"));
            Assert.That(files["both"].Owner, Is.EqualTo("1000:50"));
            Assert.That(files["number"].Owner, Is.EqualTo("7:7"));
            Assert.That(files["made/numbers"].Owner, Is.EqualTo("7:8"));
            Assert.That(files["made"].Owner, Is.EqualTo("7:8"));
            Assert.That(files["nogroup"].Owner, Is.EqualTo("1000:0"));
        });
    }

    [TestCase("COPY --chown=ghost f /x", "IK4018", TestName = "an unknown user is refused")]
    [TestCase("COPY --chown=0:ghosts f /x", "IK4018", TestName = "an unknown group is refused")]
    [TestCase("COPY --link --chown=app f /x", "IK4017", TestName = "a name beside link is refused")]
    [TestCase("COPY gone /x", "IK4011", TestName = "a source that is not there")]
    [TestCase("COPY gone/*.c /x/", "IK4011", TestName = "a wildcard in a directory that is not there")]
    [TestCase("COPY f g /x", "IK4010", TestName = "two sources onto one file")]
    [TestCase("COPY [a /x", "IK4012", TestName = "a bracket that is not closed")]
    [TestCase("COPY d /f", "IK4014", TestName = "a directory over a file")]
    [TestCase("COPY d/ /\nCOPY f /sub", null, TestName = "a file into a directory is none")]
    [TestCase("COPY --chmod=64a f /x", "IK3023", TestName = "a mode that is none")]
    [TestCase("RUN --mount=type=cache true", "IK4002", TestName = "a mount without a target in the root directory")]
    [TestCase("RUN --mount=type=tmpfs,target=/ true", "IK3013", TestName = "a mount over the root directory")]
    [TestCase("ADD https://example.com/x /x", "IK4005", TestName = "sources in the network are not there yet")]
    [TestCase("COPY https://example.com/x /x", "IK3023", TestName = "COPY knows no URL")]
    public async Task Refuses(string instructions, string? code)
    {
        await using BuildBench bench = new();
        bench.File("f").File("g").File("d/sub/x");
        bench.Dockerfile($"FROM scratch\nCOPY f /f\n{instructions}\n");
        if (code is null)
        {
            Assert.That(async () => await bench.BuildAsync(), Throws.Nothing);
            return;
        }
        BuildException refusal = await bench.RefusalAsync();
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Code, Is.EqualTo(code), refusal.Message);
            Assert.That(refusal.File, Is.EqualTo("Dockerfile"));
            Assert.That(refusal.Span.Line, Is.EqualTo(3));
            Assert.That(refusal.Mend, Is.Not.Empty);
        });
    }

    [Test]
    public async Task A_layer_names_the_directories_above_what_it_holds_as_they_are()
    {
        await using BuildBench bench = new();
        bench.File("f");
        BuildResult result = await bench.BuildAsync("FROM scratch\nCOPY --chmod=1777 --chown=3:4 f /tmp/x\nCOPY f /tmp/deep/y\n");
        string blob = (await bench.Kit.InspectAsync(result.Digest.ToString())).Manifest.Layers[1].Digest.Encoded;
        await using System.IO.Compression.GZipStream layer = new(File.OpenRead(Path.Combine(bench.Home, "images/blobs/sha256", blob)), System.IO.Compression.CompressionMode.Decompress);
        await using System.Formats.Tar.TarReader reader = new(layer);
        List<string> entries = [];
        while (await reader.GetNextEntryAsync() is { } entry) entries.Add($"{entry.Name} {Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid}");
        Assert.That(entries, Is.EqualTo(new[] { "tmp/ 1777 3:4", "tmp/deep/ 755 0:0", "tmp/deep/y 644 0:0" }));
    }

    [Test]
    public async Task A_name_that_marks_deletions_is_refused_unless_it_is_ignored()
    {
        await using BuildBench bench = new();
        bench.File("d/.wh.x");
        Assert.That((await bench.RefusalAsync("FROM scratch\nCOPY d /\n")).Code, Is.EqualTo("IK4016"));
        bench.File(".dockerignore", "**/.wh.*");
        Assert.That(async () => await bench.BuildAsync(), Throws.Nothing);
    }

    [Test]
    public async Task A_file_over_a_directory_of_the_image_is_refused()
    {
        await using BuildBench bench = new();
        bench.File("d/x/y").File("e/x", "file");
        Assert.That((await bench.RefusalAsync("FROM scratch\nCOPY d /\nCOPY e /\n")).Code, Is.EqualTo("IK4015"));
    }

    [Test]
    public async Task A_merge_keeps_the_directory_that_was_there_and_the_owners_of_what_is_new()
    {
        await using BuildBench bench = new();
        bench.File("nested", "n").File("file", "f");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("""
            FROM scratch AS source
            COPY --chown=100:200 file /file
            COPY --chown=101:201 nested /dir/subdir/
            COPY --chown=102:202 nested /dir/subdir/nestedfile
            FROM scratch AS base
            COPY --chown=500:600 file /existingdir/existingfile
            FROM base
            COPY --from=source /file .
            COPY --from=source /dir /dir
            COPY --from=source /dir/. /existingdir
            """);
        Assert.Multiple(() =>
        {
            Assert.That(files["file"].Owner, Is.EqualTo("100:200"));
            Assert.That(files["dir"].Owner, Is.EqualTo("0:0"), "the new directory is root's");
            Assert.That(files["dir/subdir"].Owner, Is.EqualTo("101:201"));
            Assert.That(files["dir/subdir/nestedfile"].Owner, Is.EqualTo("102:202"));
            Assert.That(files["existingdir"].Owner, Is.EqualTo("500:600"), "what was there keeps its owner");
            Assert.That(files["existingdir/subdir"].Owner, Is.EqualTo("101:201"));
        });
    }

    [Test]
    public async Task Links_inside_a_directory_stay_links_and_links_as_sources_are_followed()
    {
        await using BuildBench bench = new();
        bench.File("dir/file", "content").Link("dir/rel", "file").Link("dir/abs", "/dir/file").Link("chain", "dir/rel").Link("linkdir", "dir");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("""
            FROM scratch
            COPY dir /kept
            COPY chain /followed
            COPY linkdir/abs /through
            COPY linkdir /contents/
            """);
        Assert.Multiple(() =>
        {
            Assert.That(files["kept/rel"].Content, Is.EqualTo("-> file"));
            Assert.That(files["kept/abs"].Content, Is.EqualTo("-> /dir/file"));
            Assert.That(files["followed"].Content, Is.EqualTo("content"));
            Assert.That(files["through"].Content, Is.EqualTo("content"));
            Assert.That(files["contents/file"].Content, Is.EqualTo("content"));
        });
    }

    [Test]
    public async Task Links_in_a_destination_are_followed_inside_the_image()
    {
        await using BuildBench bench = new();
        bench.File("real/keep").File("foo", "foo").Link("links/symlink", "/real").Link("links/file", "/real/keep");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("""
            FROM scratch
            COPY real /real
            COPY links /
            COPY foo /symlink/
            COPY foo /symlink/deeper/
            COPY foo /file
            """);
        Assert.Multiple(() =>
        {
            Assert.That(files["real/foo"].Content, Is.EqualTo("foo"));
            Assert.That(files["real/deeper/foo"].Content, Is.EqualTo("foo"));
            Assert.That(files["symlink"].Content, Is.EqualTo("-> /real"));
            Assert.That(files["file"].Content, Is.EqualTo("foo"), "a link to a file is replaced");
            Assert.That(files["real/keep"].Content, Is.Empty, "and not written through");
        });
    }

    [Test]
    public async Task Later_sources_and_instructions_override_files()
    {
        await using BuildBench bench = new();
        bench.File("a/same", "a").File("b/same", "b").File("same", "c");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM scratch\nCOPY a b /x/\nCOPY same /y/\nCOPY a /y/\n");
        Assert.That((files["x/same"].Content, files["y/same"].Content), Is.EqualTo(("b", "a")));
    }

    [Test]
    public async Task Modes_are_set_on_files_directories_and_made_parents()
    {
        await using BuildBench bench = new();
        bench.File("f", "", (UnixFileMode)0x1A4).File("d/x", "", (UnixFileMode)0x1C0);
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("""
            FROM scratch
            COPY --chmod=777 f /parent/f
            COPY --chmod=u=rwX,go=rX d /d/
            COPY --chmod=a+x f /plus
            COPY --chmod=4755 f /suid
            """);
        Assert.Multiple(() =>
        {
            Assert.That(files["parent/f"].Mode, Is.EqualTo("777"));
            Assert.That(files["parent"].Mode, Is.EqualTo("777"));
            Assert.That(files["d/x"].Mode, Is.EqualTo("755"));
            Assert.That(files["plus"].Mode, Is.EqualTo("755"));
            Assert.That(files["suid"].Mode, Is.EqualTo("4755"));
        });
    }

    [Test]
    public async Task Hard_links_of_one_copy_stay_linked()
    {
        await using BuildBench bench = new();
        bench.File("d/first", "same");
        Link(Path.Combine(bench.Context, "d/first"), Path.Combine(bench.Context, "d/another"));
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM scratch\nCOPY d /e\nCOPY d/first /alone\n");
        Assert.Multiple(() =>
        {
            Assert.That(files["e/another"].Content, Is.EqualTo("same"));
            Assert.That(files["e/first"].Content, Is.EqualTo("= e/another"));
            Assert.That(files["alone"].Content, Is.EqualTo("same"));
        });
    }

    [Test]
    public async Task A_socket_arrives_as_an_empty_file_and_a_pipe_as_a_pipe()
    {
        await using BuildBench bench = new();
        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(bench.Context, "sock")));
        Run("mkfifo", Path.Combine(bench.Context, "pipe"));
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM scratch\nCOPY . /\n");
        Assert.That((files["sock"].Content, files["pipe"].Content), Is.EqualTo(("", "fifo")));
    }

    [Test]
    public async Task Heredocs_are_files_with_variables_unless_quoted()
    {
        await using BuildBench bench = new();
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("""
            FROM scratch
            ENV name=world
            COPY <<one <<"two" /dir/
            hello $name
            one
            hello $name
            two
            COPY --chmod=0700 --chown=3:4 <<-EOF /script
            	tabs go
            EOF
            """);
        Assert.Multiple(() =>
        {
            Assert.That(files["dir/one"], Is.EqualTo(new BuiltFile("hello world\n", "644", "0:0", 0)));
            Assert.That(files["dir/two"].Content, Is.EqualTo("hello $name\n"));
            Assert.That(files["script"], Is.EqualTo(new BuiltFile("tabs go\n", "700", "3:4", 0)));
        });
    }

    [Test]
    public async Task Link_does_not_look_at_the_image_below()
    {
        await using BuildBench bench = new();
        bench.File("real/x").File("foo", "foo").Link("links/s", "real");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM scratch\nWORKDIR /w\nCOPY real /real\nCOPY links /\nCOPY --link foo /s/\nCOPY --link foo .\n");
        Assert.Multiple(() =>
        {
            Assert.That(files["s/foo"].Content, Is.EqualTo("foo"), "the link is replaced by a directory");
            Assert.That(files["w/foo"].Content, Is.EqualTo("foo"));
        });
    }

    [Test]
    public async Task Names_beyond_ASCII_survive()
    {
        await using BuildBench bench = new();
        bench.File("test-äöü.txt", "u").File("test-%C3%A4.txt", "p").File("test+aou.txt", "+");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM scratch\nCOPY test-äöü.txt /\nCOPY test-%C3%A4.txt /\nCOPY test+aou.txt /\n");
        Assert.That(files.Keys, Is.EquivalentTo(new[] { "test-äöü.txt", "test-%C3%A4.txt", "test+aou.txt" }));
    }

    [TestCase("", ".tar", TestName = "ADD unpacks a plain tar")]
    [TestCase("z", ".tar.gz", TestName = "ADD unpacks gzip")]
    [TestCase("j", ".tar.bz2", TestName = "ADD unpacks bzip2")]
    [TestCase("J", ".tar.xz", TestName = "ADD unpacks xz")]
    public async Task Unpacks(string flag, string extension)
    {
        await using BuildBench bench = new();
        Directory.CreateDirectory(Path.Combine(bench.Other, "in/deep"));
        File.WriteAllText(Path.Combine(bench.Other, "in/deep/file"), "packed");
        Run("tar", $"c{flag}f", Path.Combine(bench.Context, "a" + extension), "--owner=5", "--group=6", "-C", bench.Other, "in/deep/file");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync($"FROM scratch\nADD a{extension} /dest\nADD --unpack=false a{extension} /kept\nCOPY a{extension} /copied\nADD --chown=100:200 *{extension} /owned/\n");
        Assert.Multiple(() =>
        {
            Assert.That(files["dest/in/deep/file"].Content, Is.EqualTo("packed"));
            Assert.That(files["dest/in/deep/file"].Owner, Is.EqualTo("5:6"));
            Assert.That(files["dest/in"].Mode, Is.EqualTo("755"), "a parent that the archive does not name");
            Assert.That(files["owned/in/deep/file"].Owner, Is.EqualTo("100:200"));
            Assert.That(files.ContainsKey("kept") && files.ContainsKey("copied"), Is.True);
        });
    }

    [Test]
    public async Task An_archive_unpacks_through_an_absolute_link_of_the_image()
    {
        await using BuildBench bench = new();
        bench.File("real/run/keep").Link("links/var", "/real");
        Directory.CreateDirectory(Path.Combine(bench.Other, "var/run"));
        File.WriteAllText(Path.Combine(bench.Other, "var/run/a"), "a");
        Link(Path.Combine(bench.Other, "var/run/a"), Path.Combine(bench.Other, "var/run/b"));
        Run("tar", "cf", Path.Combine(bench.Context, "x.tar"), "-C", bench.Other, "var");
        SortedDictionary<string, BuiltFile> files = await bench.FilesAsync("FROM scratch\nCOPY real /real\nCOPY links /\nADD x.tar /\n");
        Assert.Multiple(() =>
        {
            Assert.That(files["var"].Content, Is.EqualTo("-> /real"));
            Assert.That(files["real/run/a"].Content, Is.EqualTo("a"));
            Assert.That(files["real/run/b"].Content, Is.EqualTo("= real/run/a"));
        });
    }

    [Test]
    public async Task A_type_that_changes_between_builds_is_seen()
    {
        await using BuildBench bench = new();
        bench.File("foo/x", "in dir");
        await bench.BuildAsync("FROM scratch\nCOPY . /\n");
        Directory.Delete(Path.Combine(bench.Context, "foo"), recursive: true);
        bench.File("foo", "now a file");
        Assert.That((await bench.FilesAsync())["foo"].Content, Is.EqualTo("now a file"));
    }

    private static void Link(string existing, string path) => Run("ln", existing, path);

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, program);
    }
}
