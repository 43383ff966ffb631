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

/// <summary>A flag that an instruction knows.</summary>
internal readonly record struct KnownFlag(string Name, FlagKind Kind);

/// <summary>Checks an instruction's flags against those it knows and hands out their values.</summary>
internal readonly struct FlagReader
{
    private readonly InstructionContext _context;
    private readonly KnownFlag[] _known;

    public FlagReader(InstructionContext context, params KnownFlag[] known)
    {
        _context = context;
        _known = known;
        ImmutableArray<Flag> flags = context.Header.Flags;
        if (flags.IsEmpty) return;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Flag flag in flags) Check(flag, isRepeated: !seen.Add(flag.Name));
    }

    public Word? Text(string name)
    {
        foreach (Flag flag in _context.Header.Flags)
        {
            if (flag.Name == name) return flag.Value;
        }

        return null;
    }

    /// <summary>All values of a flag that may be repeated; those without a value were reported and are left out.</summary>
    public IEnumerable<Word> Texts(string name)
    {
        ImmutableArray<Flag> flags = _context.Header.Flags;
        return flags.IsEmpty ? [] : flags.Where(flag => flag.Name == name).Select(flag => flag.Value).OfType<Word>();
    }

    private void Check(Flag flag, bool isRepeated)
    {
        int known = Array.FindIndex(_known, one => one.Name == flag.Name);
        if (known < 0)
        {
            Fail(flag, $"unknown flag: --{flag.Name}{DidYouMean.Suffix(flag.Name, _known.Select(one => one.Name))}", Allowed());
            return;
        }

        FlagKind kind = _known[known].Kind;
        if (isRepeated && kind != FlagKind.Texts)
        {
            Fail(flag, $"duplicate flag specified: {flag.Name}", "Remove all but one.");
        }
        else if (kind == FlagKind.Switch ? flag.Value is { } empty && empty.AsSpan().IsEmpty : flag.Value is null)
        {
            Fail(flag, $"missing a value on flag: {flag.Name}", kind == FlagKind.Switch ? $"Write --{flag.Name} alone." : $"Write --{flag.Name}=value.");
        }
        else if (kind == FlagKind.Switch && flag.Value is { } value && value.Text.ToLowerInvariant() is not ("true" or "false"))
        {
            Fail(flag, $"expecting boolean value for flag {flag.Name}, not: {value.Text}", "Write true or false.");
        }
    }

    private string Allowed() => _known.Length == 0
        ? $"{_context.Name} has no flags."
        : $"{_context.Name} knows {string.Join(", ", _known.Select(flag => "--" + flag.Name).Order(StringComparer.Ordinal))}.";

    private void Fail(Flag flag, string message, string mend) => _context.Error(Faults.Flag(flag, message, mend));
}
