using ImageKit.Oci;

namespace ImageKit.Snapshots;

/// <summary>Remembers content keys of stacks of layers: one small file a stack. It is a memo: a lost or broken file costs time alone.</summary>
internal sealed class ContentKeyMemo(string directory)
{
    public Hash256? Find(string chain)
    {
        byte[] bytes = new byte[Hash256.Length];
        try
        {
            using FileStream file = File.OpenRead(PathOf(chain));
            if (file.Length != bytes.Length) return null;
            file.ReadExactly(bytes);
        }
        catch (IOException)
        {
            return null; // not remembered, or being replaced
        }
        return new Hash256(bytes);
    }

    public void Remember(string chain, Hash256 key)
    {
        string path = PathOf(chain);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] bytes = new byte[Hash256.Length];
        key.CopyTo(bytes);
        string temporary = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
    }

    private string PathOf(string chain) => Path.Combine(directory, chain[..2], chain);
}
