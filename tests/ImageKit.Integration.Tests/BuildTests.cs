using System.Text.Json;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Dockerfiles on a tiny base: what lands in the image, and that the same input gives the same digest.</summary>
internal sealed class BuildTests
{
    private const string Everything = """
        ARG BASE=base
        FROM $BASE AS make
        ARG VERSION=1.2
        WORKDIR /src
        COPY src/ .
        RUN tr a-z A-Z < greeting > /shout && echo $VERSION >> /shout
        RUN <<EOF
        set -e
        mkdir -p /out/bin
        printf '#!/bin/sh\ncat /shout\n' > /out/bin/shout
        chmod 755 /out/bin/shout
        EOF

        FROM base
        ENV GREETING="hello there" EMPTY=
        LABEL org.example.name=everything
        COPY --from=make /shout /shout
        COPY --from=make --chown=1000:1000 /out/bin/ /usr/local/bin/
        COPY <<END /etc/app.conf
        greeting=$GREETING
        END
        WORKDIR /home/app
        RUN chown 1000:1000 . && ln -s /shout link && rm /etc/group
        USER app
        RUN id -u > who
        EXPOSE 8080
        VOLUME /data
        STOPSIGNAL SIGINT
        ENTRYPOINT ["/usr/local/bin/shout"]
        CMD ["again"]
        """;

