using ImageKit.Cli.Parsing;

namespace ImageKit.Cli.Printing;

/// <summary>Standard output for bytes: refused on a terminal, which an archive would only upset.</summary>
internal static class StandardStream
{
    public static Stream OpenOutput() => Console.IsOutputRedirected ? Console.OpenStandardOutput()
        : throw new UsageException("An archive is not written to a terminal.", "Name a file, or send standard output to one.");
}
