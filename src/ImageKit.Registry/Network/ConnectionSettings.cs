using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>What connections to a host need of their own; hosts with equal ones share a pool.</summary>
internal sealed record ConnectionSettings(ImmutableArray<string> Authorities, ImmutableArray<ClientCertificate> Clients, bool SkipsVerification, TimeSpan? ConnectTimeout)
{
    /// <summary>Where a request carries them to the handler.</summary>
    public static readonly HttpRequestOptionsKey<ConnectionSettings> Key = new("imagekit.connection");

    public bool Equals(ConnectionSettings? other) => other is not null && SkipsVerification == other.SkipsVerification && ConnectTimeout == other.ConnectTimeout
        && Authorities.SequenceEqual(other.Authorities) && Clients.SequenceEqual(other.Clients);

    public override int GetHashCode() => HashCode.Combine(Authorities.Length, Clients.Length, SkipsVerification, ConnectTimeout);
}
