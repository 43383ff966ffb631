using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Reads <c># check=skip=Rule,Other // why</c> above an instruction.</summary>
internal static class InlineCheckSkip
{
    public static ImmutableArray<string> Read(ImmutableArray<Word> comments)
    {
        if (comments.IsEmpty) return [];
        ImmutableArray<string>.Builder rules = ImmutableArray.CreateBuilder<string>();
        foreach (Word comment in comments)
        {
            if (!comment.AsSpan().StartsWith("check", StringComparison.OrdinalIgnoreCase)) continue;
            string[] parts = comment.Text.Split("//")[0].Split('=', 3, StringSplitOptions.TrimEntries);
            if (parts is not [var check, var skip, var names]) continue;
            if (!check.Equals("check", StringComparison.OrdinalIgnoreCase) || !skip.Equals("skip", StringComparison.OrdinalIgnoreCase)) continue;
            rules.AddRange(names.Split(';')[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        return rules.ToImmutable();
    }
}
