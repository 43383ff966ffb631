using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>The states made so far. Not for several threads: <see cref="IgnoreAutomaton"/> locks.</summary>
internal sealed class IgnoreStates
{
    // The elements of all patterns one behind the other; each pattern is followed by its end.
    private readonly IgnoreElement?[] _elements;
    private readonly int[] _patternOf;
    private readonly ImmutableArray<IgnorePattern> _patterns;
    private readonly Dictionary<string, IgnoreState> _known = new(StringComparer.Ordinal);

    // The set that is being made: its places in any order, and for each place whether it is in it.
    private readonly List<int> _places = [];
    private readonly bool[] _isIn;

    public IgnoreStates(ImmutableArray<IgnorePattern> patterns)
    {
        _patterns = patterns;
        int size = patterns.Sum(pattern => pattern.Elements.Length + 1);
        _elements = new IgnoreElement?[size];
        _patternOf = new int[size];
        _isIn = new bool[2 * size];
        int at = 0;
        for (int i = 0; i < patterns.Length; i++)
        {
            int first = at;
            foreach (IgnoreElement element in patterns[i].Elements)
            {
                _patternOf[at] = i;
                _elements[at++] = element;
            }

            _patternOf[at++] = i;
            Enter(first);
        }

        Start = Intern();
    }

    public IgnoreState Start { get; }

    public int Count => _known.Count;

    public IgnoreState Step(IgnoreState from, Rune rune)
    {
        if (rune.IsAscii ? from.Ascii[rune.Value] is { } known : from.Others.TryGetValue(rune, out known)) return known;
        foreach (int place in from.Places)
        {
            int at = place < 0 ? ~place : place;
            if (_elements[at] is { } element) Advance(at, element, rune);
        }

        IgnoreState next = Intern();
        if (rune.IsAscii) Volatile.Write(ref from.Ascii[rune.Value], next);
        else from.Others[rune] = next;
        return next;
    }

    private void Advance(int place, IgnoreElement element, Rune rune)
    {
        bool slash = rune.Value == '/';
        switch (element.Kind)
        {
            case IgnoreElementKind.Literal when rune == element.Rune:
            case IgnoreElementKind.Any when !slash:
            case IgnoreElementKind.Class when element.Members!.Matches(rune):
                Enter(place + 1);
                break;
            case IgnoreElementKind.Star when !slash:
            case IgnoreElementKind.Anything:
                Enter(place);
                break;
            case IgnoreElementKind.Directories:
                // Inside of a directory's name what follows cannot begin; behind its slash it can, or the next directory.
                Add(~place);
                if (slash) Enter(place + 1);
                break;
        }
    }

    // An optional element may be passed over at once. A place inside of a directory's name is its complement: it may not.
    private void Enter(int place)
    {
        while (Add(place) && _elements[place] is { IsOptional: true }) place++;
    }

    private bool Add(int place)
    {
        ref bool isIn = ref _isIn[place + (_isIn.Length / 2)];
        if (isIn) return false;
        _places.Add(place);
        return isIn = true;
    }

    private IgnoreState Intern()
    {
        _places.Sort();
        int[] sorted = [.. _places];
        foreach (int place in sorted) _isIn[place + (_isIn.Length / 2)] = false;
        _places.Clear();
        string key = new(MemoryMarshal.Cast<int, char>(sorted));
        if (_known.TryGetValue(key, out IgnoreState? known)) return known;
        int accepting = -1;
        int live = -1;
        foreach (int place in sorted)
        {
            int at = place < 0 ? ~place : place;
            if (_elements[at] is null) accepting = Math.Max(accepting, _patternOf[at]);
            if (_patterns[_patternOf[at]].IsException) live = Math.Max(live, _patternOf[at]);
        }

        IgnoreState state = new(sorted, accepting, live);
        _known.Add(key, state);
        return state;
    }
}
