using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>The folder that all tests of one run work in, with the tool and the base images where every user can read them.</summary>
[SetUpFixture]
internal sealed class Bench
{
    /// <summary>A folder of this run; removed at the end.</summary>
    public static string Root { get; private set; } = "";

    public static string Tool { get; private set; } = "";

    /// <summary>A layout with busybox, tag <c>latest</c>.</summary>
    public static string Busybox => Path.Combine(Root, "images/busybox");

    /// <summary>A layout with a small Debian and a C compiler, tag <c>stable</c>.</summary>
    public static string Debian
    {
        get
        {
            string layout = Path.Combine(Root, "images/debian");
            Need.That(Directory.Exists(layout), "the Debian base is missing (tests/tools/make-base-images debian)");
            return layout;
        }
    }

    [OneTimeSetUp]
    public async Task Prepare()
    {
        // Lower case alone: buildah takes the path of a layout for a repository name.
        Root = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"imagekit-it-{Guid.NewGuid():n}"[..20])).FullName;
        File.SetUnixFileMode(Root, (UnixFileMode)Convert.ToInt32("755", 8));
        // The tool brings files beside it (the keeper): the folder goes along, since an ordinary user may not enter root's checkout.
        string folder = Path.GetDirectoryName(Checkout.Tool)!;
        await new Command("cp", "-a", folder, Path.Combine(Root, "tool")).SucceedAsync();
        Tool = Path.Combine(Root, "tool", Path.GetFileName(Checkout.Tool));
        await CopyImagesAsync();
        await new Command("chmod", "-R", "a+rX", Root).SucceedAsync();
    }

    [OneTimeTearDown]
    public async Task Remove() => await new Command("rm", "-rf", Root).RunAsync();

    private static async Task CopyImagesAsync()
    {
        string? made = Environment.GetEnvironmentVariable("IK_IMAGES");
        string images = Path.Combine(Root, "images");
        if (made is not null && Directory.Exists(Path.Combine(made, "busybox"))) await new Command("cp", "-a", made, images).SucceedAsync();
        else await new Command(Path.Combine(Checkout.Root, "tests/tools/make-base-images"), "-o", images, "busybox").SucceedAsync();
    }
}
