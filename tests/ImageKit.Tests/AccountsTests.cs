using System.Text;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Tests;

/// <summary>Users and groups of an image.</summary>
internal sealed class AccountsTests
{
    private static LayerItem Text(string path, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return new(new TocEntry { Path = path, Kind = EntryKind.File, Mode = 0x1A4, Size = bytes.Length }, new MemoryOrigin(bytes));
    }

    private static readonly Tree Image = Tree.Of(
    [
        Text("etc/passwd", "# note\nroot:x:0:0:root:/root:/bin/sh\r\napp:x:1000:1001::/:/bin/sh\nbroken line\n"),
        Text("etc/group", "root:x:0:\napp:x:1001:\naudio:x:29:app,other\nvideo:x:44:other,app\n"),
    ]);

    [TestCase(null, "0:0 0", TestName = "no USER is root")]
    [TestCase("app", "1000:1001 29 44 1001", TestName = "a name with its groups, the primary one among them")]
    [TestCase("1000", "1000:1001 29 44 1001", TestName = "a known number is that user")]
    [TestCase("4242", "4242:0 0", TestName = "an unknown number has group 0")]
    [TestCase("app:audio", "1000:29 29", TestName = "a group drops the others")]
    [TestCase("app:99", "1000:99 99", TestName = "a group by number")]
    [TestCase("ghost", "unknown user 'ghost'", TestName = "an unknown name")]
    [TestCase("app:ghosts", "unknown group 'ghosts'", TestName = "an unknown group")]
    public async Task Finds(string? user, string expected)
    {
        Accounts accounts = await Accounts.ReadAsync(Image, CancellationToken.None);
        (ProcessIdentity? identity, string? unknown) = accounts.FindIdentity(user);
        string found = identity is null ? $"unknown {unknown}" : $"{identity.Owner.Uid}:{identity.Owner.Gid} {string.Join(' ', identity.Groups)}";
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public async Task An_image_without_account_files_knows_numbers_alone()
    {
        Accounts accounts = await Accounts.ReadAsync(Tree.Empty, CancellationToken.None);
        Assert.That((accounts.FindOwner("5:6").Owner, accounts.FindOwner("root").Unknown), Is.EqualTo(((Owner?)new Owner(5, 6), "user 'root'")));
    }
}
