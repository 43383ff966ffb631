namespace ImageKit.Oci.Tests.Stores;

/// <summary>Gives every test stores of its own: one of images, one of layers over it.</summary>
public abstract class StoresTest
{
    internal TemporaryFolder Folder { get; private set; } = null!;

    protected LayoutStore Images { get; private set; } = null!;

    protected LayerStore Layers { get; private set; } = null!;

    [SetUp]
    public void OpenStores()
    {
        Folder = new();
        Images = LayoutStore.Open(Folder["images"]);
        Layers = LayerStore.Open(Folder["layers"], Images);
    }

    [TearDown]
    public void CloseStores()
    {
        Layers.Dispose();
        Images.Dispose();
        Folder.Dispose();
    }
}
