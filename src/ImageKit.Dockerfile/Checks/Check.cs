namespace ImageKit.Dockerfile;

/// <summary>A build check: a rule that finds doubtful things in a file that can be built.</summary>
/// <param name="Code">Its stable code.</param>
/// <param name="Name">Its name, as BuildKit calls it: <c>StageNameCasing</c>.</param>
/// <param name="Title">What it asks for, in one sentence.</param>
/// <param name="Find">Finds violations in a file.</param>
public sealed record Check(string Code, string Name, string Title, Func<DockerfileSyntax, IEnumerable<Diagnostic>> Find);
