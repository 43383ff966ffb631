namespace ImageKit.Dockerfile;

/// <summary>All faults that the stage graph finds, with their codes and BuildKit's words.</summary>
internal static class GraphFaults
{
    public static Diagnostic Expansion(Word word, string error) =>
        Error("IK3017", word.Span, $"failed to process {GoQuote.Quote(word.Text)}: {error}");

    public static Diagnostic BlankBase(Word word) =>
        Error("IK3018", word.Span, $"base name ({word.Text}) should not be blank", "Declare the argument before the first FROM, or give it a value with --build-arg.");

    public static Diagnostic EmptyPlatform(Word word) =>
        Error("IK3018", word.Span, $"empty platform value from expression {word.Text}", "Declare the argument before the first FROM, or give it a value with --build-arg.");

    public static Diagnostic UnknownTarget(string name, IEnumerable<string> names) =>
        Error("IK3019", default, $"target stage {GoQuote.Quote(name)} could not be found{DidYouMean.Suffix(name, names, ignoreCase: true)}");

    public static Diagnostic NotYetDefined(StageUse use, Stage user) => use.IsMount
        ? Error("IK3020", use.Span, $"cannot mount from stage {GoQuote.Quote(use.Name)} to {GoQuote.Quote(user.ToString())}, stage needs to be defined before current command", "Move that stage up.")
        : Error("IK3020", use.Span, $"cannot copy from stage {GoQuote.Quote(use.Name)}, it needs to be defined before current stage {GoQuote.Quote(user.ToString())}", "Move that stage up.");

    public static Diagnostic NoSuchNumber(StageUse use) =>
        Error("IK3020", use.Span, $"invalid stage index {use.Name}", "Stages are counted from 0; better give the stage a name.");

    public static Diagnostic Cycle(SourceSpan at, Stage stage) =>
        Error("IK3021", at, $"circular dependency detected on stage: {stage}", "A stage may only use stages that stand before it.");

    public static Diagnostic Trigger(Stage stage, string text, Diagnostic fault) => Error(
        fault.Code, stage.From.Image.Span, $"the ONBUILD trigger {GoQuote.Quote(text)} of the base image is faulty: {fault.Message}", "Build on another image.");

    private static Diagnostic Error(string code, SourceSpan at, string message, string? mend = null) => new(code, Severity.Error, at, message, mend);
}
