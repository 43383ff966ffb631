using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Registry;

/// <summary>dockerd's `daemon.json`, as far as registries go. Its mirrors are for Docker Hub alone.</summary>
/// <remarks>A mirror is a URL with its scheme; its path is put before `/v2`.</remarks>
/// <seealso href="https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file"/>
public sealed record DaemonJson : IMirrorSource
{
    /// <inheritdoc/>
    public string Format => "daemon.json";

    /// <summary>The mirrors of Docker Hub, normalized: with a slash at the end.</summary>
    public ImmutableArray<Uri> RegistryMirrors { get; init; } = [];

    /// <summary>Hosts, with a port if given, and ranges of addresses, that may be used without TLS or with a certificate that cannot be verified.</summary>
    public ImmutableArray<string> InsecureRegistries { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<ConfigurationDiagnostic> Diagnostics { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<MirrorRule> Rules { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<HostRule> Hosts { get; init; } = [];

    /// <summary>Reads the text of a file; what is wrong is in <see cref="Diagnostics"/>.</summary>
    public static DaemonJson Parse(string text, string file = "daemon.json")
    {
        ArgumentNullException.ThrowIfNull(text);
        ConfigurationFindings findings = new(file);
        if (string.IsNullOrWhiteSpace(text)) return new();
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new() { AllowDuplicateProperties = false });
            return new DaemonJsonReader(file, text, findings).Read(document.RootElement) with { Diagnostics = findings.Found };
        }
        catch (JsonException error)
        {
            findings.Error(findings.At((int)(error.LineNumber ?? -1) + 1, (int)(error.BytePositionInLine ?? -1) + 1), $"The file is no JSON: {error.Message}", "Mend the JSON.");
            return new() { Diagnostics = findings.Found };
        }
    }
}
