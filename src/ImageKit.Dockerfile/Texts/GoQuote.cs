namespace ImageKit.Dockerfile;

/// <summary>Quotes texts as Go's <c>%q</c> does; history entries of CMD and ENTRYPOINT are written so.</summary>
public static class GoQuote
{
    /// <summary>The text in double quotes, special characters escaped.</summary>
    /// <param name="text">The text.</param>
    public static string Quote(string text) => throw new NotImplementedException();

    /// <summary>The texts quoted, separated by blanks, in brackets: <c>["a" "b"]</c>.</summary>
    /// <param name="texts">The texts.</param>
    public static string QuoteAll(IEnumerable<string> texts) => $"[{string.Join(' ', texts.Select(Quote))}]";
}
