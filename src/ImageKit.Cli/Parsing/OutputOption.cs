using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Parsing;

/// <summary>One `-o`: a bare path means a local directory, `-` a tar on standard output, else `type=…,dest=…` as Docker has it.</summary>
internal sealed record OutputOption(string Type, string? Destination, bool Tar, string? Name, bool Push)
{
    public const string StandardOutput = "-";

    private static readonly string[] Types = ["oci", "docker", "local", "tar", "image", "registry"];
    private static readonly string[] Keys = ["type", "dest", "tar", "name", "push"];

    public static OutputOption Parse(string text)
    {
        if (text == StandardOutput) return new("tar", StandardOutput, true, null, false);
        if (!text.Contains('=')) return new("local", text, true, null, false);
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach ((string key, string value) in CsvFields.Pairs(text))
        {
            if (!Keys.Contains(key)) throw new UsageException($"-o {text} has the key '{key}', which is not supported.", $"Known keys: {string.Join(", ", Keys)}.");
            fields[key] = value;
        }
        string type = fields.GetValueOrDefault("type") ?? throw new UsageException($"-o {text} names no type.", $"Add type= and one of {string.Join(", ", Types)}.");
        if (!Types.Contains(type)) throw new UsageException($"-o {text} has the unknown type '{type}'.", $"Known types: {string.Join(", ", Types)}.");
        return new OutputOption(type, fields.GetValueOrDefault("dest"), Flag(fields, "tar", true), fields.GetValueOrDefault("name"),
            Flag(fields, "push", false)).Checked(text);
    }

    /// <summary>The engine's output; null where the result in the store, or a push of its names, is all that is asked.</summary>
    public Output? ToOutput() => Type switch
    {
        "local" => Output.Local(Destination!),
        "tar" => Destination is null or StandardOutput ? Output.Tar(StandardStream.OpenOutput()) : Output.Tar(Destination),
        "oci" when !Tar => Output.OciLayout(Destination!),
        "docker" when !Tar => Output.OciLayout(Destination!),
        "oci" => Destination is null or StandardOutput ? Output.OciArchive(StandardStream.OpenOutput()) : Output.OciArchive(Destination),
        "docker" => Destination is null or StandardOutput ? Output.DockerArchive(StandardStream.OpenOutput()) : Output.DockerArchive(Destination),
        _ => null,
    };

    private OutputOption Checked(string text)
    {
        if (Type is "image" or "registry" && Destination is not null) throw new UsageException($"-o {text}: the type {Type} has no dest.", "Name the image by -t or name=.");
        if (Type == "local" && (Destination is null or "" or StandardOutput)) throw new UsageException($"-o {text} wants a directory.", "Add dest=DIRECTORY.");
        if (!Tar && Type is not ("oci" or "docker")) throw new UsageException($"-o {text}: tar=false is for the types oci and docker.", "Leave tar out.");
        if (!Tar && (Destination is null or "" or StandardOutput)) throw new UsageException($"-o {text}: a directory cannot go to standard output.", "Add dest=DIRECTORY.");
        return this;
    }

    private static bool Flag(Dictionary<string, string> fields, string key, bool otherwise) => fields.GetValueOrDefault(key) switch
    {
        null => otherwise,
        "true" or "1" => true,
        "false" or "0" => false,
        string other => throw new UsageException($"{key}={other} is neither true nor false.", $"Write {key}=true or {key}=false."),
    };
}
