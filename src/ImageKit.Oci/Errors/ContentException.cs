namespace ImageKit;

/// <summary>Content is missing, broken, or not what its descriptor promised.</summary>
public sealed class ContentException : ImageKitException
{
    /// <inheritdoc cref="ImageKitException(string, string, string, string, Exception?)"/>
    public ContentException(string code, string what, string why = "", string mend = "", Exception? inner = null)
        : base(code, what, why, mend, inner)
    {
    }
}
