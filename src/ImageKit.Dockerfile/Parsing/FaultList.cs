using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The faults of one file. Nobody reads half a million of them: beyond a limit they are only counted.</summary>
internal sealed class FaultList
{
    /// <summary>How many faults are kept.</summary>
    public const int Max = 1000;

    private readonly List<Diagnostic> _kept = [];
    private SourceSpan _firstLeftOut;
    private int _leftOut;
    private bool _leavesOutErrors;

    /// <summary>Whether a further fault is only counted, so that its message need not be made: see <see cref="LeaveOut"/>.</summary>
    public bool IsFull => _kept.Count >= Max;

    public void Add(Diagnostic fault)
    {
        if (IsFull) LeaveOut(fault.Span, fault.Severity == Severity.Error);
        else _kept.Add(fault);
    }

    public void Add(IEnumerable<Diagnostic> faults)
    {
        foreach (Diagnostic fault in faults) Add(fault);
    }

    /// <summary>Counts a fault.</summary>
    public void LeaveOut(SourceSpan at, bool isError)
    {
        if (_leftOut == 0) _firstLeftOut = at;
        _leftOut++;
        _leavesOutErrors |= isError;
    }

    /// <summary>The faults by position; then how many were left out, if any were.</summary>
    public ImmutableArray<Diagnostic> ToSorted()
    {
        ImmutableArray<Diagnostic> sorted = [.. _kept.OrderBy(fault => fault.Span.Start)];
        return _leftOut == 0 ? sorted : sorted.Add(Faults.More(_firstLeftOut, _leftOut, _leavesOutErrors));
    }
}
