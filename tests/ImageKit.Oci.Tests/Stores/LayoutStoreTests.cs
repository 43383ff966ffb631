using System.Diagnostics;
using System.Text;

namespace ImageKit.Oci.Tests.Stores;

public class LayoutStoreTests : ContentStoreContract
{
    private TemporaryFolder _folder = null!;
    private LayoutStore _store = null!;

    protected override IContentStore Store => _store;

    private string Ingest => _folder["store/.imagekit/ingest"];

    [SetUp]
    public void Begin()
    {
        _folder = new();
        _store = LayoutStore.Open(_folder["store"]);
    }

    [TearDown]
    public void End()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void A_new_layout_says_its_version() => Assert.That(File.ReadAllText(_folder["store/oci-layout"]), Is.EqualTo("""{"imageLayoutVersion":"1.0.0"}"""));

    [Test]
    public async Task Nothing_temporary_stays_after_success_or_failure()
    {
        byte[] content = Samples.Bytes(1000);
        await _store.PutAsync(Samples.Blob(content), new MemoryStream(content));
        Assert.That(() => _store.PutAsync(Samples.Blob([1]), new MemoryStream([2])), Throws.TypeOf<ContentException>());
        await using (BlobWriter dropped = _store.BeginBlob()) dropped.Write([1, 2, 3]);
        Assert.That(Directory.GetFiles(Ingest), Is.Empty);
    }

    [Test]
    public async Task A_writer_tells_digest_and_size_and_its_blob_is_not_seen_before()
    {
        byte[] content = Samples.Bytes(300_000);
        await using BlobWriter writer = _store.BeginBlob();
        writer.Write(content.AsSpan(0, 100));
        await writer.WriteAsync(content.AsMemory(100));
        Assert.That(File.Exists(_store.GetPath(Digest.Of(content))), Is.False);
        WrittenBlob written = await writer.CommitAsync();
        Assert.That(written, Is.EqualTo(new WrittenBlob(Digest.Of(content), content.Length)));
        Assert.That(File.ReadAllBytes(_store.GetPath(written.Digest)), Is.EqualTo(content));
    }

    [Test]
    public async Task A_blob_cut_short_by_a_crash_is_not_taken_for_whole_and_is_replaced()
    {
        byte[] content = Samples.Bytes(1000);
        File.WriteAllBytes(_store.GetPath(Digest.Of(content)), content[..500]);
        Assert.That(await _store.ContainsAsync(Samples.Blob(content)), Is.False);
        await _store.PutAsync(Samples.Blob(content), new MemoryStream(content));
        Assert.That(File.ReadAllBytes(_store.GetPath(Digest.Of(content))), Is.EqualTo(content));
    }

