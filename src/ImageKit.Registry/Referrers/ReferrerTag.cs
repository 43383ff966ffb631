using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>The tag under which manifests about another one are listed where a registry does not list them itself.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema"/>
internal static class ReferrerTag
{
    private const int MostAlgorithm = 32, MostEncoded = 64;

    public static string Of(Digest subject) => $"{Part(subject.Algorithm, MostAlgorithm)}-{Part(subject.Encoded, MostEncoded)}";

    private static string Part(string text, int most) =>
        new([.. text.Take(most).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')]);
}
