namespace ImageKit.Dockerfile;

/// <summary>Finds secrets by the names that people give them.</summary>
internal static class SecretChecks
{
    private static readonly HashSet<string> Secret = new(StringComparer.OrdinalIgnoreCase)
    {
        "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token",
    };

    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase) { "public", "file", "version" };

    public static IEnumerable<Violation> ArgOrEnv(CheckedFile file) =>
        from instruction in file.Syntax.Instructions
        from name in instruction switch
        {
            ArgInstruction arg => arg.Declarations.Select(declaration => declaration.Name),
            EnvInstruction env => env.Pairs.Select(pair => pair.Key),
            _ => [],
        }
        where IsSecret(name.Text)
        select new Violation(
            name.Span,
            $"Do not use ARG or ENV instructions for sensitive data ({instruction.Name} {GoQuote.Quote(name.Text)})",
            "Use RUN --mount=type=secret: what is in ARG or ENV stays in the image or its history.");

    private static bool IsSecret(string name)
    {
        string[] words = name.Split('_');
        return (Secret.Contains(words[0]) || Secret.Contains(words[^1])) && !words.Any(Harmless.Contains);
    }
}
