namespace ImageKit.Dockerfile;

/// <summary>The value of <c># check=</c>: <c>skip=A,B;error=true;experimental=all // why</c>.</summary>
internal sealed record CheckDirective
{
    public HashSet<string> Skipped { get; } = new(StringComparer.OrdinalIgnoreCase);

    public HashSet<string> Experimental { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool IsError { get; private set; }

    /// <summary>What is wrong with the value, in BuildKit's words.</summary>
    public List<string> Faults { get; } = [];

    public static CheckDirective Parse(string value)
    {
        CheckDirective directive = new();
        foreach (string option in value.Split("//")[0].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = option.Split('=', 2, StringSplitOptions.TrimEntries);
            // What stands behind a blank is a remark, with or without '//'.
            string[] names = [.. (parts.Length > 1 ? parts[1] : "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.Split(' ')[0])];
            directive.Set(parts.Length > 1 ? parts[0].ToLowerInvariant() : "", names, option);
        }

        return directive;
    }

    public bool Runs(Check check) =>
        !Has(Skipped, check.Name) && (!check.IsExperimental || Has(Experimental, check.Name));

    private void Set(string key, string[] names, string option)
    {
        switch (key)
        {
            case "skip":
                Skipped.UnionWith(names);
                break;
            case "experimental":
                Experimental.UnionWith(names);
                break;
            case "error" when names is [var value] && GoBoolean.Parse(value) is { } on:
                IsError = on;
                break;
            case "error":
                Faults.Add($"failed to parse check option {GoQuote.Quote(option)}");
                break;
            default:
                Faults.Add($"invalid check option {GoQuote.Quote(key.Length > 0 ? key : option)}");
                break;
        }
    }

    private static bool Has(HashSet<string> names, string name) => names.Contains("all") || names.Contains(name);
}
