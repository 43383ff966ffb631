using System.Collections.Immutable;

namespace ImageKit.Cli.Commands;

/// <summary>The options of `registry serve`, read.</summary>
internal sealed record RegistryServeArguments
{
    public required string Listen { get; init; }

    public string? Root { get; init; }

    public ImmutableArray<string> MirrorOf { get; init; } = [];

    public string? MirrorLogin { get; init; }

    public TimeSpan TagTtl { get; init; }

    public long? MaxSize { get; init; }

    public string? Htpasswd { get; init; }

    public bool Token { get; init; }

    public TimeSpan TokenTtl { get; init; }

    public string? TokenKey { get; init; }

    public bool AnonymousPull { get; init; }

    public ImmutableArray<string> Readers { get; init; } = [];

    public string? Rights { get; init; }

    public string? Url { get; init; }

    public string? TlsCert { get; init; }

    public string? TlsKey { get; init; }

    public bool ReadOnly { get; init; }

    public bool NoDelete { get; init; }

    public TimeSpan GcInterval { get; init; }

    public TimeSpan GcAge { get; init; }

    public TimeSpan Grace { get; init; }

    public required string Log { get; init; }

    /// <summary>The folder where none is named.</summary>
    public static string UsualRoot() => Path.Combine(new ImageKitOptions().HomeFolder, "registry");
}
