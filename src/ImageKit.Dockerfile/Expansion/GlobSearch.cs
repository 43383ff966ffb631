using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>A part of a pattern: one character, any one character, or any number of them. Wildcards do not match a line end.</summary>
internal readonly record struct GlobPart(GlobPartKind Kind, Rune Rune)
{
    public static GlobPart Star => new(GlobPartKind.Star, default);

    public static GlobPart Any => new(GlobPartKind.Any, default);

    public static GlobPart Literal(Rune rune) => new(GlobPartKind.Literal, rune);

    public bool Matches(Rune rune) => Kind == GlobPartKind.Literal ? rune == Rune : rune.Value != '\n';
}

internal enum GlobPartKind
{
    Literal,
    Any,
    Star,
}

/// <summary>Finds patterns in texts, all possibilities at once: the time is the product of both lengths at most.</summary>
internal static class GlobSearch
{
    /// <summary>End of the shortest or longest match at the start of the text; -1 if there is none.</summary>
    public static int PrefixEnd(GlobPart[] parts, Rune[] text, bool longest)
    {
        int[] starts = NewStates(parts);
        Enter(parts, starts, 0, 0);
        int end = starts[^1] >= 0 ? 0 : -1;
        for (int i = 0; i < text.Length; i++)
        {
            if (end >= 0 && !longest) break;
            starts = Step(parts, starts, text[i], out bool alive);
            if (!alive) break;
            if (starts[^1] >= 0) end = i + 1;
        }

        return end;
    }

    /// <summary>The leftmost match from a position on, and of those the longest.</summary>
    public static (int Start, int End)? Find(GlobPart[] parts, Rune[] text, int from)
    {
        int[] starts = NewStates(parts);
        (int Start, int End)? best = null;
        for (int i = from; ; i++)
        {
            if (best is null) Enter(parts, starts, 0, i);
            int found = starts[^1];
            if (found >= 0 && (best is null || found <= best.Value.Start)) best = (found, i);
            if (i >= text.Length) return best;
            starts = Step(parts, starts, text[i], out bool alive);
            if (best is not { } match) continue;
            if (!alive || !starts.Any(start => start >= 0 && start <= match.Start)) return best;
        }
    }

    // One entry a state: the leftmost start of a match that has come so far, or -1.
    private static int[] NewStates(GlobPart[] parts)
    {
        int[] states = new int[parts.Length + 1];
        Array.Fill(states, -1);
        return states;
    }

    private static int[] Step(GlobPart[] parts, int[] states, Rune rune, out bool alive)
    {
        int[] next = NewStates(parts);
        alive = false;
        for (int i = 0; i < parts.Length; i++)
        {
            if (states[i] < 0 || !parts[i].Matches(rune)) continue;
            Enter(parts, next, parts[i].Kind == GlobPartKind.Star ? i : i + 1, states[i]);
            alive = true;
        }

        return next;
    }

    private static void Enter(GlobPart[] parts, int[] states, int state, int start)
    {
        while (states[state] < 0 || states[state] > start)
        {
            states[state] = start;
            if (state == parts.Length || parts[state].Kind != GlobPartKind.Star) return;
            state++;
        }
    }
}
