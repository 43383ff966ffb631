using System.Diagnostics;

namespace ImageKit.Sandbox;

/// <summary>Something that runs the command of a bundle in the foreground.</summary>
internal abstract class ContainerRuntime
{
    /// <summary>The path of the program, or `builtin`.</summary>
    public abstract string Name { get; }

    /// <summary>How to start it for a bundle; streams are the caller's matter.</summary>
    public abstract ProcessStartInfo ToStart(RunBundle bundle);
}
