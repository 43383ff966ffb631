namespace ImageKit.Dockerfile;

/// <summary>The value of <c>--chmod</c>: octal (<c>0755</c>) or symbolic (<c>u=rwX,go-w</c>), with umask 0.</summary>
public sealed class FileModeChange
{
    private FileModeChange()
    {
    }

    /// <summary>Whether it is octal, so that the old mode does not matter.</summary>
    public bool IsOctal { get; private init; }

    /// <summary>Reads an expanded value.</summary>
    /// <param name="text">The value.</param>
    /// <param name="error">What is wrong, in BuildKit's words; null if nothing is.</param>
    /// <returns>The change; null if the value is faulty.</returns>
    public static FileModeChange? Parse(string text, out string? error) => throw new NotImplementedException();

    /// <summary>The new permission bits of a file.</summary>
    /// <param name="mode">Its old ones, 0 to 07777 (octal).</param>
    /// <param name="isDirectory">Whether it is a directory (<c>X</c> asks).</param>
    public int Apply(int mode, bool isDirectory) => throw new NotImplementedException();
}
