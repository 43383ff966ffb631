namespace ImageKit.Dockerfile;

/// <summary>The value of <c># check=</c>: <c>skip=A,B;error=true;experimental=all // why</c>.</summary>
internal sealed record CheckDirective
{
    public HashSet<string> Skipped { get; } = new(StringComparer.OrdinalIgnoreCase);

    public HashSet<string> Experimental { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool IsError { get; private set; }

    public static CheckDirective Parse(string value)
    {
        CheckDirective directive = new();
        foreach (string option in value.Split("//")[0].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = option.Split('=', 2, StringSplitOptions.TrimEntries);
            string argument = parts.Length > 1 ? parts[1] : "";
            string[] names = argument.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            switch (parts[0].ToLowerInvariant())
            {
                case "skip":
                    directive.Skipped.UnionWith(names);
                    break;
                case "experimental":
                    directive.Experimental.UnionWith(names);
                    break;
                case "error":
                    directive.IsError = GoBoolean.Parse(argument) ?? false;
                    break;
            }
        }

        return directive;
    }

    public bool Runs(Check check) =>
        !Has(Skipped, check.Name) && (!check.IsExperimental || Has(Experimental, check.Name));

    private static bool Has(HashSet<string> names, string name) => names.Contains("all") || names.Contains(name);
}
