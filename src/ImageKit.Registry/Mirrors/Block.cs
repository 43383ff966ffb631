namespace ImageKit.Registry;

/// <summary>A name that nothing may be sent about, by a file of this machine.</summary>
/// <param name="Name">The repository or registry as users write it.</param>
/// <param name="Rule">What forbids it.</param>
internal sealed record Block(string Name, MirrorRule Rule)
{
    /// <summary>The error of whoever asks nevertheless.</summary>
    public ImageKitException Error => new("IK2044", $"{Name} is blocked on this machine: nothing is read from there or written to it.",
        $"'{(Rule.Prefix.Length == 0 ? "every registry" : Rule.Prefix)}' is blocked in {Rule.Place}.", "Use another registry, or ask whoever keeps that file.");
}
