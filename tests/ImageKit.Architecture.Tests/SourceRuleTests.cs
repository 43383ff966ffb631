using System.Text.RegularExpressions;

namespace ImageKit.Architecture.Tests;

/// <summary>Rules about source text that no analyzer knows.</summary>
internal sealed partial class SourceRuleTests
{
    private const int MostLines = 400;

    private static readonly string[] ForbiddenWords =
        ["Helper", "Helpers", "Manager", "Managers", "Util", "Utils", "Utility", "Utilities", "Common", "Impl", "Misc"];

    [Test]
    public void No_file_is_longer_than_400_lines() =>
        Assert.That(Repository.Sources.Where(file => file.Text.AsSpan().Count('\n') > MostLines).Select(file => file.Path), Is.Empty);

    [Test]
    public void Native_calls_stand_in_Posix_and_Sandbox_alone() =>
        Assert.That(Offenders(NativeCall(), file => file.Project is not ("ImageKit.Posix" or "ImageKit.Sandbox")), Is.Empty);

    [Test]
    public void Exceptions_of_every_kind_are_caught_in_Program_alone() =>
        Assert.That(Offenders(CatchAll(), file => Path.GetFileName(file.Path) != "Program.cs"), Is.Empty);

    [Test]
    public void Libraries_write_to_no_console() =>
        Assert.That(Offenders(ConsoleUse(), file => file.Project is not ("ImageKit.Cli" or "ImageKit.Sandbox.Keeper" or "ImageKit.MSBuild")), Is.Empty);

    [Test]
    public void Libraries_pick_no_exit_code() =>
        Assert.That(Offenders(Exit(), file => file.Project is not ("ImageKit.Cli" or "ImageKit.Sandbox.Keeper")), Is.Empty);

    [Test]
    public void The_Dockerfile_project_touches_no_file_and_starts_no_process() =>
        Assert.That(Offenders(Outside(), file => file.Project == "ImageKit.Dockerfile"), Is.Empty);

    [Test]
    public void Nothing_is_left_to_be_done_later() =>
        Assert.That(from file in Repository.Sources where Unfinished().IsMatch(file.Text) select file.Path, Is.Empty);

    [Test]
    public void Types_and_files_have_names_that_say_something()
    {
        IEnumerable<string> types = from file in Repository.Sources
                                    from Match type in TypeName().Matches(file.Code)
                                    where Words(type.Groups[1].Value).Intersect(ForbiddenWords).Any()
                                    select $"{file.Path}: {type.Groups[1].Value}";
        IEnumerable<string> paths = from file in Repository.Sources
                                    where file.Path.Split('/', '.').SelectMany(Words).Intersect(ForbiddenWords).Any()
                                    select file.Path;
        Assert.That(types.Concat(paths), Is.Empty);
    }

    private static IEnumerable<string> Offenders(Regex pattern, Func<SourceFile, bool> ruled) =>
        from file in Repository.Sources
        where ruled(file)
        let found = pattern.Match(file.Code)
        where found.Success
        select $"{file.Path}: {found.Value}";

    private static IEnumerable<string> Words(string name) => Word().Matches(name).Select(word => word.Value);

    [GeneratedRegex(@"\[\s*(LibraryImport|DllImport)\b|\bNativeLibrary\.|\bdelegate\* unmanaged")]
    private static partial Regex NativeCall();

    // With a filter it names its kinds; with a bare throw at its end it only tidies up.
    [GeneratedRegex(@"\bcatch\s*(\(\s*(System\.)?Exception\b[^)]*\)(?!\s*when\b))?\s*\{(?![^{}]*\bthrow;\s*\})")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\bConsole\.(Out|Error|Write|WriteLine|In|Read\w*|OpenStandard\w+)\b")]
    private static partial Regex ConsoleUse();

    [GeneratedRegex(@"\bEnvironment\.Exit(Code)?\b")]
    private static partial Regex Exit();

    [GeneratedRegex(@"\bFile\.(Read|Write|Open|Exists|Create|Delete|Copy|Move)\w*\(|\bDirectory\.\w+\(|\bnew FileStream\b|\bProcess\.Start\b|\bHttpClient\b|\bSocket\b")]
    private static partial Regex Outside();

    [GeneratedRegex(@"\bNotImplementedException\b|\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\b(?:class|interface|enum|record struct|record class|record|struct)\s+([A-Z]\w*)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"[A-Z][a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();
}
