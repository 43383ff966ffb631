using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The value of <c>--chmod</c>: octal (<c>0755</c>) or symbolic (<c>u=rwX,go-w</c>), with umask 0. Symbolic ones do what chmod(1) of GNU does.</summary>
public sealed class FileModeChange
{
    private const int SetIds = 0x0C00; // 06000
    private const int AllBits = 0x0FFF; // 07777

    private readonly int _octal;
    private readonly ImmutableArray<Step> _steps;

    private FileModeChange(int octal, ImmutableArray<Step> steps)
    {
        _octal = octal;
        _steps = steps;
    }

    /// <summary>Whether it is octal, so that the old mode does not matter.</summary>
    public bool IsOctal => _steps.IsEmpty;

    /// <summary>Reads an expanded value.</summary>
    /// <param name="text">The value.</param>
    /// <param name="error">What is wrong, in BuildKit's words; null if nothing is.</param>
    /// <returns>The change; null if the value is faulty.</returns>
    public static FileModeChange? Parse(string text, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        error = null;
        if (text.Length > 0 && char.IsAsciiDigit(text[0]))
        {
            if (ParseOctal(text) is { } octal and <= AllBits) return new(octal, []);
        }
        else if (ParseSymbolic(text) is { IsEmpty: false } steps)
        {
            return new(0, steps);
        }

        error = $"invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777";
        return null;
    }

    /// <summary>The new permission bits of a file.</summary>
    /// <param name="mode">Its old ones, 0 to 07777 (octal).</param>
    /// <param name="isDirectory">Whether it is a directory: <c>X</c> asks, and <c>=</c> keeps its set-id bits.</param>
    public int Apply(int mode, bool isDirectory)
    {
        if (IsOctal) return _octal;
        int changed = mode & AllBits;
        foreach (Step step in _steps) changed = step.Apply(changed, isDirectory);
        return changed;
    }

    /// <summary>Reads octal digits; null if there are others, none, or more than an int holds.</summary>
    internal static int? ParseOctal(string text)
    {
        if (text.Length is 0 or > 10) return null;
        int value = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '7') return null;
            value = (value << 3) | (c - '0');
        }

        return value;
    }

    private static ImmutableArray<Step>? ParseSymbolic(string text)
    {
        ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
        foreach (string clause in text.Split(','))
        {
            int at = 0;
            int who = 0;
            for (; at < clause.Length && Who(clause[at]) is > 0 and var bits; at++) who |= bits;
            if (at == clause.Length) return null;
            while (at < clause.Length)
            {
                if (clause[at] is not ('+' or '-' or '=')) return null;
                Step step = new(who, clause[at++]);
                if (at < clause.Length && clause[at] is 'u' or 'g' or 'o')
                {
                    step = step with { CopyFrom = clause[at++] };
                }
                else
                {
                    for (; at < clause.Length && step.With(clause[at]) is { } more; at++) step = more;
                }

                steps.Add(step);
            }
        }

        return steps.ToImmutable();
    }

    private static int Who(char c) => c switch { 'u' => 0x9C0, 'g' => 0x438, 'o' => 0x207, 'a' => AllBits, _ => 0 }; // 04700, 02070, 01007

    // One operator and its permissions. Who is 0 where the clause names nobody, which means all.
    private sealed record Step(int Who, char Operator)
    {
        public int Bits { get; init; }

        public bool ExecuteIfAny { get; init; }

        public char CopyFrom { get; init; }

        public Step? With(char c) => c switch
        {
            'r' => this with { Bits = Bits | 0x124 },
            'w' => this with { Bits = Bits | 0x92 },
            'x' => this with { Bits = Bits | 0x49 },
            'X' => this with { ExecuteIfAny = true },
            's' => this with { Bits = Bits | SetIds },
            't' => this with { Bits = Bits | 0x200 },
            _ => null,
        };

        public int Apply(int mode, bool isDirectory)
        {
            int affected = Who == 0 ? AllBits : Who;
            // A directory keeps its set-id bits unless they are named.
            int kept = isDirectory ? SetIds & ~(affected & Bits) : 0;
            int value = CopyFrom == 0 ? Bits : Copied(mode);
            if (ExecuteIfAny && (isDirectory || (mode & 0x49) != 0)) value |= 0x49;
            value &= affected & ~kept;
            return Operator switch
            {
                '+' => mode | value,
                '-' => mode & ~value,
                _ => (mode & (~affected | kept)) | value,
            };
        }

        private int Copied(int mode)
        {
            int triple = (CopyFrom switch { 'u' => mode >> 6, 'g' => mode >> 3, _ => mode }) & 7;
            return triple * 0x49;
        }
    }
}
