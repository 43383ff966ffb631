using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>The tag under which manifests about another one are listed where a registry does not list them itself.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema"/>
internal static class ReferrerTag
{
    private const int MostAlgorithm = 32, MostEncoded = 64;

    public static string Of(Digest subject) => $"{Part(subject.Algorithm, MostAlgorithm)}-{Part(subject.Encoded, MostEncoded)}";

    /// <summary>Whether a tag has the form of such a list. It is the registry's own that the tag is in: copied over another one it would take entries away there.</summary>
    public static bool Is(string tag) => tag.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash && tag[..dash] is "sha256" or "sha512"
        && tag.Length - dash - 1 == MostEncoded && !tag.AsSpan(dash + 1).ContainsAnyExcept("0123456789abcdef");

    private static string Part(string text, int most) =>
        new([.. text.Take(most).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')]);
}
