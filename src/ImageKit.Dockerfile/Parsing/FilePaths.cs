using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Sources and destination of COPY or ADD.</summary>
internal sealed record FilePaths(ImmutableArray<Word> Sources, Word Destination)
{
    /// <summary>Cuts arguments that are known to be at least two.</summary>
    public static FilePaths Read(LineRange arguments, bool isJson, ImmutableArray<Heredoc> heredocs)
    {
        ReadOnlySpan<Word> words = isJson ? JsonStrings.Words(arguments).AsSpan() : WordSplitting.AtBlanks(arguments);
        ReadOnlySpan<Word> sources = words[..^1];
        if (heredocs.IsEmpty) return new([.. sources], words[^1]);
        return new([.. sources.ToArray().Where(word => HeredocOpening.Parse(word) is null)], words[^1]);
    }
}
