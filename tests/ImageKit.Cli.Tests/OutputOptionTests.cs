using ImageKit.Cli.Parsing;

namespace ImageKit.Cli.Tests;

public sealed class OutputOptionTests
{
    [TestCase("out", "local", "out", true, TestName = "a bare path is a local directory")]
    [TestCase("-", "tar", "-", true, TestName = "a dash is a tar on standard output")]
    [TestCase("type=oci,dest=a.tar", "oci", "a.tar", true, TestName = "an OCI archive")]
    [TestCase("type=oci,dest=dir,tar=false", "oci", "dir", false, TestName = "an OCI layout directory")]
    [TestCase("type=docker,dest=a.tar", "docker", "a.tar", true, TestName = "a Docker archive")]
    [TestCase("type=local,dest=root", "local", "root", true, TestName = "a local directory by its type")]
    [TestCase("type=tar,\"dest=a,b.tar\"", "tar", "a,b.tar", true, TestName = "a quoted field may hold a comma")]
    [TestCase("type=registry,name=a/b:1", "registry", null, true, TestName = "a registry by name")]
    public void Reads(string text, string type, string? destination, bool tar)
    {
        OutputOption option = OutputOption.Parse(text);
        Assert.That((option.Type, option.Destination, option.Tar), Is.EqualTo((type, destination, tar)));
    }

    [TestCase("dest=a.tar", "names no type", TestName = "a type is wanted")]
    [TestCase("type=zip,dest=a", "unknown type 'zip'", TestName = "an unknown type is named")]
    [TestCase("type=oci,dest=a,foo=1", "'foo'", TestName = "an unknown key is named, never ignored")]
    [TestCase("type=oci,tar=false", "directory cannot go to standard output", TestName = "a directory wants a path")]
    [TestCase("type=local", "wants a directory", TestName = "local wants a path")]
    [TestCase("type=local,dest=-", "wants a directory", TestName = "local cannot go to standard output")]
    [TestCase("type=tar,tar=false,dest=x", "tar=false", TestName = "tar=false fits no tar")]
    [TestCase("type=oci,tar=maybe", "neither true nor false", TestName = "flags are true or false")]
    [TestCase("type=image,dest=x", "has no dest", TestName = "an image in the store has no path")]
    [TestCase("type=tar,\"dest=x", "closing", TestName = "a quote must be closed")]
    public void Refuses(string text, string part) =>
        Assert.That(() => OutputOption.Parse(text), Throws.TypeOf<UsageException>().With.Message.Contains(part));
}
