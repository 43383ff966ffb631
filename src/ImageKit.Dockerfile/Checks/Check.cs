using System.Globalization;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>A build check: a rule that finds doubtful things in a file that can be built.</summary>
/// <param name="Code">Its stable code.</param>
/// <param name="Name">Its name, as BuildKit calls it: <c>StageNameCasing</c>.</param>
/// <param name="Title">What it asks for, in one sentence.</param>
/// <param name="Find">Finds violations; they are warnings with the code and the name of the check, see <see cref="Violation"/>.</param>
public sealed record Check(string Code, string Name, string Title, Func<CheckedFile, IEnumerable<Violation>> Find)
{
    /// <summary>Whether it runs only if the file or the caller asks for it (<c># check=experimental=Name</c>).</summary>
    public bool IsExperimental { get; init; }

    /// <summary>Whether a build runs it only in the stages that it reaches.</summary>
    public bool NeedsReachedStage { get; init; }

    /// <summary>Whether it finds what other builders do silently and differently from what is written, so that <see cref="CheckOptions.Strict"/> makes errors of its violations.</summary>
    public bool IsSilentElsewhere { get; init; }

    /// <summary>Whether no build can succeed with what it finds: its violations are errors, not warnings.</summary>
    public bool IsError { get; init; }

    /// <summary>Where the check is explained; null if nowhere.</summary>
    public Uri? Help { get; init; }

    /// <summary>The name in small letters and dashes, as in addresses: <c>stage-name-casing</c>.</summary>
    public string Slug
    {
        get
        {
            StringBuilder slug = new();
            for (int i = 0; i < Name.Length; i++)
            {
                // A new word begins at a capital behind a small letter, and at the last of several capitals.
                bool begins = char.IsUpper(Name[i]) && i > 0 && (!char.IsUpper(Name[i - 1]) || (i + 1 < Name.Length && char.IsLower(Name[i + 1])));
                if (begins) slug.Append('-');
                slug.Append(char.ToLower(Name[i], CultureInfo.InvariantCulture));
            }

            return slug.ToString();
        }
    }
}

/// <summary>A place that breaks a check.</summary>
/// <param name="Span">Where it is.</param>
/// <param name="Message">What is wrong, in BuildKit's words.</param>
/// <param name="Mend">What to write instead; null where the message says it.</param>
public readonly record struct Violation(SourceSpan Span, string Message, string? Mend = null);
