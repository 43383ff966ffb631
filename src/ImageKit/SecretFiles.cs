using System.Collections.Immutable;
using ImageKit.Lowering;

namespace ImageKit;

/// <summary>Secrets as files: those that are values are written into the build's own folder, readable by its owner alone, and deleted with it.</summary>
internal static class SecretFiles
{
    /// <exception cref="BuildException">A secret's file is not there (IK4006).</exception>
    public static ImmutableDictionary<string, SecretFile> Open(ImmutableArray<Secret> secrets, string scratch)
    {
        var files = ImmutableDictionary.CreateBuilder<string, SecretFile>(StringComparer.Ordinal);
        foreach (Secret secret in secrets)
        {
            string path = secret.Path ?? Write(secret.Value!, scratch);
            if (!File.Exists(path)) throw new BuildException("IK4006", $"The file of secret '{secret.Id}' is not there: '{path}'.", "", "Check the path.");
            files[secret.Id] = new SecretFile(path, () => File.ReadAllText(path));
        }
        return files.ToImmutable();
    }

    private static string Write(string value, string scratch)
    {
        Directory.CreateDirectory(scratch);
        string path = Path.Combine(scratch, $"{Guid.NewGuid():N}");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead;
        using StreamWriter writer = new(path, options);
        writer.Write(value);
        return path;
    }
}
