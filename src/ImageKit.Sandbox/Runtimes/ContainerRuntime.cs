using System.Diagnostics;

namespace ImageKit.Sandbox;

/// <summary>Something that runs the command of a bundle in the foreground.</summary>
internal abstract class ContainerRuntime
{
    /// <summary>The path of the program, or `builtin`.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the command's terminal must be made for it (else it makes one itself).</summary>
    public virtual bool WantsTerminal => false;

    /// <summary>How to start it for a bundle; streams are the caller's matter.</summary>
    /// <param name="bundle">What to run.</param>
    /// <param name="terminal">The descriptor of the command's terminal, where <see cref="WantsTerminal"/> and the bundle ask for one.</param>
    public abstract ProcessStartInfo ToStart(RunBundle bundle, int? terminal);
}
