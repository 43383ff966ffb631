using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>Finds values of COPY and ADD that no variable can change and that no build accepts.</summary>
internal static class FileValues
{
    private const string Hexadecimal = "0123456789abcdef";

    public static void Check(InstructionContext context, FlagReader flags)
    {
        if (flags.Text("chmod") is { } mode) Mode(context, mode);
        if (context.Name == "ADD" && flags.Text("checksum") is { } checksum) Checksum(context, checksum);
        if (context.Name == "COPY" && MayBeRemote(context.Arguments.Text)) Remote(context);
    }

    private static void Mode(InstructionContext context, Word mode)
    {
        if (mode.AsSpan().IsEmpty || !Expansion.IsPlain(mode.AsSpan(), context.Escape) || FileModeChange.Parse(mode.Text, out string? error) is not null) return;
        context.Error(Faults.Value(mode.Span, error!, "Write an octal mode such as 0755, or a change such as u=rwX,go-w."));
    }

    private static void Checksum(InstructionContext context, Word checksum)
    {
        ImmutableArray<Word> paths = ArgumentWords.Of(context.Name, context.Arguments, context.Header.Json == JsonForm.Strings);
        if (paths.Length > 2)
        {
            context.Error(Faults.Value(checksum.Span, "checksum can't be specified for multiple sources", "Write an ADD for each source."));
            return;
        }

        Word source = paths[0];
        if (!Expansion.IsPlain(source.AsSpan(), context.Escape)) return;
        bool isGit = GitReference.TryParse(source.Text) is { Reference: { LooksLocal: false } } or { Error: not null };
        bool isHttp = !isGit && IsHttp(source.Text);
        if (!isGit && !isHttp) context.Error(Faults.Value(checksum.Span, "checksum requires HTTP(S) or Git sources", "Remove the flag: the context's files are checked by their content anyway."));
        if (!Expansion.IsPlain(checksum.AsSpan(), context.Escape) || checksum.AsSpan().IsEmpty) return;
        if (isHttp && DigestFault(checksum.Text) is { } fault) context.Error(Faults.Value(checksum.Span, fault, "Write sha256: and 64 hexadecimal digits."));
        if (isGit && checksum.AsSpan().ContainsAnyExcept(Hexadecimal)) context.Error(Faults.Value(checksum.Span, $"invalid commit {GoQuote.Quote(checksum.Text)}", "Write a commit's hexadecimal digits, all or the first of them."));
    }

    private static void Remote(InstructionContext context)
    {
        ImmutableArray<Word> paths = ArgumentWords.Of(context.Name, context.Arguments, context.Header.Json == JsonForm.Strings);
        foreach (Word source in paths.SkipLast(1))
        {
            if (!Expansion.IsPlain(source.AsSpan(), context.Escape)) continue;
            if (GitReference.TryParse(source.Text) is { Reference: { LooksLocal: false } }) context.Error(Faults.Value(source.Span, "source can't be a git ref for COPY", "Use ADD."));
            else if (IsHttp(source.Text)) context.Error(Faults.Value(source.Span, "source can't be a URL for COPY", "Use ADD."));
        }
    }

    private static bool MayBeRemote(ReadOnlySpan<char> arguments) => arguments.Contains("://", StringComparison.Ordinal) || arguments.Contains('@');

    private static bool IsHttp(string source) => source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("https://", StringComparison.Ordinal);

    private static string? DigestFault(string text)
    {
        int colon = text.IndexOf(':');
        if (colon < 1) return "invalid checksum digest format";
        int digits = text[..colon] switch { "sha256" => 64, "sha384" => 96, "sha512" => 128, _ => 0 };
        if (digits == 0) return "unsupported digest algorithm";
        return text.Length - colon - 1 == digits && !text.AsSpan(colon + 1).ContainsAnyExcept(Hexadecimal) ? null : "invalid checksum digest length";
    }
}
