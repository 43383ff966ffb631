using System.Collections.Concurrent;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>A multi-stage build on a real distribution, by every sandbox, as root and as an ordinary user: one digest.</summary>
internal sealed class DistributionBuildTests
{
    private const string Dockerfile = """
        FROM debian AS build
        WORKDIR /src
        COPY hello.c .
        RUN tcc -o /usr/local/bin/hello hello.c && hello > greeting
        RUN dpkg-query -W -f '${Package}\n' | sort > packages && rm -rf /usr/share/doc/tcc

        FROM debian
        ARG APP_VERSION=1
        ENV APP_VERSION=$APP_VERSION
        COPY --from=build /usr/local/bin/hello /usr/local/bin/
        COPY --from=build /src/greeting /src/packages /srv/
        RUN <<EOF
        set -e
        echo app:x:1000:1000::/home/app:/bin/sh >> /etc/passwd
        install -d -o 1000 -g 1000 /home/app
        rm -rf /usr/share/perl5
        mkdir /usr/share/perl5
        chmod 700 /usr/share/perl5
        mv /srv/packages /srv/list
        EOF
        WORKDIR /home/app
        USER 1000
        RUN id > who && echo $APP_VERSION > version && ln -s version link && ln who hard
        CMD ["hello"]
        """;

    private static readonly ConcurrentDictionary<string, string> Digests = new();

    [TestCase("crun", true, TestName = "crun as root")]
    [TestCase("runc", true, TestName = "runc as root")]
    [TestCase("builtin", true, TestName = "the built-in sandbox as root")]
    [TestCase("crun", false, TestName = "crun as an ordinary user")]
    [TestCase("runc", false, TestName = "runc as an ordinary user")]
    [TestCase("builtin", false, TestName = "the built-in sandbox as an ordinary user")]
    public async Task Builds_on_Debian(string runtime, bool asRoot)
    {
        if (asRoot) Need.Root();
        if (runtime != "builtin") Need.Program(runtime);
        await using Home home = await Home.MakeAsync(asRoot ? Account.Self : Account.Rootless);
        home.Write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hello from C\"); return 0; }\n");
        home.Write("Dockerfile", Dockerfile);
        await home.Build("--runtime", runtime, "--build-context", $"debian=oci-layout://{Bench.Debian}:stable", "-o", $"type=oci,dest={home["out"]},tar=false").SucceedAsync();
        BuiltImage image = new(home["out"]);
        Assert.Multiple(() =>
        {
            Assert.That(image.Read("srv/greeting"), Is.EqualTo("hello from C\n"));
            Assert.That(image.Read("srv/list"), Does.Contain("libc6\n"));
            Assert.That(image.Read("home/app/who"), Does.StartWith("uid=1000(app)"));
        });
        Digests[TestContext.CurrentContext.Test.Name] = image.Digest;
        Assert.That(Digests.Values.Distinct().Count(), Is.EqualTo(1), $"one digest of every sandbox:\n{string.Join('\n', Digests.Select(pair => $"{pair.Value} {pair.Key}"))}");
    }
}
