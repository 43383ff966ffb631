namespace ImageKit;

/// <summary>A secret for `RUN --mount=type=secret`. Its value enters neither image nor cache key.</summary>
public sealed record Secret
{
    private Secret(string id) => Id = id;

    /// <summary>The name that the Dockerfile uses.</summary>
    public string Id { get; }

    /// <summary>The file that holds it; null if it is a value.</summary>
    internal string? Path { get; private init; }

    /// <summary>The value itself; null if it is in a file.</summary>
    internal string? Value { get; private init; }

    /// <summary>A secret in a file, which is read when a step asks for it.</summary>
    /// <param name="id">The name that the Dockerfile uses.</param>
    /// <param name="path">The file.</param>
    public static Secret FromFile(string id, string path) => new(id) { Path = System.IO.Path.GetFullPath(path) };

    /// <summary>A secret given as text.</summary>
    /// <param name="id">The name that the Dockerfile uses.</param>
    /// <param name="value">The secret.</param>
    public static Secret FromValue(string id, string value) => new(id) { Value = value };

    /// <summary>The name, never the value.</summary>
    public override string ToString() => $"secret {Id}";
}
