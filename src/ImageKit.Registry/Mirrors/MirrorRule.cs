using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What one file says of the repositories below a prefix.</summary>
public sealed record MirrorRule
{
    /// <summary>
    /// `docker.io`, `quay.io/team`, `*.example.com`, or empty for every registry. What follows the prefix in a name is put behind the address
    /// of a mirror.
    /// </summary>
    public required string Prefix { get; init; }

    /// <summary>The mirrors, in the order in which they are tried.</summary>
    public ImmutableArray<ConfiguredEndpoint> Mirrors { get; init; } = [];

    /// <summary>Whether that order holds, or the fastest comes first.</summary>
    public MirrorOrder Order { get; init; }

    /// <summary>Where the registry itself is, tried last; null for the host of the name.</summary>
    public ConfiguredEndpoint? Upstream { get; init; }

    /// <summary>Whether the registry may not be asked for anything, nor be written to.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>How the registry itself is secured.</summary>
    public EndpointTls Tls { get; init; } = EndpointTls.Standard;

    /// <summary>Who says what a tag means; null for the configuration's.</summary>
    public TagPolicy? Tags { get; init; }

    /// <summary>What becomes of mirrors where there is a login; null for the configuration's.</summary>
    public LoginPolicy? Logins { get; init; }

    /// <summary>Where it was written.</summary>
    public ConfigurationPlace Place { get; init; }

    /// <summary>Whether the rule decides where to pull from, rather than how a host is secured alone.</summary>
    public bool Decides => IsBlocked || Upstream is not null || !Mirrors.IsEmpty;

    /// <summary>Whether the rule is for this repository.</summary>
    public bool Matches(ImageReference reference) => MatchLength(reference) >= 0;

    /// <summary>How many characters of the repository's full name the prefix takes; -1 if it does not match.</summary>
    internal int MatchLength(ImageReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        string name = reference.Name;
        if (Prefix.Length == 0) return reference.Registry.Length;
        int end;
        if (Prefix.StartsWith("*.", StringComparison.Ordinal))
        {
            int start = name.IndexOf(Prefix[1..], StringComparison.Ordinal);
            if (start < 0 || name.AsSpan(0, start).Contains('/')) return -1;
            end = start + Prefix.Length - 1;
        }
        else
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return -1;
            end = Prefix.Length;
        }
        // `example.com` takes `example.com:5000/...` along, as it does in containers' tools.
        return end == name.Length || name[end] is '/' or ':' ? end : -1;
    }
}
