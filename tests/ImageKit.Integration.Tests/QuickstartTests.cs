using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>The first command of the README.</summary>
internal sealed class QuickstartTests
{
    private const string LastWords = "It works";

    [Test, Category("Long")]
    public async Task The_quickstart_works_where_only_the_SDK_is_installed()
    {
        await using Home home = await Home.MakeAsync();
        Command quickstart = new Command(Path.Combine(Checkout.Root, "samples/quickstart")) { Patience = TimeSpan.FromMinutes(5) };
        Assert.That(await quickstart.With("IMAGEKIT_HOME", home.Store).SucceedAsync(), Does.Contain(LastWords));
    }

    [Test, Category("Long")]
    public async Task The_quickstart_works_for_an_ordinary_user_without_runtimes_and_subordinate_ids()
    {
        Need.Root();
        await using Home home = await Home.MakeAsync(Account.Rootless);
        string copy = home["checkout"];
        await new Command("sh", "-c", $"mkdir '{copy}' && git -c safe.directory='*' -C '{Checkout.Root}' ls-files -z | tar -C '{Checkout.Root}' --null -T - -cf - | tar -C '{copy}' -xf - && chown -R iktest: '{home.Folder}'").SucceedAsync();
        // The tools that it must not need are hidden in a mount namespace of its own.
        string hide = "for tool in runc crun newuidmap newgidmap fuse-overlayfs gcc; do p=$(command -v $tool) && mount --bind /dev/null $p; done; ";
        Command quickstart = new Command("unshare", "-m", "sh", "-c", $"{hide} exec setpriv --reuid=iktest --regid=iktest --init-groups -- '{copy}/samples/quickstart'") { Patience = TimeSpan.FromMinutes(8) };
        Result result = await quickstart.With("HOME", home.Folder).With("IMAGEKIT_HOME", home.Store).RunAsync();
        Assert.That(result.ExitCode, Is.Zero, result.All);
        Assert.That(result.Output, Does.Contain(LastWords));
    }
}
