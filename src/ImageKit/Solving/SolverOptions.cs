namespace ImageKit.Solving;

/// <summary>How a solver works.</summary>
internal sealed record SolverOptions
{
    /// <summary>How many operations may run at once.</summary>
    public int Width { get; init; } = Math.Max(4, Environment.ProcessorCount);

    /// <summary>Whether earlier results are not used; new ones are kept nevertheless.</summary>
    public bool NoCache { get; init; }

    /// <summary>Whether a miss is explained.</summary>
    public bool Explain { get; init; }
}
