namespace ImageKit.Oci.Tests.Stores;

public class VerifyingStreamTests
{
    private static readonly byte[] Content = Samples.Bytes(1000);

    [Test]
    public async Task Good_bytes_pass_in_reads_of_any_length([Values(1, 999, 1000, 4096)] int length, [Values] bool synchronous)
    {
        await using var stream = new VerifyingStream(new MemoryStream(Content), Samples.Blob(Content));
        var got = new MemoryStream();
        var buffer = new byte[length];
        int read;
        while ((read = synchronous ? stream.Read(buffer) : await stream.ReadAsync(buffer)) > 0) got.Write(buffer, 0, read);
        Assert.That(got.ToArray(), Is.EqualTo(Content));
    }

    [Test]
    public void The_last_bytes_are_held_back_even_from_who_reads_exactly_the_size([Values] bool synchronous)
    {
        byte[] bad = [.. Content[..999], (byte)(Content[999] ^ 1)];
        using var stream = new VerifyingStream(new MemoryStream(bad), Samples.Blob(Content));
        var buffer = new byte[1000];
        Assert.That(async () => { if (synchronous) stream.ReadExactly(buffer); else await stream.ReadExactlyAsync(buffer); },
            Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
    }

    [TestCase(999, TestName = "a blob that ends early")]
    [TestCase(1001, TestName = "a blob that goes on")]
    public void A_wrong_size_is_found(int size)
    {
        using var stream = new VerifyingStream(new MemoryStream(Samples.Bytes(size)), Samples.Blob(Content));
        Assert.That(() => stream.CopyTo(Stream.Null), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1102"));
    }

    [Test]
    public void An_empty_blob_is_proven_by_the_first_read()
    {
        using var good = new VerifyingStream(new MemoryStream(), Samples.Blob([]));
        Assert.That(good.ReadByte(), Is.EqualTo(-1));
        using var more = new VerifyingStream(new MemoryStream([1]), Samples.Blob([]));
        Assert.That(() => more.ReadByte(), Throws.TypeOf<ContentException>());
        using var other = new VerifyingStream(new MemoryStream(), Samples.Blob([1]) with { Size = 0 });
        Assert.That(() => other.ReadByte(), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
    }
}
