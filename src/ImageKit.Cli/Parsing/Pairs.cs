using System.Collections.Immutable;

namespace ImageKit.Cli.Parsing;

/// <summary>`NAME=value` options such as `--build-arg`, `--label` and `-e`.</summary>
internal static class Pairs
{
    /// <summary>Reads pairs; of a bare name the environment's value is taken, and the name is left out if there is none, as Docker has it.</summary>
    public static ImmutableDictionary<string, string> OrEnvironment(IEnumerable<string> texts)
    {
        var pairs = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=');
            string name = equals < 0 ? text : text[..equals];
            if (name.Length == 0) throw new UsageException($"'{text}' has no name before the '='.", "Write NAME=value.");
            string? value = equals < 0 ? Environment.GetEnvironmentVariable(name) : text[(equals + 1)..];
            if (value is not null) pairs[name] = value;
        }
        return pairs.ToImmutable();
    }

    /// <summary>Reads pairs; a bare name has an empty value.</summary>
    public static ImmutableDictionary<string, string> OrEmpty(IEnumerable<string> texts) => texts.Select(text => text.Split('=', 2))
        .Aggregate(ImmutableDictionary.Create<string, string>(StringComparer.Ordinal), (map, pair) => map.SetItem(pair[0], pair.Length == 2 ? pair[1] : ""));
}
