using System.Text.Json.Serialization;

namespace ImageKit.Sandbox;

/// <summary>The JSON of the socket's messages and of runtime bundles.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeeperMessage))]
[JsonSerializable(typeof(RuntimeSpec))]
internal sealed partial class SandboxJson : JsonSerializerContext;
