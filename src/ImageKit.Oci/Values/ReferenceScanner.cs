using System.Buffers;

namespace ImageKit.Oci;

/// <summary>
/// Reads Docker's reference grammar by hand. Only ASCII counts: `\w` and `$` of .NET's expressions would let other scripts' letters and a
/// last line feed through.
/// </summary>
/// <seealso href="https://github.com/distribution/reference/blob/v0.6.0/reference.go"/>
internal static class ReferenceScanner
{
    private const int MaxName = 255;
    private const int MaxTag = 128;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> TagCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    private static readonly SearchValues<char> HostMarks = SearchValues.Create(".:ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // Of other tools' names, where the name is one of an image only by chance.
    private static readonly string[] Transports = ["oci:", "oci-layout:", "oci-archive:", "docker-archive:", "docker-daemon:", "containers-storage:", "dir:"];

    /// <summary>Reads a reference; the answer is null, or a sentence that says what is wrong.</summary>
    public static string? Scan(ReadOnlySpan<char> text, out ImageReference? reference)
    {
        reference = null;
        if (text.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme) return $"names have no '{text[..(scheme + 3)]}' before them: leave it out.";
        string? fault = ScanReference(text, out reference);
        if (fault is null) return null;
        foreach (string transport in Transports)
            if (text.StartsWith(transport, StringComparison.Ordinal)) return $"{fault} Names have no '{transport}' before them; images in a layout are named oci-layout://DIRECTORY[:TAG], and archives are read by 'imagekit load'.";
        return fault;
    }

    private static string? ScanReference(ReadOnlySpan<char> text, out ImageReference? reference)
    {
        reference = null;
        if (text.IsEmpty) return "it is empty.";
        if (text.Length == 64 && !text.ContainsAnyExcept(LowerHex)) return "64 hex digits are an image's identifier, not a name.";

        Digest? digest = null;
        int at = text.IndexOf('@');
        if (at >= 0)
        {
            if (!Digest.TryParse(text[(at + 1)..], null, out Digest parsed)) return "what follows '@' is no digest, such as 'sha256:' and 64 lower-case hex digits.";
            digest = parsed;
            text = text[..at];
        }
        string? tag = null;
        int colon = text.LastIndexOf(':');
        if (colon > text.LastIndexOf('/') && colon >= 0)
        {
            tag = text[(colon + 1)..].ToString();
            if (TagFault(tag) is { } fault) return fault;
            text = text[..colon];
        }
        return ScanName(text, tag, digest, out reference);
    }

    /// <summary>Null if the text is a tag, else a sentence that says why not.</summary>
    public static string? TagFault(ReadOnlySpan<char> tag)
    {
        if (tag.IsEmpty) return "the tag is empty.";
        if (tag.Length > MaxTag) return $"the tag has {tag.Length} characters, at most {MaxTag} are allowed.";
        if (tag[0] is '.' or '-') return "a tag starts with a letter, a digit or '_'.";
        return tag.ContainsAnyExcept(TagCharacters) ? "a tag has only ASCII letters, digits, '_', '.' and '-'." : null;
    }

    private static string? ScanName(ReadOnlySpan<char> name, string? tag, Digest? digest, out ImageReference? reference)
    {
        reference = null;
        ReadOnlySpan<char> host = ImageReference.DockerHub, path = name;
        int slash = name.IndexOf('/');
        if (slash >= 0 && IsHost(name[..slash]))
        {
            host = name[..slash];
            path = name[(slash + 1)..];
        }
        if (HostFault(host) is { } hostFault) return hostFault;
        if (host is "index.docker.io" or "registry-1.docker.io") host = ImageReference.DockerHub; // names of the same server
        if (PathFault(path) is { } pathFault) return pathFault;

        string repository = host is ImageReference.DockerHub && !path.Contains('/') ? $"library/{path}" : path.ToString();
        int length = host.Length + 1 + repository.Length;
        if (length > MaxName) return $"the name has {length} characters with its host, at most {MaxName} are allowed.";
        reference = new(host.ToString(), repository, tag, digest);
        return null;
    }

    // Docker's rule: a first part with a dot, a colon or a capital, or `localhost`, is a host; anything else belongs to Docker Hub.
    private static bool IsHost(ReadOnlySpan<char> part) => part is "localhost" || part.ContainsAny(HostMarks);

    private static string? HostFault(ReadOnlySpan<char> host)
    {
        ReadOnlySpan<char> rest;
        if (host.StartsWith("["))
        {
            int end = host.IndexOf(']');
            if (end < 2 || !IsAddress(host[1..end])) return "the host in brackets is no IPv6 address.";
            rest = host[(end + 1)..];
        }
        else
        {
            int colon = host.IndexOf(':');
            ReadOnlySpan<char> domain = colon < 0 ? host : host[..colon];
            foreach (Range part in domain.Split('.'))
                if (!IsHostPart(domain[part])) return $"'{domain}' is no host: its parts have ASCII letters, digits and inner '-' only.";
            rest = colon < 0 ? [] : host[colon..];
        }
        if (rest.IsEmpty) return null;
        return rest[0] != ':' || rest.Length is 1 || rest[1..].ContainsAnyExcept(Digits) ? "the port is no number." : null;
    }

    // The grammar of distribution/reference; whether it is an address shows when it is used.
    private static bool IsAddress(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
            if (c != ':' && !Hex.Contains(c)) return false;
        return true;
    }

    private static bool IsHostPart(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part[0] == '-' || part[^1] == '-') return false;
        foreach (char c in part)
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        return true;
    }

    private static string? PathFault(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty) return "the repository is empty.";
        if (path.ContainsAnyInRange('A', 'Z')) return $"the repository '{path}' has capitals: write '{path.ToString().ToLowerInvariant()}'.";
        foreach (Range part in path.Split('/'))
            if (!IsPathPart(path[part]))
                return $"'{path[part]}' cannot stand in a repository: parts have a-z and 0-9, between them '.', '_', '__' or dashes.";
        return null;
    }

    // [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
    private static bool IsPathPart(ReadOnlySpan<char> part)
    {
        int i = 0;
        while (true)
        {
            int letters = i;
            while (i < part.Length && (char.IsAsciiLetterLower(part[i]) || char.IsAsciiDigit(part[i]))) i++;
            if (i == letters) return false;
            if (i == part.Length) return true;
            int separator = i;
            while (i < part.Length && part[i] == part[separator]) i++;
            if (!IsSeparator(part[separator], i - separator)) return false;
        }
    }

    private static bool IsSeparator(char c, int count) => c switch
    {
        '.' => count == 1,
        '_' => count <= 2,
        '-' => true,
        _ => false,
    };
}
