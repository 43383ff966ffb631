using System.Globalization;

namespace ImageKit.Dockerfile;

/// <summary>All faults that the parser finds, with their codes and BuildKit's words.</summary>
internal static class Faults
{
    public static Diagnostic EmptyFile() => Error("IK3001", default, "the Dockerfile cannot be empty", "Begin with 'FROM image'.");

    public static Diagnostic NoInstructions(SourceSpan at) => Error("IK3001", at, "file with no instructions", "Begin with 'FROM image'.");

    public static Diagnostic NoStages(SourceSpan at) => Error("IK3001", at, "dockerfile contains no stages to build", "Add a 'FROM image'.");

    public static Diagnostic DuplicateDirective(ParserDirective directive) =>
        Error("IK3002", directive.Span, $"only one {directive.Name} parser directive can be used", "Remove all but one.");

    public static Diagnostic InvalidEscape(ParserDirective directive) =>
        Error("IK3002", directive.Value.Span, $"invalid escape token '{directive.Value.Text}' does not match ` or \\", "Write '# escape=`' or leave the line out.");

    public static Diagnostic CheckOption(SourceSpan at, string message) =>
        Error("IK3002", at, message, "Write skip=A,B;error=true;experimental=C, each of them or not.");

    public static Diagnostic UnknownFrontend(SourceSpan at, string reference) => Error(
        "IK3003", at, $"the syntax '{reference}' is none that is known here", "Only docker/dockerfile is: write '# syntax=docker/dockerfile:1' or leave the line out.");

    public static Diagnostic LineTooLong(SourceSpan at, int limit) =>
        Error("IK3004", at, $"dockerfile line greater than max allowed size of {limit}", "Break the line.");

    public static Diagnostic UnknownInstruction(Word keyword, IEnumerable<string> names) => Error(
        "IK3005", keyword.Span, $"unknown instruction: {keyword.Text}{DidYouMean.Suffix(keyword.Text, names, ignoreCase: true)}");

    public static Diagnostic Flag(Flag flag, string message, string? mend = null) => Error("IK3006", flag.Span, message, mend);

    public static Diagnostic Arguments(SourceSpan at, string message, string? mend = null) => Error("IK3007", at, message, mend);

    public static Diagnostic JsonNotStrings(SourceSpan at) =>
        Error("IK3008", at, "when using JSON array syntax, arrays must be comprised of strings only", "Put each argument in double quotes.");

    public static Diagnostic NotJson(SourceSpan at, string name, string text) =>
        Error("IK3008", at, $"{name} requires the arguments to be in JSON form: {text}", $"Write {name} [\"program\", \"argument\"].");

    public static Diagnostic UnterminatedHeredoc(SourceSpan at, string name) =>
        Error("IK3009", at, "unterminated heredoc", $"End it with a line that holds nothing but '{name}'.");

    public static Diagnostic HeredocDestination(SourceSpan at, string name) =>
        Error("IK3009", at, $"{name} cannot accept a heredoc as a destination", "Write the destination behind the heredocs.");

    public static Diagnostic StageName(Word name) => Error(
        "IK3011", name.Span, $"invalid name for build stage: {GoQuote.Quote(name.Text)}, name can't start with a number or contain symbols", "Use letters, digits and '-_.', a letter first.");

    public static Diagnostic VariableInFrom(SourceSpan at) => Error(
        "IK3012", at, "variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround");

    public static Diagnostic VariableInMountFrom(SourceSpan at, string key) =>
        Error("IK3012", at, $"'{key}' doesn't support variable expansion, define alias stage instead");

    public static Diagnostic Mount(SourceSpan at, string message, string mend = "Correct this field of --mount.") => Error("IK3013", at, message, mend);

    public static Diagnostic Healthcheck(SourceSpan at, string message, string? mend = null) => Error("IK3014", at, message, mend);

    public static Diagnostic Onbuild(SourceSpan at, string message, string? mend = null) => Error("IK3015", at, message, mend);

    public static Diagnostic BeforeFrom(Word keyword) =>
        Error("IK3016", keyword.Span, "no build stage in current context", $"Only ARG may stand before the first FROM; move {keyword.Text} behind it.");

    public static Diagnostic Value(SourceSpan at, string message, string? mend = null) => Error("IK3023", at, message, mend);

    public static Diagnostic More(SourceSpan at, int count, bool hasErrors) => new(
        "IK3024", hasErrors ? Severity.Error : Severity.Warning, at, $"and {count.ToString(CultureInfo.InvariantCulture)} more, from here on", "Mend those before first.");

    public static Diagnostic EmptyContinuation(SourceSpan at) =>
        new("IK3032", Severity.Warning, at, "Empty continuation line", "Remove the line, or make it a comment.") { Rule = "NoEmptyContinuation" };

    private static Diagnostic Error(string code, SourceSpan at, string message, string? mend = null) => new(code, Severity.Error, at, message, mend);
}
