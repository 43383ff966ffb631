using ImageKit.Oci;

namespace ImageKit;

/// <summary>Reads names that users give.</summary>
internal static class References
{
    /// <exception cref="ImageKitException">The text is no name of an image (IK4021).</exception>
    public static ImageReference Parse(string text)
    {
        try
        {
            return ImageReference.Parse(text);
        }
        catch (FormatException e) // says what is wrong with it
        {
            throw new ImageKitException("IK4021", e.Message, "", "Write a name such as app, app:1.0 or registry.example.com/team/app:1.0.", e);
        }
    }
}
