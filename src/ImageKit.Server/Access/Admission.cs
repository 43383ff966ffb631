using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>Whether a request may pass.</summary>
/// <param name="User">Who asks; null for nobody known.</param>
/// <param name="Refusal">The answer that it gets instead; null if it may pass. `default` lets nobody in particular pass.</param>
internal readonly record struct Admission(string? User, ServedAnswer? Refusal)
{
    public static Admission Refused(ServedAnswer refusal, string? user = null) => new(user, refusal);
}
