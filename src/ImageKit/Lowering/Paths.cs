using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>Paths of instructions.</summary>
internal static class Paths
{
    /// <summary>A path made absolute and clean: `..` never leads above the root, no slash at the end.</summary>
    public static string Absolute(string workingDirectory, string path) =>
        "/" + TreePaths.Clean(path.StartsWith('/') ? path : $"{workingDirectory}/{path}");

    /// <summary>A destination of COPY: absolute, with a slash at the end if it says that it is a directory.</summary>
    public static string Destination(string workingDirectory, string path)
    {
        string absolute = Absolute(workingDirectory, path);
        // WORKDIR is a directory, so "" and "." mean one.
        bool isDirectory = path is "" or "." || path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal) || path == "..";
        return isDirectory && absolute != "/" ? absolute + "/" : absolute;
    }
}
