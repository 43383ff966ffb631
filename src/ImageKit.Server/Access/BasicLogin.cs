using System.Text;

namespace ImageKit.Server;

/// <summary>A user and a password as `Authorization: Basic` carries them.</summary>
internal readonly record struct BasicLogin(string User, string Password)
{
    /// <summary>Reads the header; null if it holds none of these.</summary>
    public static BasicLogin? Parse(string? header)
    {
        const string Scheme = "Basic ";
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        byte[] bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int length)) return null;
        string text = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new(text[..colon], text[(colon + 1)..]);
    }

    // Never in a log by accident.
    public override string ToString() => User;
}
