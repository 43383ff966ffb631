namespace ImageKit.Registry.Tests;

internal sealed class DockerConfigFileTests
{
    private TemporaryFolder _folder = null!;

    private string File => Path.Combine(_folder.Path, "config.json");

    [SetUp]
    public void Make() => _folder = new();

    [TearDown]
    public async Task Remove() => _folder.Dispose();

    [TestCase("""{"auths":{"reg.test":{"auth":"bWU6cMOkc3M6eA=="}}}""", "reg.test", "a/b", "me", "päss:x", TestName = "UTF-8, split at the first colon")]
    [TestCase("""{"auths":{"https://reg.test/v1/":{"auth":"bWU6eA=="}}}""", "reg.test", "a/b", "me", "x", TestName = "A key that is a URL")]
    [TestCase("""{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6eA=="}}}""", "docker.io", "library/x", "me", "x", TestName = "Docker Hub's own key")]
    [TestCase("""{"auths":{"registry-1.docker.io":{"auth":"bWU6eA=="}}}""", "index.docker.io", "library/x", "me", "x", TestName = "Every name of Docker Hub is one")]
    [TestCase("""{"auths":{"reg.test":{"auth":"bWU6eA=="},"reg.test/a":{"auth":"eW91Onk="}}}""", "reg.test", "a/b", "you", "y", TestName = "The longest path counts")]
    [TestCase("""{"auths":{"reg.test":{"auth":"bWU6eA=="},"reg.test/a":{"auth":"eW91Onk="}}}""", "reg.test", "ab/c", "me", "x", TestName = "A path ends at a slash")]
    [TestCase("""{"auths":{"reg.test":{"username":"me","password":"x"}}}""", "reg.test", "a", "me", "x", TestName = "Name and password in fields of their own")]
    [TestCase("""{"auths":{"reg.test:5000":{"auth":"bWU6eA=="}}}""", "reg.test", "a", null, null, TestName = "Another port is another registry")]
    [TestCase("""{"auths":{"reg.test":{}}}""", "reg.test", "a", null, null, TestName = "An empty entry is no login")]
    [TestCase("", "reg.test", "a", null, null, TestName = "An empty file has no logins")]
    public async Task Finds(string text, string registry, string repository, string? user, string? password)
    {
        await System.IO.File.WriteAllTextAsync(File, text);
        Credential? found = await (await DockerConfigFile.ReadAsync(File)).FindAsync(registry, repository);
        Assert.Multiple(() =>
        {
            Assert.That(found?.Username, Is.EqualTo(user));
            Assert.That(found?.Password, Is.EqualTo(password));
            if (found is not null) Assert.That(found.Origin, Does.Contain(File));
        });
    }

    [TestCase("{", TestName = "Broken JSON")]
    [TestCase("[]", TestName = "A list")]
    public async Task A_broken_file_is_named(string text)
    {
        await System.IO.File.WriteAllTextAsync(File, text);
        CredentialException error = (await Assert.ThrowsAsync<CredentialException>(() => DockerConfigFile.ReadAsync(File)))!;
        Assert.That((error.Code, error.What), Is.EqualTo(("IK2020", $"The logins in '{File}' cannot be read.")));
    }

    [Test]
    public async Task A_login_keeps_the_other_fields_and_is_readable_by_its_owner_alone()
    {
        await System.IO.File.WriteAllTextAsync(File, """{"psFormat":"x","auths":{"docker.io":{"auth":"b2xkOm9sZA=="},"other.test":{"auth":"bWU6eA=="}}}""");
        DockerConfigFile file = await DockerConfigFile.ReadAsync(File);
        await file.LoginAsync("index.docker.io", new() { Username = "me", Password = "new", Origin = "test" });
        string text = await System.IO.File.ReadAllTextAsync(File);
        DockerConfigFile again = await DockerConfigFile.ReadAsync(File);
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(text, Does.Contain("\"psFormat\": \"x\"").And.Contain("other.test").And.Contain("https://index.docker.io/v1/").And.Not.Contain("b2xkOm9sZA=="));
            Assert.That((await again.FindAsync("docker.io", ""))?.Password, Is.EqualTo("new"));
            if (!OperatingSystem.IsWindows()) Assert.That(System.IO.File.GetUnixFileMode(File), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public async Task A_logout_forgets_every_spelling()
    {
        await System.IO.File.WriteAllTextAsync(File, """{"auths":{"docker.io":{"auth":"bWU6eA=="},"https://index.docker.io/v1/":{"auth":"bWU6eA=="}}}""");
        DockerConfigFile file = await DockerConfigFile.ReadAsync(File);
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await file.LogoutAsync("docker.io"), Is.True);
            Assert.That(await file.LogoutAsync("docker.io"), Is.False);
            Assert.That(await System.IO.File.ReadAllTextAsync(File), Does.Not.Contain("bWU6eA"));
        });
    }

    [Test]
    public async Task Skopeo_reads_the_login_that_we_wrote()
    {
        RealRegistry.RequireProgram("skopeo");
        DockerConfigFile file = await DockerConfigFile.ReadAsync(File);
        await file.LoginAsync("reg.test:5000", new() { Username = "me", Password = "x", Origin = "test" });
        string user = await Tool.RunAsync("skopeo", "login", "--get-login", "--authfile", File, "reg.test:5000");
        Assert.That(user.Trim(), Is.EqualTo("me"));
    }

    [Test]
    public async Task A_missing_credential_program_is_named_with_its_file()
    {
        await System.IO.File.WriteAllTextAsync(File, """{"credHelpers":{"reg.test":"no-such-program"}}""");
        DockerConfigFile file = await DockerConfigFile.ReadAsync(File);
        CredentialException error = (await Assert.ThrowsAsync<CredentialException>(async () => await file.FindAsync("reg.test", "")))!;
        Assert.That(error.Message, Does.Contain("IK2021").And.Contain("docker-credential-no-such-program").And.Contain(File));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [NonParallelizable]
    public async Task A_credential_program_is_asked_and_told()
    {
        string program = Path.Combine(_folder.Path, "docker-credential-iktest");
        await System.IO.File.WriteAllTextAsync(program, $$"""
            #!/bin/sh
            case $1 in
              get) read host; [ -s '{{_folder.Path}}/kept' ] && cat '{{_folder.Path}}/kept' || { echo 'credentials not found in native keychain'; exit 1; } ;;
              store) cat > '{{_folder.Path}}/kept' ;;
              erase) rm -f '{{_folder.Path}}/kept' ;;
            esac
            """);
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        string? path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", $"{_folder.Path}:{path}");
        try
        {
            await System.IO.File.WriteAllTextAsync(File, """{"credsStore":"iktest"}""");
            DockerConfigFile file = await DockerConfigFile.ReadAsync(File);
            Assert.That(await file.FindAsync("reg.test", ""), Is.Null);
            await file.LoginAsync("reg.test", new() { Username = "me", Password = "secret", Origin = "test" });
            Credential? found = await (await DockerConfigFile.ReadAsync(File)).FindAsync("reg.test", "");
            Assert.That((found?.Username, found?.Password), Is.EqualTo(("me", "secret")));
            Assert.That(await System.IO.File.ReadAllTextAsync(File), Does.Not.Contain("secret"));
            Assert.That(await file.LogoutAsync("reg.test"), Is.True);
            Assert.That(await file.FindAsync("reg.test", ""), Is.Null);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }
}
