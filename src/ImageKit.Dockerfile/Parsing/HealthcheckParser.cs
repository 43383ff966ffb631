using System.Globalization;

namespace ImageKit.Dockerfile;

/// <summary>Reads HEALTHCHECK.</summary>
internal static class HealthcheckParser
{
    private static readonly KnownFlag[] Flags =
    [
        new("interval", FlagKind.Text), new("timeout", FlagKind.Text), new("start-period", FlagKind.Text), new("start-interval", FlagKind.Text),
        new("retries", FlagKind.Text),
    ];

    private const long MinNanoseconds = 1_000_000;

    public static HealthcheckInstruction? Parse(InstructionContext context)
    {
        if (context.Arguments.IsEmpty)
        {
            context.ArgumentError("HEALTHCHECK requires at least one argument", "Write 'HEALTHCHECK CMD command' or 'HEALTHCHECK NONE'.");
            return null;
        }

        (LineRange first, LineRange remaining) = WordSplitting.SplitFirst(context.Arguments);
        Word kind = first.AsWord();
        switch (kind.Text.ToUpperInvariant())
        {
            case "CMD":
                return Command(context, remaining);
            case "NONE" when remaining.IsEmpty:
                // No FlagReader: BuildKit drops flags of NONE without a word, whatever they are.
                return new(context.ToSource());
            case "NONE":
                context.Error(Faults.Healthcheck(remaining.Span, "HEALTHCHECK NONE takes no arguments"));
                return null;
            default:
                context.Error(Faults.Healthcheck(kind.Span, $"Unknown type {GoQuote.Quote(kind.Text.ToUpperInvariant())} in HEALTHCHECK (try CMD)"));
                return null;
        }
    }

    private static HealthcheckInstruction? Command(InstructionContext context, LineRange range)
    {
        FlagReader flags = new(context, Flags);
        JsonForm json = context.Header.Json;
        if (json == JsonForm.None) _ = WordSplitting.MarkAtBlanks(range);
        if (json == JsonForm.Strings ? JsonStrings.Words(range).IsEmpty : range.IsEmpty)
        {
            context.ArgumentError("Missing command after HEALTHCHECK CMD", "Write 'HEALTHCHECK CMD command'.");
            return null;
        }

        return new(context.ToSource())
        {
            Command = CommandParser.Form(range, json == JsonForm.Strings),
            Interval = Duration(context, flags, "interval"),
            Timeout = Duration(context, flags, "timeout"),
            StartPeriod = Duration(context, flags, "start-period"),
            StartInterval = Duration(context, flags, "start-interval"),
            Retries = Retries(context, flags),
        };
    }

    private static DurationText Duration(InstructionContext context, FlagReader flags, string name)
    {
        if (flags.Text(name) is not { Text.Length: > 0 } value) return default;
        if (!DurationText.TryParse(value.Text, out DurationText duration))
        {
            context.Error(Faults.Healthcheck(value.Span, $"time: invalid duration {GoQuote.Quote(value.Text)}", "Write a number and a unit: 30s, 1m30s, 500ms."));
        }
        else if (duration.Nanoseconds is not 0 and < MinNanoseconds)
        {
            context.Error(Faults.Healthcheck(value.Span, $"Interval {GoQuote.Quote(name)} cannot be less than 1ms", "Write 1ms or more, or 0 to inherit it."));
        }

        return duration;
    }

    private static int Retries(InstructionContext context, FlagReader flags)
    {
        if (flags.Text("retries") is not { Text.Length: > 0 } value) return 0;
        if (!int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int retries))
        {
            context.Error(Faults.Healthcheck(value.Span, $"--retries is no number: {GoQuote.Quote(value.Text)}", "Write a whole number."));
        }
        else if (retries < 0)
        {
            context.Error(Faults.Healthcheck(value.Span, $"--retries cannot be negative ({retries})"));
        }

        return retries;
    }
}
