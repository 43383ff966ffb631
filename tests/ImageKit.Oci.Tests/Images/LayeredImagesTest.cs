using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

/// <summary>Makes images out of layers written as text.</summary>
public abstract class LayeredImagesTest : StoresTest
{
    private int _tars;

    [SetUp]
    public void Begin() => _tars = 0;

    /// <summary>An image of layers, each some entries with spaces between: `d/` a directory, `f=text` a file, `l->x` a symbolic link, `h=>f` a hard link, `f` an empty file.</summary>
    protected async Task<Image> ImageAsync(params string[] layers)
    {
        Image image = Image.Empty(Platform.LinuxAmd64);
        foreach (string layer in layers)
        {
            string path = Folder[$"{_tars}.tar"];
            _tars++;
            await using (TarWriter tar = new(File.Create(path)))
            {
                foreach (string word in layer.Split(' ')) await WriteAsync(tar, word);
                await tar.CompleteAsync();
            }
            image = await image.With(i => i.AppendTar(path)).WriteAsync(Layers);
        }
        return image;
    }

    private static async Task WriteAsync(TarWriter tar, string word)
    {
        string[] file = word.Split('='), link = word.Split("->"), hard = word.Split("=>");
        if (hard.Length == 2) await tar.WriteAsync(new() { Path = hard[0], Kind = EntryKind.Hardlink, LinkTarget = hard[1] });
        else if (link.Length == 2) await tar.WriteAsync(new() { Path = link[0], Kind = EntryKind.Symlink, LinkTarget = link[1] });
        else if (file.Length == 2) await tar.WriteAsync(new() { Path = file[0], Kind = EntryKind.File, Size = file[1].Length, Mode = 0x1A4 }, new MemoryStream(System.Text.Encoding.ASCII.GetBytes(file[1])));
        else if (word.EndsWith('/')) await tar.WriteAsync(new() { Path = word[..^1], Kind = EntryKind.Directory, Mode = 0x1ED });
        else await tar.WriteAsync(new() { Path = word, Kind = EntryKind.File });
    }
}
