using System.Text.Json.Serialization;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>JSON on command lines.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class CliJson : JsonSerializerContext;
