using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Which pattern decides over a path.</summary>
/// <param name="Pattern">Its position; -1 if none matches.</param>
/// <param name="IsIgnored">What it says.</param>
internal readonly record struct IgnoreMatch(int Pattern, bool IsIgnored);

/// <summary>
/// All patterns as one automaton that is made as paths come: a path costs one step a character, however many patterns there are. A
/// state is the set of all places in all patterns that the characters so far may have led to.
/// </summary>
internal sealed class IgnoreAutomaton
{
    // When hostile names have made this many states, the automaton begins anew.
    private const int MaxStates = 4096;

    private readonly ImmutableArray<IgnorePattern> _patterns;
    private readonly Lock _lock = new();
    private volatile IgnoreStates _states;

    public IgnoreAutomaton(ImmutableArray<IgnorePattern> patterns)
    {
        _patterns = patterns;
        _states = new(patterns);
    }

    /// <summary>How many steps were made or looked up under the lock.</summary>
    public long SlowSteps { get; private set; }

    public IgnoreMatch Match(string path)
    {
        int last = Walk(path, out IgnoreState end);
        last = Math.Max(last, end.LastAccepting);
        return new(last, last >= 0 && !_patterns[last].IsException);
    }

    /// <summary>Position of the last exception that could match something below a directory; -1 if none can.</summary>
    public int LastLiveException(string directory)
    {
        Walk(directory, out IgnoreState end);
        return Step(end, new Rune('/')).LastLiveException;
    }

    // Also gives the last pattern that matches one of the path's parents.
    private int Walk(string path, out IgnoreState state)
    {
        state = _states.Start;
        int last = -1;
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (c == '/') last = Math.Max(last, state.LastAccepting);
            if (c < IgnoreState.AsciiCount && state.Ascii[c] is { } next)
            {
                state = next;
                continue;
            }

            Rune.DecodeFromUtf16(path.AsSpan(i), out Rune rune, out int length);
            i += length - 1;
            state = Step(state, rune);
        }

        return last;
    }

    private IgnoreState Step(IgnoreState from, Rune rune)
    {
        lock (_lock)
        {
            SlowSteps++;
            if (_states.Count > MaxStates) _states = new(_patterns);
            return _states.Step(from, rune);
        }
    }
}
