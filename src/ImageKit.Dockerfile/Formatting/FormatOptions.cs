namespace ImageKit.Dockerfile;

/// <summary>How <see cref="DockerfileFormat"/> writes.</summary>
public sealed record FormatOptions
{
    /// <summary>Whether instructions are written in lower case; else in upper case.</summary>
    public bool IsLowerCase { get; init; }

    /// <summary>How many blanks continued lines are indented by at least.</summary>
    public int Indent { get; init; } = 4;

    /// <summary>Whether lists of packages with one package a line are sorted, where apt, apk, dnf, yum or zypper installs them.</summary>
    public bool SortLists { get; init; }
}
