namespace ImageKit.Oci.Tests.Stores;

/// <summary>What nothing names goes, and nothing else.</summary>
public class LayoutSweepTests : StoresTest
{
    [Test]
    public async Task What_an_index_reaches_stays_attestations_too_and_the_rest_goes()
    {
        Descriptor image = await Samples.PutImageAsync(Images), attestation = await Samples.PutImageAsync(Images, "attestation", layers: 1), old = await Samples.PutImageAsync(Images, "old");
        Descriptor index = await Samples.PutIndexAsync(Images, (image, Platform.LinuxAmd64), (attestation, new() { Os = "unknown", Architecture = "unknown" }));
        await Images.TagAsync("kept", index);
        LayoutSweep would = await LayoutSweep.RunAsync(Images, DateTimeOffset.MaxValue, dryRun: true), swept = await LayoutSweep.RunAsync(Images, DateTimeOffset.MaxValue);
        Assert.That(swept.Blobs.Select(blob => blob.Digest), Is.EqualTo(would.Blobs.Select(blob => blob.Digest)));
        Assert.That(swept.Blobs, Has.Length.EqualTo(4), "a manifest, a configuration, two layers");
        Assert.That(swept.Blobs.Select(blob => blob.Digest), Does.Contain(old.Digest));
        Assert.That((await ImageCheck.RunAsync(Images, index, new() { Fast = true })).IsValid, Is.True);
        Assert.That((await LayoutSweep.RunAsync(Images, DateTimeOffset.MaxValue)).Blobs, Is.Empty);
    }

    [Test]
    public async Task What_came_lately_stays_as_its_name_may_follow()
    {
        await Samples.PutImageAsync(Images);
        LayoutSweep swept = await LayoutSweep.RunAsync(Images, DateTimeOffset.UtcNow - TimeSpan.FromHours(1));
        Assert.That((swept.Blobs.Length, swept.Young), Is.EqualTo((0, 4)));
    }

    [Test]
    public async Task Where_a_manifest_is_broken_nothing_goes()
    {
        Descriptor image = await Samples.PutImageAsync(Images);
        await Samples.PutImageAsync(Images, "old");
        await Images.TagAsync("kept", image);
        File.WriteAllText(Images.GetPath(image.Digest), new string(' ', (int)image.Size));
        int before = Images.EnumerateBlobs().Count();
        Assert.That(async () => await LayoutSweep.RunAsync(Images, DateTimeOffset.MaxValue), Throws.InstanceOf<ContentException>());
        Assert.That(Images.EnumerateBlobs().Count(), Is.EqualTo(before));
    }
}
