namespace ImageKit.Registry;

/// <summary>The bytes of a blob to be pushed.</summary>
/// <param name="OpenAsync">Opens them from the first byte on; whoever opens closes.</param>
/// <param name="CanRepeat">Whether they can be opened more than once.</param>
internal sealed record BlobSource(Func<CancellationToken, Task<Stream>> OpenAsync, bool CanRepeat)
{
    /// <summary>A stream of the caller's, which stays open; if it can seek it can be sent again.</summary>
    public static BlobSource Of(Stream content)
    {
        if (!content.CanSeek) return new(_ => Task.FromResult(content is Oci.VerifyingStream ? content : new Unowned(content)), CanRepeat: false);
        long start = content.Position;
        return new(
            _ =>
            {
                content.Position = start;
                return Task.FromResult<Stream>(new Unowned(content));
            },
            CanRepeat: true);
    }
}
