namespace ImageKit.Cli.Parsing;

/// <summary>Docker's `--secret id=ID[,src=FILE|,env=NAME]`.</summary>
internal static class SecretOption
{
    /// <summary>Reads one option. With the id alone, the variable of that name is meant, else the file.</summary>
    /// <exception cref="UsageException">A key is unknown, or what is named is not there.</exception>
    public static Secret Parse(string text)
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string value) in CsvFields.Pairs(text)) fields[Name(key, text)] = value;
        string id = fields.GetValueOrDefault("id") is { Length: > 0 } given ? given : throw Wrong(text, "It has no id.");
        string type = fields.GetValueOrDefault("type", "");
        if (type is not ("" or "file" or "env")) throw Wrong(text, $"There is no type '{type}'.");
        string? source = fields.GetValueOrDefault("src"), variable = fields.GetValueOrDefault("env");
        if (type == "env" && variable is null) (variable, source) = (source ?? id, null);
        if (variable is null && source is null && type == "" && Environment.GetEnvironmentVariable(id) is not null) variable = id;
        if (variable is not null) return Secret.FromValue(id, Environment.GetEnvironmentVariable(variable) ?? throw Wrong(text, $"The variable {variable} is not set."));
        string path = source ?? id;
        return File.Exists(path) ? Secret.FromFile(id, path) : throw Wrong(text, $"There is no file '{path}'.");
    }

    private static string Name(string key, string text) => key.ToLowerInvariant() switch
    {
        "id" => "id",
        "type" => "type",
        "src" or "source" => "src",
        "env" => "env",
        _ => throw Wrong(text, $"It has an unknown key '{key}'."),
    };

    private static UsageException Wrong(string text, string why) => new($"--secret {text} is not id=ID[,src=FILE] or id=ID,env=NAME. {why}", "Write for example --secret id=token,src=token.txt.");
}
