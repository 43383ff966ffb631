using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>The one JSON contract of images: nothing else reads or writes their documents.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false, Converters = [typeof(OrdinalMapConverter), typeof(NameSetConverter)])]
[JsonSerializable(typeof(Descriptor))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(IndexManifest))]
[JsonSerializable(typeof(ImageConfig))]
[JsonSerializable(typeof(LayerBlobs))]
[JsonSerializable(typeof(ImmutableArray<DockerArchiveImage>))]
internal sealed partial class OciJson : JsonSerializerContext
{
    /// <summary>The contract with the encoder that writes `+` as `+`: `tar\u002Bgzip` would change digests.</summary>
    public static OciJson Wire => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The same contract, two spaces deep, as BuildKit writes manifests and indexes.</summary>
    public static OciJson Indented => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
    });
}
