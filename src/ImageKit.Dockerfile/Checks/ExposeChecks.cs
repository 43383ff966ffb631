namespace ImageKit.Dockerfile;

/// <summary>Checks of EXPOSE, on words that hold no variables.</summary>
internal static class ExposeChecks
{
    public static IEnumerable<Violation> ProtocolCasing(CheckedFile file) =>
        from word in Words(file)
        let slash = word.Text.IndexOf('/')
        where slash >= 0 && word.Text.AsSpan(slash).ContainsAnyInRange('A', 'Z')
        select new Violation(word.Span, $"Defined protocol '{word.Text}' in EXPOSE instruction should be lowercase", $"Write {word.Text.ToLowerInvariant()}.");

    public static IEnumerable<Violation> HostPort(CheckedFile file) =>
        from word in Words(file)
        where word.Text.Contains(':')
        select new Violation(
            word.Span,
            $"EXPOSE instruction should not define an IP address or host-port mapping, found '{word.Text}'",
            $"Write {word.Text[(word.Text.LastIndexOf(':') + 1)..]}, and publish the port when you run the image.");

    private static IEnumerable<Word> Words(CheckedFile file) =>
        file.Syntax.Instructions.OfType<ExposeInstruction>().SelectMany(expose => expose.Ports).Where(word => !word.Text.Contains('$'));
}