    [Test]
    public async Task Bytes_that_rotted_on_disk_are_not_handed_out()
    {
        byte[] content = Samples.Bytes(1000);
        Descriptor blob = Samples.Blob(content);
        await _store.PutAsync(blob, new MemoryStream(content));
        content[500] ^= 1;
        File.WriteAllBytes(_store.GetPath(blob.Digest), content);
        Assert.That(async () => await Samples.ReadAllAsync(await _store.OpenAsync(blob)), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
    }

    [Test]
    public async Task Tags_are_seen_by_other_stores_on_the_directory()
    {
        Descriptor root = await Samples.PutImageAsync(_store);
        await _store.TagAsync("docker.io/library/app:1", root);
        using LayoutStore other = LayoutStore.OpenExisting(_folder["store"]);
        Assert.That((await other.ResolveAsync("docker.io/library/app:1"))?.Digest, Is.EqualTo(root.Digest));
        Assert.That(await other.ListAsync(), Is.EqualTo(new[] { new StoredTag("docker.io/library/app:1", root) }));
    }

    [Test]
    public async Task A_full_name_is_written_for_containerd_too_and_a_bare_tag_is_not()
    {
        Descriptor root = await Samples.PutImageAsync(_store);
        await _store.TagAsync("docker.io/library/app:1", root);
        await _store.TagAsync("v2", root);
        string index = File.ReadAllText(_folder["store/index.json"]);
        Assert.That(index, Does.Contain("\"io.containerd.image.name\":\"docker.io/library/app:1\"").And.Contain("\"org.opencontainers.image.ref.name\":\"docker.io/library/app:1\""));
        Assert.That(index, Does.Contain("{\"org.opencontainers.image.ref.name\":\"v2\"}"));
    }

    [Test]
    public async Task An_untagged_image_stays_until_it_is_deleted()
    {
        Descriptor root = await Samples.PutImageAsync(_store);
        await _store.TagAsync("a", root);
        Assert.That(await _store.UntagAsync("a"), Is.True);
        Assert.That(await _store.UntagAsync("a"), Is.False);
        Assert.That(await _store.ResolveAsync("a"), Is.Null);
        Assert.That(await _store.ContainsAsync(root), Is.True);
        Assert.That(await _store.DeleteAsync(root.Digest), Is.EqualTo(root.Size));
        Assert.That(await _store.ContainsAsync(root), Is.False);
        Assert.That(await _store.DeleteAsync(root.Digest), Is.Zero);
    }

    [Test]
    public async Task A_blob_found_lately_is_not_deleted()
    {
        byte[] content = Samples.Bytes(1000);
        Descriptor blob = Samples.Blob(content);
        await _store.PutAsync(blob, new MemoryStream(content));
        File.SetLastWriteTimeUtc(_store.GetPath(blob.Digest), DateTime.UtcNow.AddDays(-2));
        DateTimeOffset yesterday = DateTimeOffset.UtcNow.AddDays(-1);
        Assert.That(await _store.ContainsAsync(blob), Is.True);
        Assert.That(await _store.DeleteAsync(blob.Digest, unlessUsedSince: yesterday), Is.Zero);
        File.SetLastWriteTimeUtc(_store.GetPath(blob.Digest), DateTime.UtcNow.AddDays(-2));
        Assert.That(await _store.DeleteAsync(blob.Digest, unlessUsedSince: yesterday), Is.EqualTo(1000));
    }

    [Test]
    public async Task Blobs_are_enumerated_and_strange_files_are_not()
    {
        byte[] content = Samples.Bytes(10);
        await _store.PutAsync(Samples.Blob(content), new MemoryStream(content));
        File.WriteAllText(_folder["store/blobs/sha256/README"], "x");
        Assert.That(_store.EnumerateBlobs().Select(blob => (blob.Digest, blob.Size)), Is.EqualTo(new[] { (Digest.Of(content), 10L) }));
    }

    [Test]
    public void A_directory_that_is_no_layout_is_an_error() => Assert.That(() => LayoutStore.OpenExisting(_folder.Path),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1001"));

    [TestCase("{\"imageLayoutVersion\":\"2.0.0\"}")]
    [TestCase("not JSON")]
    [TestCase("[]")]
    public void An_unknown_version_is_an_error(string text)
    {
        File.WriteAllText(_folder["store/oci-layout"], text);
        Assert.That(() => LayoutStore.OpenExisting(_folder["store"]), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1001"));
        Assert.That(() => LayoutStore.Open(_folder["store"]), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1001"));
    }

    [TestCase("{")]
    [TestCase("null")]
    [TestCase("{\"schemaVersion\":2,\"manifests\":[],\"manifests\":[]}")]
    public void A_broken_list_of_images_is_an_error_and_is_not_overwritten(string text)
    {
        File.WriteAllText(_folder["store/index.json"], text);
        Assert.That(() => _store.ListAsync(), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1005"));
        Assert.That(async () => await _store.TagAsync("a", await Samples.PutImageAsync(_store)), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1005"));
        Assert.That(File.ReadAllText(_folder["store/index.json"]), Is.EqualTo(text));
    }

    [Test]
    public async Task What_other_tools_write_is_read_and_kept()
    {
        Descriptor root = await Samples.PutImageAsync(_store);
        // No media type, no platform, empty annotations, a stale entry, a field of a newer specification: umoci's and buildah's habits.
        File.WriteAllText(_folder["store/index.json"], $$$"""
            {"schemaVersion":2,"manifests":[
              {"mediaType":"{{{root.MediaType}}}","digest":"{{{root.Digest}}}","size":{{{root.Size}}},"annotations":{"org.opencontainers.image.ref.name":"latest","org.opencontainers.image.base.name":""},"future":{"a":1}},
              {"mediaType":"{{{root.MediaType}}}","digest":"{{{Digest.Of("gone"u8)}}}","size":4,"annotations":{"org.opencontainers.image.ref.name":""}}
            ]}
            """);
        Assert.That((await _store.ListAsync()).Select(tag => tag.Name), Is.EqualTo(new[] { "latest", null }));
        Assert.That((await _store.ResolveAsync("latest"))?.Digest, Is.EqualTo(root.Digest));
        await _store.TagAsync("v1", root);
        Assert.That(File.ReadAllText(_folder["store/index.json"]), Does.Contain("\"future\":{\"a\":1}").And.Contain(Digest.Of("gone"u8).ToString()));
        Assert.That((await _store.ListAsync()).Select(tag => tag.Name), Is.EqualTo(new[] { "latest", null, "v1" }));
    }

    [Test]
    public async Task The_last_of_two_entries_of_a_name_counts()
    {
        Descriptor one = await Samples.PutImageAsync(_store, "one"), two = await Samples.PutImageAsync(_store, "two");
        File.WriteAllText(_folder["store/index.json"], $$$"""
            {"schemaVersion":2,"manifests":[
              {"mediaType":"{{{one.MediaType}}}","digest":"{{{one.Digest}}}","size":{{{one.Size}}},"annotations":{"org.opencontainers.image.ref.name":"latest"}},
              {"mediaType":"{{{two.MediaType}}}","digest":"{{{two.Digest}}}","size":{{{two.Size}}},"annotations":{"org.opencontainers.image.ref.name":"latest"}}
            ]}
            """);
        Assert.That((await _store.ResolveAsync("latest"))?.Digest, Is.EqualTo(two.Digest));
    }

    [Test]
    public async Task Many_stores_and_threads_lose_no_tag()
    {
        Descriptor root = await Samples.PutImageAsync(_store);
        LayoutStore[] stores = [.. Enumerable.Range(0, 4).Select(_ => LayoutStore.Open(_folder["store"]))];
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => stores[i % 4].TagAsync($"t{i:00}", root))));
        Assert.That((await _store.ListAsync()).Select(tag => tag.Name).Order(), Is.EqualTo(Enumerable.Range(0, 60).Select(i => $"t{i:00}")));
        foreach (LayoutStore store in stores) store.Dispose();
    }

    [Test]
    public async Task A_lock_that_a_killed_process_held_is_free()
    {
        RequireUnix();
        await _store.TagAsync("a", await Samples.PutImageAsync(_store));
        using Process holder = Process.Start(new ProcessStartInfo("flock", [_folder["store/.imagekit/index.lock"], "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.That(await holder.StandardOutput.ReadLineAsync(), Is.EqualTo("held"));
        Task tagging = _store.TagAsync("b", (await _store.ResolveAsync("a"))!);
        Assert.That(await Task.WhenAny(tagging, Task.Delay(300)), Is.Not.SameAs(tagging), "the other process holds the lock");
        holder.Kill(entireProcessTree: true);
        await tagging.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(await _store.ResolveAsync("b"), Is.Not.Null);
    }

    [Test]
    public void What_crashed_writers_left_is_swept_and_what_live_ones_write_is_not()
    {
        using BlobWriter live = _store.BeginBlob();
        string mine = Directory.GetFiles(Ingest).Single();
        string old = Path.Combine(Ingest, "old"), young = Path.Combine(Ingest, "young");
        File.WriteAllText(old, "x");
        File.WriteAllText(young, "x");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-1));
        File.SetLastWriteTimeUtc(mine, DateTime.UtcNow.AddHours(-1));
        LayoutStore.Open(_folder["store"]).Dispose();
        Assert.That(Directory.GetFiles(Ingest), Is.EquivalentTo(new[] { mine, young }));
    }

    [Test]
    public async Task Files_can_be_read_by_others_as_the_umask_says()
    {
        RequireUnix();
        byte[] content = Samples.Bytes(10);
        await _store.PutAsync(Samples.Blob(content), new MemoryStream(content));
        await _store.TagAsync("a", await Samples.PutImageAsync(_store));
        File.WriteAllText(_folder["plain"], "");
#pragma warning disable CA1416 // Linux or macOS: see RequireUnix
        UnixFileMode expected = File.GetUnixFileMode(_folder["plain"]);
        Assert.That(File.GetUnixFileMode(_store.GetPath(Digest.Of(content))), Is.EqualTo(expected));
        Assert.That(File.GetUnixFileMode(_folder["store/index.json"]), Is.EqualTo(expected));
#pragma warning restore CA1416
    }

    [Test]
    public async Task A_full_disk_is_a_clear_error_and_leaves_the_store_intact()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) Assert.Ignore("Needs root on Linux to mount a small file system.");
        string mount = Directory.CreateDirectory(_folder["small"]).FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "none", mount);
        try
        {
            using LayoutStore small = LayoutStore.Open(mount);
            Descriptor root = await Samples.PutImageAsync(small);
            await small.TagAsync("kept", root);
            byte[] large = Samples.Bytes(3_000_000);
            ContentException fault = (await Assert.ThrowsAsync<ContentException>(() => small.PutAsync(Samples.Blob(large), new MemoryStream(large))))!;
            Assert.That(fault.Code, Is.EqualTo("IK1002"));
            Assert.That(() => { using BlobWriter writer = small.BeginBlob(); for (int i = 0; i < 3000; i++) writer.Write(large.AsSpan(i * 1000, 1000)); },
                Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1002"));
            Assert.That(fault.Message, Does.Contain(mount).And.Contain("disk is full").And.Contain("prune"));
            Assert.That(Directory.GetFiles(Path.Combine(mount, ".imagekit/ingest")), Is.Empty);
            Assert.That((await small.ResolveAsync("kept"))?.Digest, Is.EqualTo(root.Digest));
            Assert.That(await small.ContainsAsync(Samples.Blob(large)), Is.False);
            await small.TagAsync("and-goes-on", root);
        }
        finally
        {
            await RunAsync("umount", mount);
        }
    }

    [Test]
    public async Task A_read_only_layout_can_be_read()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) Assert.Ignore("Needs root on Linux to mount a directory read-only.");
        Descriptor root = await Samples.PutImageAsync(_store);
        await _store.TagAsync("a", root);
        string mount = Directory.CreateDirectory(_folder["readonly"]).FullName;
        await RunAsync("mount", "--bind", "-o", "ro", _folder["store"], mount);
        try
        {
            using LayoutStore store = LayoutStore.OpenExisting(mount);
            Assert.That(await store.ContainsAsync((await store.ResolveAsync("a"))!), Is.True);
            Assert.That((await Documents.ReadManifestAsync(store, root)).Value.Layers, Has.Length.EqualTo(2));
            Assert.That(() => store.TagAsync("b", root), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1003"));
            Assert.That(() => store.PutAsync(Samples.Blob([1]), new MemoryStream([1])), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1003"));
        }
        finally
        {
            await RunAsync("umount", mount);
        }
    }

    [Test]
    public async Task An_empty_blob_writer_gives_the_digest_of_nothing()
    {
        await using BlobWriter writer = _store.BeginBlob();
        Assert.That(await writer.CommitAsync(), Is.EqualTo(new WrittenBlob(Digest.Of([]), 0)));
        Assert.That(() => writer.Write(Encoding.UTF8.GetBytes("late")), Throws.TypeOf<ObjectDisposedException>());
    }

    private static void RequireUnix()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Linux and macOS only.");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}");
    }
}
