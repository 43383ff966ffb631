using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What values a flag takes.</summary>
internal enum FlagKind
{
    /// <summary>None, <c>true</c> or <c>false</c>.</summary>
    Switch,

    /// <summary>One text; the flag may stand once.</summary>
    Text,

    /// <summary>One text each time; the flag may be repeated.</summary>
    Texts,
}

/// <summary>Checks an instruction's flags against those it knows and hands out their values.</summary>
internal sealed class FlagReader
{
    private readonly InstructionContext _context;
    private static readonly Dictionary<string, FlagKind> NoneKnown = [];
    private static readonly Dictionary<string, List<Flag>> NoneUsed = [];

    private readonly Dictionary<string, FlagKind> _known = NoneKnown;
    private readonly Dictionary<string, List<Flag>> _used = NoneUsed;

    public FlagReader(InstructionContext context, params ReadOnlySpan<(string Name, FlagKind Kind)> known)
    {
        _context = context;
        if (context.Header.Flags.Count == 0) return;
        _known = new(StringComparer.Ordinal);
        _used = new(StringComparer.Ordinal);
        foreach ((string name, FlagKind kind) in known) _known.Add(name, kind);
        foreach (Flag flag in context.Header.Flags) Read(flag);
    }

    public Word? Text(string name) => _used.TryGetValue(name, out List<Flag>? flags) ? flags[0].Value : null;

    public Flag? Find(string name) => _used.TryGetValue(name, out List<Flag>? flags) ? flags[0] : null;

    public ImmutableArray<Word> Texts(string name) =>
        _used.TryGetValue(name, out List<Flag>? flags) ? [.. flags.Select(flag => flag.Value!.Value)] : [];

    /// <summary>Value of a switch; null if it is not given.</summary>
    public bool? Switch(string name) =>
        Find(name) is not { } flag ? null : flag.Value is not { } value || value.Text.Equals("true", StringComparison.OrdinalIgnoreCase);

    private void Read(Flag flag)
    {
        if (!_known.TryGetValue(flag.Name, out FlagKind kind))
        {
            Fail(flag, $"unknown flag: --{flag.Name}{DidYouMean.Suffix(flag.Name, _known.Keys)}", Allowed());
        }
        else if (_used.ContainsKey(flag.Name) && kind != FlagKind.Texts)
        {
            Fail(flag, $"duplicate flag specified: {flag.Name}", "Remove all but one.");
        }
        else if (kind == FlagKind.Switch ? flag.Value is { Text: "" } : flag.Value is null)
        {
            Fail(flag, $"missing a value on flag: {flag.Name}", kind == FlagKind.Switch ? $"Write --{flag.Name} alone." : $"Write --{flag.Name}=value.");
        }
        else if (kind == FlagKind.Switch && flag.Value is { } value && value.Text.ToLowerInvariant() is not ("true" or "false"))
        {
            Fail(flag, $"expecting boolean value for flag {flag.Name}, not: {value.Text}", "Write true or false.");
        }
        else
        {
            if (!_used.TryGetValue(flag.Name, out List<Flag>? flags)) _used.Add(flag.Name, flags = []);
            flags.Add(flag);
        }
    }

    private string Allowed() => _known.Count == 0
        ? $"{_context.Name} has no flags."
        : $"{_context.Name} knows {string.Join(", ", _known.Keys.Order(StringComparer.Ordinal).Select(name => "--" + name))}.";

    private void Fail(Flag flag, string message, string mend) => _context.Error(Faults.Flag(flag, message, mend));
}
