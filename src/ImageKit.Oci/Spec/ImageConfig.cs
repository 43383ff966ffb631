using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>What an image is and how it runs. Properties stand in the order of their JSON names, as they are written.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md"/>
public sealed record ImageConfig
{
    /// <summary>The processor, in Go's names: `amd64`, `arm64`.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Who made the image (MAINTAINER).</summary>
    public string? Author { get; init; }

    /// <summary>How to run the image.</summary>
    public ContainerConfig? Config { get; init; }

    /// <summary>When the image was made, as RFC 3339 text, kept as received.</summary>
    public string? Created { get; init; }

    /// <summary>What made each layer, in order; entries without a layer say so.</summary>
    public ImmutableArray<HistoryEntry>? History { get; init; }

    /// <summary>The operating system: `linux`, `windows`.</summary>
    public string Os { get; init; } = "";

    /// <summary>Features of the operating system that the image needs.</summary>
    [JsonPropertyName("os.features")] public ImmutableArray<string>? OsFeatures { get; init; }

    /// <summary>The version of the operating system (Windows).</summary>
    [JsonPropertyName("os.version")] public string? OsVersion { get; init; }

    /// <summary>The layers by diffID.</summary>
    public required RootFilesystem Rootfs { get; init; }

    /// <summary>The variant of the processor: `v7`, `v8`.</summary>
    public string? Variant { get; init; }

    /// <summary>Fields of other makers and newer specifications, kept.</summary>
    [JsonInclude, JsonExtensionData] public IDictionary<string, JsonElement>? Unknown { get; internal set; }
}

/// <summary>How a container of the image runs; Docker's extensions included.</summary>
public sealed record ContainerConfig
{
    /// <summary>Docker's mark that a Windows command line is escaped already; BuildKit sets it with CMD.</summary>
    [JsonPropertyName("ArgsEscaped")] public bool? ArgsEscaped { get; init; }

    /// <summary>The default arguments.</summary>
    [JsonPropertyName("Cmd")] public ImmutableArray<string>? Cmd { get; init; }

    /// <summary>The program, before the arguments.</summary>
    [JsonPropertyName("Entrypoint")] public ImmutableArray<string>? Entrypoint { get; init; }

    /// <summary>The environment, `NAME=value` each.</summary>
    [JsonPropertyName("Env")] public ImmutableArray<string>? Env { get; init; }

    /// <summary>Ports as `80/tcp`.</summary>
    [JsonPropertyName("ExposedPorts")] public ImmutableSortedSet<string>? ExposedPorts { get; init; }

    /// <summary>How to tell whether the container is well.</summary>
    [JsonPropertyName("Healthcheck")] public HealthcheckConfig? Healthcheck { get; init; }

    /// <summary>The labels.</summary>
    [JsonPropertyName("Labels")] public ImmutableSortedDictionary<string, string>? Labels { get; init; }

    /// <summary>Instructions to run when the image is built upon.</summary>
    [JsonPropertyName("OnBuild")] public ImmutableArray<string>? OnBuild { get; init; }

    /// <summary>The shell of shell-form instructions.</summary>
    [JsonPropertyName("Shell")] public ImmutableArray<string>? Shell { get; init; }

    /// <summary>The signal that ends the container.</summary>
    [JsonPropertyName("StopSignal")] public string? StopSignal { get; init; }

    /// <summary>The user, as `user[:group]`, names or numbers.</summary>
    [JsonPropertyName("User")] public string? User { get; init; }

    /// <summary>Paths that hold data of the container.</summary>
    [JsonPropertyName("Volumes")] public ImmutableSortedSet<string>? Volumes { get; init; }

    /// <summary>The working directory, absolute.</summary>
    [JsonPropertyName("WorkingDir")] public string? WorkingDir { get; init; }

    /// <summary>Fields of other makers, kept.</summary>
    [JsonInclude, JsonExtensionData] public IDictionary<string, JsonElement>? Unknown { get; internal set; }
}

/// <summary>Docker's health check. Times are nanoseconds; 0 or absent means the inherited or default value.</summary>
public sealed record HealthcheckConfig
{
    /// <summary>`["NONE"]`, `["CMD", …]` or `["CMD-SHELL", text]`.</summary>
    [JsonPropertyName("Test")] public ImmutableArray<string>? Test { get; init; }

    /// <summary>Time between checks, in nanoseconds.</summary>
    [JsonPropertyName("Interval")] public long? Interval { get; init; }

    /// <summary>Longest time of one check, in nanoseconds.</summary>
    [JsonPropertyName("Timeout")] public long? Timeout { get; init; }

    /// <summary>Time in which failures do not count, in nanoseconds.</summary>
    [JsonPropertyName("StartPeriod")] public long? StartPeriod { get; init; }

    /// <summary>Time between checks in the start period, in nanoseconds.</summary>
    [JsonPropertyName("StartInterval")] public long? StartInterval { get; init; }

    /// <summary>Failures in a row until the container counts as ill.</summary>
    [JsonPropertyName("Retries")] public int? Retries { get; init; }
}

/// <summary>The layers of an image by the digests of their uncompressed tars, lowest first.</summary>
public sealed record RootFilesystem
{
    /// <summary>Always `layers`.</summary>
    public string Type { get; init; } = "layers";

    /// <summary>One diffID a layer, lowest first. Absent in what Docker writes of an image without layers.</summary>
    [JsonPropertyName("diff_ids")] public ImmutableArray<Digest> DiffIds { get => field.IsDefault ? [] : field; init; } = [];
}

/// <summary>One line of an image's history. Properties stand in the order of their JSON names.</summary>
public sealed record HistoryEntry
{
    /// <summary>Who made it.</summary>
    public string? Author { get; init; }

    /// <summary>A note of the builder.</summary>
    public string? Comment { get; init; }

    /// <summary>When, as RFC 3339 text, kept as received.</summary>
    public string? Created { get; init; }

    /// <summary>What made it: the instruction.</summary>
    [JsonPropertyName("created_by")] public string? CreatedBy { get; init; }

    /// <summary>True where no layer belongs to this entry; written only when true.</summary>
    [JsonPropertyName("empty_layer")] public bool? EmptyLayer { get; init; }
}
