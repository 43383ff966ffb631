namespace ImageKit;

/// <summary>Logins could not be read, asked for or written (IK202x).</summary>
public sealed class CredentialException : ImageKitException
{
    /// <inheritdoc cref="ImageKitException(string, string, string, string, Exception?)"/>
    public CredentialException(string code, string what, string why = "", string mend = "", Exception? inner = null)
        : base(code, what, why, mend, inner)
    {
    }
}
