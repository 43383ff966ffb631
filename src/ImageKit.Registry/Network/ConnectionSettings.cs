using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>What connections to a host need of their own; hosts with equal ones share a pool.</summary>
internal sealed record ConnectionSettings(ImmutableArray<string> Authorities, ImmutableArray<ClientCertificate> Clients, bool SkipsVerification, TimeSpan? ConnectTimeout)
{
    /// <summary>The registry's own host where another host is connected to that it named; null for its own.</summary>
    public string? NamedBy { get; init; }

    /// <summary>Where a request carries them to the handler.</summary>
    public static readonly HttpRequestOptionsKey<ConnectionSettings> Key = new("imagekit.connection");

    public bool Equals(ConnectionSettings? other) => other is not null && SkipsVerification == other.SkipsVerification && ConnectTimeout == other.ConnectTimeout
        && NamedBy == other.NamedBy
        && Authorities.SequenceEqual(other.Authorities) && Clients.SequenceEqual(other.Clients);

    public override int GetHashCode() => HashCode.Combine(NamedBy, Authorities.Length, Clients.Length, SkipsVerification, ConnectTimeout);
}
