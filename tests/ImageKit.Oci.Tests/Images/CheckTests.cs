using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

/// <summary>Is an image whole, and what it says it is?</summary>
public class CheckTests : LayeredImagesTest
{
    [Test]
    public async Task A_whole_image_is_valid_read_or_only_asked_for()
    {
        Image image = await ImageAsync("a=1", "b=2");
        ImageCheckReport read = await ImageCheck.RunAsync(Images, image.Descriptor), asked = await ImageCheck.RunAsync(Images, image.Descriptor, new() { Fast = true });
        Assert.That((read.IsValid, read.Documents, read.Blobs), Is.EqualTo((true, 2, 2)));
        Assert.That((asked.IsValid, asked.Documents, asked.Blobs, asked.Bytes), Is.EqualTo((true, 2, 2, 0L)));
        Assert.That(read.Bytes, Is.EqualTo((await image.GetManifestAsync()).Layers.Sum(layer => layer.Size)));
    }

    [Test]
    public async Task Every_fault_is_told_with_its_place_and_the_check_goes_on()
    {
        Image image = await ImageAsync("a=1", "b=2", "c=3");
        var layers = await image.GetLayersAsync();
        await Images.DeleteAsync(layers[0].Blob.Digest);
        await DamageAsync(layers[1].Blob, bytes => bytes[^9]++);
        byte[] whole = File.ReadAllBytes(Images.GetPath(layers[2].Blob.Digest));
        File.WriteAllBytes(Images.GetPath(layers[2].Blob.Digest), whole[..^1]);
        ImageCheckReport report = await ImageCheck.RunAsync(Images, image.Descriptor);
        Assert.That(report.Faults.Select(fault => $"{fault.Place.Split('→')[^1].Trim()} {fault.Error.Code}"), Is.EqualTo(new[] { "layer 0 IK1101", "layer 1 IK1103", "layer 2 IK1102" }));
        Assert.That(report.Faults[0].Place, Does.StartWith(image.Descriptor.Digest.ToString()));
        Assert.That((await ImageCheck.RunAsync(Images, image.Descriptor, new() { Fast = true })).Faults.Select(fault => fault.Error.Code), Does.Contain("IK1101"));
    }

    [Test]
    public async Task A_layer_of_another_content_than_the_configuration_promises_is_found()
    {
        Image image = await ImageAsync("a=1"), other = await ImageAsync("a=2");
        ImageManifest manifest = await image.GetManifestAsync();
        Document<ImageManifest> wrong = Documents.WriteManifest(manifest with { Config = (await other.GetManifestAsync()).Config });
        await wrong.PutAsync(Images);
        Assert.That((await ImageCheck.RunAsync(Images, wrong.Descriptor)).Faults.Single().Error.Code, Is.EqualTo("IK1106"));
    }

    [Test]
    public async Task What_manifest_configuration_and_index_do_not_agree_on_is_found()
    {
        Image image = await ImageAsync("a=1", "b=2");
        ImageManifest manifest = await image.GetManifestAsync();
        Document<ImageManifest> shorter = Documents.WriteManifest(manifest with { Layers = manifest.Layers[..1] });
        await shorter.PutAsync(Images);
        string[] faults = [.. (await ImageCheck.RunAsync(Images, shorter.Descriptor)).Faults.Select(fault => fault.Error.Message)];
        Assert.That(faults, Has.Length.EqualTo(2));
        Assert.That(faults[0], Does.Contain("IK1107").And.Contain("1 layers, and its configuration 2"));
        Assert.That(faults[1], Does.Contain("its history speaks of 2"));
        Descriptor index = await Samples.PutIndexAsync(Images, (image.Descriptor, Platform.LinuxArm64));
        ImageFault platform = (await ImageCheck.RunAsync(Images, index)).Faults.Single();
        Assert.That(platform.Error.Message, Does.Contain("linux/arm64, and its configuration says linux/amd64"));
        Assert.That(platform.Place, Does.EndWith("→ linux/arm64"));
    }

    [Test]
    public async Task Of_an_index_only_the_platforms_asked_for_are_looked_at()
    {
        Image image = await ImageAsync("a=1");
        Descriptor absent = Samples.Blob(Samples.Bytes(100), MediaTypes.Manifest);
        Descriptor index = await Samples.PutIndexAsync(Images, (image.Descriptor, Platform.LinuxAmd64), (absent, Platform.LinuxArm64));
        Assert.That((await ImageCheck.RunAsync(Images, index)).Faults.Single().Error.Code, Is.EqualTo("IK1101"));
        Assert.That((await ImageCheck.RunAsync(Images, index, new() { Platforms = [Platform.LinuxAmd64] })).IsValid, Is.True);
    }

    [Test]
    public async Task What_is_no_tar_is_no_layer_and_what_is_broken_is_no_document()
    {
        Descriptor image = await Samples.PutImageAsync(Images);
        Assert.That((await ImageCheck.RunAsync(Images, image)).Faults.Select(fault => fault.Error.Code), Has.All.StartsWith("IK12"));
        byte[] text = "{ \"schemaVersion\": 2"u8.ToArray();
        Descriptor broken = Samples.Blob(text, MediaTypes.Manifest);
        await Images.PutAsync(broken, new MemoryStream(text));
        Assert.That((await ImageCheck.RunAsync(Images, broken)).Faults.Single().Error.Code, Is.EqualTo("IK1005"));
    }

    private async Task DamageAsync(Descriptor blob, Action<byte[]> change)
    {
        byte[] bytes = await File.ReadAllBytesAsync(Images.GetPath(blob.Digest));
        change(bytes);
        await File.WriteAllBytesAsync(Images.GetPath(blob.Digest), bytes);
    }
}
