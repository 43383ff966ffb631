namespace ImageKit.Oci;

/// <summary>The extended attributes by which overlayfs keeps notes on its upper directories.</summary>
internal static class OverlayXattr
{
    private const string Trusted = "trusted.overlay.";
    private const string User = "user.overlay.";

    public static bool IsPrivate(string name) => name.StartsWith(Trusted, StringComparison.Ordinal) || name.StartsWith(User, StringComparison.Ordinal);

    /// <summary>Notes that make an upper directory depend on the paths of lower ones.</summary>
    public static bool IsIncomplete(string name) => name is Trusted + "redirect" or Trusted + "metacopy" or User + "redirect" or User + "metacopy";

    public static string Opaque(WhiteoutStyle style) => (style == WhiteoutStyle.User ? User : Trusted) + "opaque";

    public static bool IsOpaque(string name, ReadOnlySpan<byte> value) => name is Trusted + "opaque" or User + "opaque" && value.SequenceEqual("y"u8);
}
