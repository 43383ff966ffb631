namespace ImageKit.Dockerfile;

/// <summary>Lines of text that follow an instruction: <c>&lt;&lt;EOF … EOF</c>.</summary>
public sealed record Heredoc
{
    /// <summary>The delimiter, quotes taken out; COPY and ADD name the file after it.</summary>
    public required string Name { get; init; }

    /// <summary>The word that announces it (<c>3&lt;&lt;-"EOF"</c>).</summary>
    public required Word Opening { get; init; }

    /// <summary>The lines as written, line ends included. Made anew each time.</summary>
    public string Body => Source.Substring(BodySpan.Start, BodySpan.Length);

    /// <summary>Where the lines stand; of length 0 if there are none.</summary>
    public required SourceSpan BodySpan { get; init; }

    /// <summary>Whether COPY and ADD expand variables in it: so unless any part of the delimiter is quoted.</summary>
    public required bool Expand { get; init; }

    /// <summary>Whether tabs at the start of its lines go away (<c>&lt;&lt;-</c>).</summary>
    public required bool StripTabs { get; init; }

    /// <summary>The file descriptor before <c>&lt;&lt;</c>; 0 without one.</summary>
    public required int FileDescriptor { get; init; }

    /// <summary>The text that <see cref="BodySpan"/> is a part of.</summary>
    internal string Source { get; init; } = "";

    /// <summary>The lines with leading tabs taken away where <see cref="StripTabs"/> says so; variables are not expanded.</summary>
    public string Content => StripTabs ? HeredocText.StripTabs(Body) : Body;
}
