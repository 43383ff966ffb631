using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>How an endpoint is secured.</summary>
public sealed record EndpointTls
{
    /// <summary>As the machine trusts: nothing set.</summary>
    public static EndpointTls Standard { get; } = new();

    /// <summary>Whether it may be used without TLS, after TLS was tried.</summary>
    public bool AllowsPlain { get; init; }

    /// <summary>Whether a certificate that cannot be verified is taken.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>Files of certificate authorities in PEM, trusted beside the machine's.</summary>
    public ImmutableArray<string> Authorities { get; init; } = [];

    /// <summary>Certificates that the client shows if asked.</summary>
    public ImmutableArray<ClientCertificate> Clients { get; init; } = [];

    /// <summary>Whether nothing is set.</summary>
    public bool IsStandard => !AllowsPlain && !SkipsVerification && Authorities.IsEmpty && Clients.IsEmpty;

    /// <summary>Both together: what either allows is allowed.</summary>
    public EndpointTls And(EndpointTls? other) => other is null || other.IsStandard ? this : new()
    {
        AllowsPlain = AllowsPlain || other.AllowsPlain,
        SkipsVerification = SkipsVerification || other.SkipsVerification,
        Authorities = [.. Authorities.Union(other.Authorities)],
        Clients = [.. Clients.Union(other.Clients)],
    };

    /// <summary>Equal if all files and switches are.</summary>
    public bool Equals(EndpointTls? other) => other is not null && AllowsPlain == other.AllowsPlain && SkipsVerification == other.SkipsVerification
        && Authorities.SequenceEqual(other.Authorities) && Clients.SequenceEqual(other.Clients);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AllowsPlain, SkipsVerification, Authorities.Length, Clients.Length);
}
