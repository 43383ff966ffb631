using System.Security.Cryptography;

namespace ImageKit.Server;

/// <summary>The key that tokens are signed with.</summary>
internal static class TokenKey
{
    private const int LeastBytes = 32;

    /// <summary>Reads the key, or makes one, for its owner's eyes only; without a file it is gone with the process.</summary>
    /// <exception cref="ImageKitException">The file cannot be used (IK2075).</exception>
    public static byte[] Read(string? path)
    {
        byte[] made = RandomNumberGenerator.GetBytes(LeastBytes);
        if (path is null) return made;
        try
        {
            if (!File.Exists(path))
            {
                FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using FileStream file = new(path, options);
                file.Write(made);
                file.Flush(flushToDisk: true);
                return made;
            }
            byte[] key = File.ReadAllBytes(path);
            return key.Length >= LeastBytes ? key : throw new IOException($"It has {key.Length} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageKitException("IK2075", $"The key of tokens '{path}' cannot be used.", e.Message, $"It has to be a file of {LeastBytes} random bytes at least; one that is not there is made.", e);
        }
    }
}
