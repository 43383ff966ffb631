using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>One request, as often as it has to be sent.</summary>
internal sealed record RegistryRequest
{
    /// <summary>What the user wanted, as the end of a sentence: `pull the manifest 'latest' of docker.io/library/busybox`.</summary>
    public required string Purpose { get; init; }

    public required HttpMethod Method { get; init; }

    public required RegistryEndpoint Endpoint { get; init; }

    /// <summary>Path and query below the registry's root, without the first slash; ignored if <see cref="Url"/> is set.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where the registry told us to go on, checked already.</summary>
    public Uri? Url { get; init; }

    /// <summary>The repository whose login counts; empty for the registry itself.</summary>
    public string Repository { get; init; } = "";

    /// <summary>What a token has to grant.</summary>
    public ScopeSet Scopes { get; init; } = ScopeSet.Empty;

    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The body, made anew for each sending.</summary>
    public Func<HttpContent>? Body { get; init; }

    /// <summary>Whether the body can be made a second time.</summary>
    public bool CanRepeatBody { get; init; } = true;

    /// <summary>Whether a failure of this request may be mended by sending it again.</summary>
    public bool CanRetry { get; init; } = true;

    public Uri Target => Url ?? new Uri(Endpoint.Root, Path);

    public override string ToString() => $"{Method} {UrlPolicy.ForMessages(Target)}";
}
