using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>A file that says what is copied from which registry to which.</summary>
/// <remarks>`docs/sync.md` describes it.</remarks>
public sealed record SyncFile
{
    /// <summary>The rules, in the order of the file.</summary>
    public ImmutableArray<SyncRule> Rules { get; init; } = [];

    /// <summary>How many images are copied at once. 4 unless the file says otherwise.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>What is wrong, and what has no effect. A file with an error is not run.</summary>
    public ImmutableArray<ConfigurationDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>Reads the text of a file; what is wrong is in <see cref="Diagnostics"/>.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">The name for messages.</param>
    public static SyncFile Parse(string text, string file = "sync.yaml")
    {
        ArgumentNullException.ThrowIfNull(text);
        return new SyncFileReader(file).Read(text);
    }

    /// <summary>Fails if the file has an error.</summary>
    /// <exception cref="ImageKitException">It has (IK2050).</exception>
    public void ThrowIfBroken()
    {
        ImmutableArray<ConfigurationDiagnostic> errors = [.. Diagnostics.Where(finding => finding.IsError)];
        if (errors.IsEmpty) return;
        throw new ImageKitException("IK2050", $"The sync file {errors[0].Place.File} is broken.", string.Join(" ", errors.Select(error => $"{error.Place}: {error.Message}")), errors[0].Mend);
    }
}
