namespace ImageKit;

/// <summary>Something in the world went wrong: a file, a registry, a process, an image. Never a programmer's fault.</summary>
public class ImageKitException : Exception
{
    /// <summary>Says what failed, why, and how to mend it.</summary>
    /// <param name="code">`IK` and four digits, listed in `docs/errors.md`.</param>
    /// <param name="what">What could not be done, a whole sentence.</param>
    /// <param name="why">What is known of the reason, a whole sentence; empty when <paramref name="what"/> says it.</param>
    /// <param name="mend">What the user can do about it, a whole sentence.</param>
    /// <param name="inner">The exception below, if any.</param>
    public ImageKitException(string code, string what, string why, string mend, Exception? inner = null)
        : base(Join(code, what, why, mend), inner) => (Code, What, Why, Mend) = (code, what, why, mend);

    /// <summary>`IK` and four digits.</summary>
    public string Code { get; }

    /// <summary>What could not be done.</summary>
    public string What { get; }

    /// <summary>Why it could not; may be empty.</summary>
    public string Why { get; }

    /// <summary>How to mend it; may be empty.</summary>
    public string Mend { get; }

    private static string Join(string code, string what, string why, string mend) =>
        string.Join(' ', new[] { $"{code}:", what, why, mend }.Where(part => part.Length > 0));
}