    [Test]
    public async Task Every_instruction_of_the_main_path_has_its_effect()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("src/greeting", "hello\n");
        BuiltImage image = await home.BuildLayoutAsync(Everything, "--build-arg", "VERSION=9");
        JsonElement config = image.Config.GetProperty("config");
        Assert.Multiple(() =>
        {
            Assert.That(image.Read("shout"), Is.EqualTo("HELLO\n9\n"));
            Assert.That(image.Read("etc/app.conf"), Is.EqualTo("greeting=hello there\n"));
            Assert.That(image.Read("home/app/who"), Is.EqualTo("1000\n"));
            Assert.That(Texts(config, "Env"), Has.Member("GREETING=hello there").And.Member("EMPTY=").And.Some.StartsWith("PATH="));
            Assert.That(Texts(config, "Entrypoint"), Is.EqualTo(new[] { "/usr/local/bin/shout" }));
            Assert.That(Texts(config, "Cmd"), Is.EqualTo(new[] { "again" }));
            Assert.That(config.GetProperty("User").GetString(), Is.EqualTo("app"));
            Assert.That(config.GetProperty("WorkingDir").GetString(), Is.EqualTo("/home/app"));
            Assert.That(config.GetProperty("StopSignal").GetString(), Is.EqualTo("SIGINT"));
            Assert.That(config.GetProperty("Labels").GetProperty("org.example.name").GetString(), Is.EqualTo("everything"));
            Assert.That(config.GetProperty("ExposedPorts").TryGetProperty("8080/tcp", out _), Is.True);
            Assert.That(config.GetProperty("Volumes").TryGetProperty("/data", out _), Is.True);
            Assert.That(image.Read("etc/.wh.group"), Is.Empty);
        });
    }

    [Test]
    public async Task Two_stores_and_two_directories_give_one_digest()
    {
        await using Home one = await Home.MakeAsync();
        await using Home other = await Home.MakeAsync();
        one.Write("src/greeting", "hello\n");
        other.Write("src/greeting", "hello\n");
        BuiltImage first = await one.BuildLayoutAsync(Everything);
        BuiltImage second = await other.BuildLayoutAsync(Everything);
        Assert.That(second.Digest, Is.EqualTo(first.Digest));
    }

    [Test]
    public async Task Without_RUN_root_and_an_ordinary_user_get_one_digest()
    {
        const string Dockerfile = "FROM base\nWORKDIR /a/b\nCOPY --chown=7:8 src /src\nCMD [\"sh\"]\n";
        await using Home root = await Home.MakeAsync();
        await using Home user = await Home.MakeAsync(Account.Rootless);
        root.Write("src/file", "x");
        user.Write("src/file", "x");
        Assert.That((await user.BuildLayoutAsync(Dockerfile)).Digest, Is.EqualTo((await root.BuildLayoutAsync(Dockerfile)).Digest));
    }

    [Test]
    public async Task An_unchanged_build_runs_nothing_again()
    {
        await using Home home = await Home.MakeAsync();
        BuiltImage first = await home.BuildLayoutAsync("FROM base\nRUN cat /proc/sys/kernel/random/uuid > /id\n");
        BuiltImage second = await home.BuildLayoutAsync("FROM base\nRUN cat /proc/sys/kernel/random/uuid > /id\n");
        BuiltImage fresh = await home.BuildLayoutAsync("FROM base\nRUN cat /proc/sys/kernel/random/uuid > /id\n", "--no-cache");
        Assert.That(second.Digest, Is.EqualTo(first.Digest));
        Assert.That(fresh.Digest, Is.Not.EqualTo(first.Digest));
    }

    [Test]
    public async Task A_changed_file_changes_only_what_uses_it()
    {
        await using Home home = await Home.MakeAsync();
        const string Dockerfile = "FROM base\nCOPY a /a\nRUN cat /proc/sys/kernel/random/uuid > /id\nCOPY b /b\n";
        home.Write("a", "1");
        home.Write("b", "1");
        BuiltImage first = await home.BuildLayoutAsync(Dockerfile);
        home.Write("b", "2");
        BuiltImage second = await home.BuildLayoutAsync(Dockerfile);
        home.Write("a", "2");
        BuiltImage third = await home.BuildLayoutAsync(Dockerfile);
        Assert.That(second.Read("id"), Is.EqualTo(first.Read("id")));
        Assert.That(second.Read("b"), Is.EqualTo("2"));
        Assert.That(third.Read("id"), Is.Not.EqualTo(first.Read("id")));
    }

    [Test]
    public async Task Files_that_dockerignore_names_stay_out()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("keep.txt", "1");
        home.Write("drop.log", "1");
        home.Write("keep.log", "1");
        home.Write(".dockerignore", "*.log\n!keep.log\nDockerfile\n");
        BuiltImage image = await home.BuildLayoutAsync("FROM base\nCOPY . /all/\n");
        Assert.Multiple(() =>
        {
            Assert.That(image.Read("all/keep.txt"), Is.EqualTo("1"));
            Assert.That(image.Read("all/keep.log"), Is.EqualTo("1"));
            Assert.That(() => image.Read("all/drop.log"), Throws.InstanceOf<FileNotFoundException>());
            Assert.That(() => image.Read("all/Dockerfile"), Throws.InstanceOf<FileNotFoundException>());
        });
    }

    [Test]
    public async Task A_target_names_the_stage_and_other_stages_are_not_built()
    {
        await using Home home = await Home.MakeAsync();
        BuiltImage image = await home.BuildLayoutAsync("FROM base AS one\nRUN echo 1 > /n\nFROM base AS two\nRUN exit 9\nFROM one AS three\nRUN echo 3 > /n\n", "--target", "one");
        Assert.That(image.Read("n"), Is.EqualTo("1\n"));
    }

    [Test]
    public async Task An_archive_in_ADD_is_unpacked()
    {
        await using Home home = await Home.MakeAsync();
        string file = home.Write("in/deep/file", "packed\n", "source");
        await new Command("tar", "-C", Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(file)!)!)!, "-czf", home.Write("a.tar.gz", ""), "in").SucceedAsync();
        Assert.That((await home.BuildLayoutAsync("FROM base\nADD a.tar.gz /here/\n")).Read("here/in/deep/file"), Is.EqualTo("packed\n"));
    }

    [Test]
    public async Task The_digest_goes_to_the_files_that_were_asked_for_and_quiet_prints_nothing_else()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", "FROM base\nCOPY Dockerfile /\n");
        string printed = await home.Build("-q", "-t", "app:1", "--iidfile", home["id"], "--metadata-file", home["meta"]).SucceedAsync();
        string id = await File.ReadAllTextAsync(home["id"]);
        Assert.Multiple(() =>
        {
            Assert.That(id.Trim(), Does.Match("^sha256:[0-9a-f]{64}$"));
            Assert.That(printed.Trim(), Does.Match("^sha256:[0-9a-f]{64}$"));
            Assert.That(File.ReadAllText(home["meta"]), Does.Contain("containerimage.digest"));
        });
    }

    [Test]
    public async Task A_local_output_is_the_file_system_and_a_tar_output_its_archive()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("f", "1");
        home.Write("Dockerfile", "FROM scratch\nCOPY f /d/f\n");
        await home.Build("-o", $"type=local,dest={home["files"]}").SucceedAsync();
        await home.Build("-o", $"type=tar,dest={home["files.tar"]}").SucceedAsync();
        Assert.That(File.ReadAllText(home["files/d/f"]), Is.EqualTo("1"));
        Assert.That(await new Command("tar", "-tf", home["files.tar"]).SucceedAsync(), Does.Contain("d/f"));
    }

    private static string[] Texts(JsonElement config, string name) => [.. config.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    [Test]
    public async Task A_secret_reaches_its_step_from_a_file_or_a_variable_and_stays_out_of_the_image()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("token", "from the file");
        home.Write("Dockerfile", "FROM base\nRUN --mount=type=secret,id=a --mount=type=secret,id=b cat /run/secrets/a /run/secrets/b | tr a-z A-Z > /said\n");
        Command build = home.Build("-t", "app:1", "--secret", "id=a,src=" + home["context/token"], "--secret", "id=b,env=IKTEST_SECRET").With("IKTEST_SECRET", " and the variable");
        await build.SucceedAsync();
        Assert.That(await home.Tool("run", "--rm", "app:1", "sh", "-c", "cat /said; ls -A /run").SucceedAsync(), Is.EqualTo("FROM THE FILE AND THE VARIABLE\n"));
    }

    [TestCase("src=x", "no id")]
    [TestCase("id=x,src=no-such-file", "no-such-file")]
    [TestCase("id=x,env=IKTEST_UNSET", "IKTEST_UNSET")]
    [TestCase("id=x,sort=y", "sort")]
    public async Task A_secret_that_is_not_there_is_a_wrong_usage(string text, string named)
    {
        await using Home home = await Home.MakeAsync();
        Result result = await home.Tool("build", "--secret", text, ".").RunAsync();
        Assert.That((result.ExitCode, result.Error.Contains(named, StringComparison.Ordinal)), Is.EqualTo((2, true)), result.All);
    }
}
