namespace ImageKit.Dockerfile;

/// <summary>The query of a git URL: <c>?branch=b&amp;subdir=d</c>.</summary>
internal static class GitQuery
{
    /// <summary>Puts the keys of a query into a reference.</summary>
    /// <returns>The reference; null if a key is unknown, twice or contradicts another.</returns>
    public static GitReference? Apply(GitReference reference, string query, out string? error)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Contains(';') || GitUrl.HasBrokenEscape(pair)) continue; // passed over, as Go's parser of queries does
            string[] parts = pair.Split('=', 2);
            string key = Unescape(parts[0]);
            if (values.TryAdd(key, parts.Length > 1 ? Unescape(parts[1]) : "")) continue;
            error = $"query {GoQuote.Quote(key)} has multiple values";
            return null;
        }

        GitReference result = reference;
        foreach ((string key, string value) in values)
        {
            error = Set(ref result, key, value);
            if (error is not null) return null;
        }

        error = SetRef(ref result, values);
        return error is null ? result : null;
    }

    private static string? Set(ref GitReference reference, string key, string value)
    {
        bool isSwitch = key is "keep-git-dir" or "submodules" or "fetch-by-commit";
        if (value.Length == 0 && !isSwitch) return $"query {GoQuote.Quote(key)} has no value";
        bool? on = value.Length == 0 ? true : GoBoolean.Parse(value);
        if (isSwitch && on is null) return $"invalid {key} value: {GoQuote.Quote(value)}";
        switch (key)
        {
            case "ref" or "tag" or "branch":
                return null;
            case "subdir" when reference.Subdirectory is { } other && other != value:
                return $"subdir conflicts: {GoQuote.Quote(other)} vs {GoQuote.Quote(value)}";
            case "subdir":
                reference = reference with { Subdirectory = value };
                return null;
            case "checksum" or "commit" when reference.Checksum is { } other && other != value:
                return $"checksum conflicts: {GoQuote.Quote(other)} vs {GoQuote.Quote(value)}";
            case "checksum" or "commit":
                reference = reference with { Checksum = value };
                return null;
            case "keep-git-dir":
                reference = reference with { KeepGitDirectory = on };
                return null;
            case "submodules":
                reference = reference with { Submodules = on };
                return null;
            case "fetch-by-commit":
                reference = reference with { FetchByCommit = on };
                return null;
            case "mtime" when value is "checkout" or "commit":
                reference = reference with { UsesCommitTime = value == "commit" };
                return null;
            case "mtime":
                return $"invalid mtime value: {GoQuote.Quote(value)}";
            default:
                return $"unexpected query {GoQuote.Quote(key)}";
        }
    }

    private static string? SetRef(ref GitReference reference, Dictionary<string, string> values)
    {
        if (values.ContainsKey("tag") && values.ContainsKey("branch")) return "branch conflicts with tag";
        foreach ((string key, string prefix) in new[] { ("ref", ""), ("tag", "refs/tags/"), ("branch", "refs/heads/") })
        {
            if (!values.TryGetValue(key, out string? value)) continue;
            if (!value.StartsWith(prefix, StringComparison.Ordinal)) value = prefix + value;
            if (reference.Ref is { } other && other != value) return $"ref conflicts: {GoQuote.Quote(other)} vs {GoQuote.Quote(value)}";
            reference = reference with { Ref = value };
        }

        if (reference.FetchByCommit == true && reference.Checksum is null) return "fetch-by-commit needs a commit";
        reference = reference with { Ref = reference.Ref ?? reference.Checksum };
        return null;
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
