using ImageKit.Dockerfile;

namespace ImageKit;

/// <summary>One step of a build: an instruction that makes something, not only metadata.</summary>
/// <param name="Number">Its number in this build, from 1; steps of one build differ in it.</param>
/// <param name="Name">Its name for people: `[build 2/5] RUN make`.</param>
/// <param name="Line">The line of the Dockerfile where it begins; 0 if it comes from nowhere in the file.</param>
public sealed record BuildStep(int Number, string Name, int Line)
{
    /// <summary>The Dockerfile's name as the user gave it; empty if the step comes from nowhere in it.</summary>
    public string File { get; init; } = "";

    /// <summary>The instruction in <see cref="File"/>.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
