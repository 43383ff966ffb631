using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The command of RUN, CMD, ENTRYPOINT or HEALTHCHECK. Closed: <see cref="ShellCommand"/> or <see cref="ExecCommand"/>.</summary>
public abstract record CommandForm
{
    private protected CommandForm()
    {
    }
}

/// <summary>A command line for the shell of the stage. The builder expands no variables in it.</summary>
/// <param name="Line">The line, continuations joined.</param>
public sealed record ShellCommand(Word Line) : CommandForm;

/// <summary>A program and its arguments, given as a JSON array. Nothing is expanded.</summary>
/// <param name="Arguments">The strings of the array, JSON escapes resolved; empty for <c>[]</c>, which resets CMD and ENTRYPOINT. Equality is by reference.</param>
public sealed record ExecCommand(ImmutableArray<Word> Arguments) : CommandForm;
