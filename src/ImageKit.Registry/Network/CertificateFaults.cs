namespace ImageKit.Registry;

/// <summary>Words for certificates that cannot be used.</summary>
internal static class CertificateFaults
{
    public static ImageKitException Of(string file, Exception error) =>
        new("IK2042", $"The certificate in '{file}' cannot be used.", error.Message,
            "See that the file is there, readable and in PEM, or take it out of the configuration; 'imagekit mirror explain' shows which file names it.", error);
}
