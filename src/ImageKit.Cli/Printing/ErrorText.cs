using System.CommandLine;
using ImageKit.Dockerfile;

namespace ImageKit.Cli.Printing;

/// <summary>Errors for people: code and what, then the place in the file, why, the command's last output, and how to mend it.</summary>
internal static class ErrorText
{
    public static void Write(TextWriter output, ImageKitException failure)
    {
        output.WriteLine($"error {failure.Code}: {Printable.Of(failure.What, lines: true)}");
        if (failure is BuildException build) WriteBuild(output, build);
        if (failure.Why.Length > 0) output.WriteLine($"  why:  {Printable.Of(failure.Why, lines: true)}");
        if (RegistryOf(failure) is { Attempts.Length: > 0 } registry) WriteAttempts(output, registry);
        if (failure.Mend.Length > 0) output.WriteLine($"  mend: {Printable.Of(failure.Mend, lines: true)}");
    }

    /// <summary>The registry's failure in or below this one; null if it is none.</summary>
    public static RegistryException? RegistryOf(Exception? failure) => failure is null or RegistryException ? failure as RegistryException : RegistryOf(failure.InnerException);

    /// <summary>Prints what is wrong with the command line, and where its help is.</summary>
    public static int WriteUsage(TextWriter output, ParseResult parsed)
    {
        string command = string.Join(' ', CommandNames(parsed));
        foreach (var error in parsed.Errors) output.WriteLine($"error IK6001: {error.Message}");
        output.WriteLine($"  mend: '{command} --help' shows how it is used.");
        return ExitCode.Usage;
    }

    public static int ExitCodeOf(ImageKitException failure) => failure switch
    {
        UsageException => ExitCode.Usage,
        CredentialException => ExitCode.Denied,
        RegistryException { Kind: RegistryErrorKind.Denied } => ExitCode.Denied,
        RegistryException { Kind: RegistryErrorKind.Network or RegistryErrorKind.TimedOut } => ExitCode.Network,
        _ when failure.InnerException is ImageKitException inner => ExitCodeOf(inner),
        _ => ExitCode.Failed,
    };

    // Every endpoint that was asked, in order; the same answer several times in one line.
    private static void WriteAttempts(TextWriter output, RegistryException failure)
    {
        foreach (var group in failure.Attempts.GroupBy(attempt => (attempt.Request, attempt.Status, attempt.Outcome)))
        {
            RegistryAttempt last = group.Last();
            string times = group.Count() > 1 ? $"{group.Count()} times, " : "";
            string login = last.Login is null ? "" : $", {(last.Login == "anonymous" ? "without a login" : "login from " + last.Login)}";
            string id = last.RequestId is null ? "" : $", request id {last.RequestId}";
            output.WriteLine($"  tried: {Printable.Of(last.Request)}: {(last.Status is { } status ? $"{status} " : "")}{Printable.Of(last.Outcome)} ({times}{group.Sum(attempt => attempt.Took.TotalSeconds):0.0} s{login}{id})");
        }
    }

    private static void WriteBuild(TextWriter output, BuildException build)
    {
        if (build.File is not null && build.Span.Line > 0)
        {
            output.WriteLine($"  at {Printable.Of(build.File)}:{build.Span.Line}{(build.Step is null ? "" : ": " + Printable.Of(build.Step.Name))}");
            foreach ((int index, string line) in build.Excerpt.Index()) output.WriteLine($"  {build.Span.Line + index,4} | {Printable.Of(line)}");
        }
        // The first is the error itself.
        foreach (Diagnostic diagnostic in build.Diagnostics.Skip(1)) output.WriteLine($"  and {Printable.Of($"{build.File}:{diagnostic}")}");
        if (build.OutputTail.Length == 0) return;
        output.WriteLine("  the last it printed:");
        foreach (string line in build.OutputTail) output.WriteLine("  | " + Printable.Of(line));
    }

    private static IEnumerable<string> CommandNames(ParseResult parsed)
    {
        Stack<string> names = new();
        for (SymbolResultWalk at = new(parsed.CommandResult); at.Result is not null; at = at.Up()) names.Push(at.Result.Command.Name);
        return names;
    }

    private readonly record struct SymbolResultWalk(System.CommandLine.Parsing.CommandResult? Result)
    {
        public SymbolResultWalk Up() => new(Result?.Parent as System.CommandLine.Parsing.CommandResult);
    }
}
