using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>Something that happened during a build or a transfer. A closed family: match on the derived records.</summary>
/// <remarks>Events of different steps come from different threads, those of one step in order.</remarks>
public abstract record BuildEvent
{
    private protected BuildEvent()
    {
    }
}

/// <summary>A step's turn came: its inputs are there, and whether it is cached is being found out.</summary>
/// <param name="Step">The step.</param>
public sealed record StepStarted(BuildStep Step) : BuildEvent;

/// <summary>A step ended without being run: an equal one was run before.</summary>
/// <param name="Step">The step.</param>
public sealed record StepCached(BuildStep Step) : BuildEvent;

/// <summary>A step was run and has its result.</summary>
/// <param name="Step">The step.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record StepCompleted(BuildStep Step, TimeSpan Elapsed) : BuildEvent;

/// <summary>A step failed; the build ends with a <see cref="BuildException"/> that says the same and more.</summary>
/// <param name="Step">The step.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Message">Why, one sentence.</param>
public sealed record StepFailed(BuildStep Step, TimeSpan Elapsed, string Message) : BuildEvent;

/// <summary>A piece of what a step's command wrote. Pieces end anywhere.</summary>
/// <param name="Step">The step.</param>
/// <param name="Text">The piece, decoded as UTF-8.</param>
/// <param name="IsError">Whether it came from standard error.</param>
public sealed record StepOutput(BuildStep Step, string Text, bool IsError) : BuildEvent;

/// <summary>A blob is moving, or moved: then <paramref name="Bytes"/> equals <paramref name="Total"/>.</summary>
/// <param name="Name">From or to where, for people: `pull docker.io/library/debian:12`.</param>
/// <param name="Blob">What moves.</param>
/// <param name="Bytes">How many bytes of it have moved.</param>
/// <param name="Total">How many bytes it has.</param>
/// <param name="Skipped">Whether nothing had to move, as the target has it already.</param>
public sealed record Transfer(string Name, Digest Blob, long Bytes, long Total, bool Skipped = false) : BuildEvent;

/// <summary>The work goes on, but something is not as it should be.</summary>
/// <param name="Message">What, a whole sentence.</param>
public sealed record Warning(string Message) : BuildEvent;

/// <summary>The program of a command that was to run is not there or cannot be executed (IK5012); the run ends with 127 or 126.</summary>
/// <param name="Message">What is wrong with it, a sentence.</param>
public sealed record CommandRefused(string Message) : BuildEvent;

/// <summary>Something wrong or doubtful stands in a Dockerfile or an ignore file.</summary>
/// <param name="File">The file's name as the user gave it.</param>
/// <param name="Diagnostic">What, where and how to mend it.</param>
public sealed record DiagnosticFound(string File, Diagnostic Diagnostic) : BuildEvent;

/// <summary>A result was handed over: named in the store, pushed, or written to a file or directory.</summary>
/// <param name="What">What was done, for people: `naming to docker.io/library/app:latest`.</param>
/// <param name="Digest">The digest of the manifest or index; `default` for outputs that are plain files.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record Exported(string What, Digest Digest, TimeSpan Elapsed) : BuildEvent;
