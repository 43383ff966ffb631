using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>The packages as users have them: the library in a program, the tool installed.</summary>
[Category("Long")]
internal sealed class PackageTests
{
    private Home _home = null!;
    private string _version = "";

    [OneTimeSetUp]
    public async Task Pack()
    {
        _home = await Home.MakeAsync();
        _version = (await Dotnet(Path.Combine(Checkout.Root, "src/pack")).SucceedAsync()).Trim();
    }

    [OneTimeTearDown]
    public async Task Remove() => await _home.DisposeAsync();

    [Test]
    public async Task The_library_builds_an_image_and_the_installed_tool_runs_commands_in_it()
    {
        string sample = _home["sample"], tools = _home["tools"];
        await Dotnet("dotnet", "build", Path.Combine(Checkout.Root, "samples/BaseFromHost"), "-c", "Release", $"-p:ImageKitVersion={_version}", "-o", sample).SucceedAsync();
        await Dotnet("dotnet", Path.Combine(sample, "BaseFromHost.dll"), "from-host:1").SucceedAsync();
        await Dotnet("dotnet", "tool", "install", "--tool-path", tools, "ImageKit.Cli", "--version", _version).SucceedAsync();
        string tool = Path.Combine(tools, "imagekit");
        Assert.That(await Dotnet(tool, "version").SucceedAsync(), Does.Contain(_version));
        await Dotnet(tool, "build", "-q", "-t", "hello:1", Path.Combine(Checkout.Root, "samples/hello")).SucceedAsync();
        Assert.That(await Dotnet(tool, "run", "--rm", "hello:1").SucceedAsync(), Does.Contain("HELLO"));
    }

    [Test]
    public void The_keeper_is_packed_ahead_of_time_compiled()
    {
        using System.IO.Compression.ZipArchive package = System.IO.Compression.ZipFile.OpenRead(Path.Combine(Checkout.Root, $"artifacts/packages/ImageKit.Sandbox.{_version}.nupkg"));
        Assert.That(package.Entries.Select(entry => entry.FullName), Has.Some.Match("^runtimes/linux-[a-z0-9]+/native/ImageKit.Sandbox.Keeper$"));
    }

    private Command Dotnet(string program, params string[] words) =>
        new Command(program, words) { Patience = TimeSpan.FromMinutes(10), Folder = Checkout.Root }.With("IMAGEKIT_HOME", _home.Store);
}
