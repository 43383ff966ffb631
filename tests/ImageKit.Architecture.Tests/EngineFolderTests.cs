using System.Text.RegularExpressions;

namespace ImageKit.Architecture.Tests;

/// <summary>Inside the engine: Lowering, Outputs → Solving → Caching → Operations → Snapshots, and who sees which neighbour.</summary>
internal sealed partial class EngineFolderTests
{
    // A folder may use those of a lower level. Folders that are not listed are below or beside the chain.
    private static readonly Dictionary<string, int> Level = new()
    {
        ["Lowering"] = 5,
        ["Outputs"] = 5,
        ["Solving"] = 4,
        ["Caching"] = 3,
        ["Operations"] = 2,
        ["Snapshots"] = 1,
    };

    private static IEnumerable<SourceFile> Engine => Repository.Sources.Where(file => file.Project == "ImageKit");

    [Test]
    public void A_folder_of_the_engine_uses_lower_ones_alone()
    {
        IEnumerable<string> upward = from file in Engine
                                     where Level.ContainsKey(file.Folder)
                                     from used in Used(file)
                                     where used != file.Folder && Level[used] >= Level[file.Folder]
                                     select $"{file.Path} uses {used}";
        Assert.That(upward, Is.Empty);
    }

    [Test]
    public void The_door_Resolving_and_Lowering_alone_see_the_syntax_of_Dockerfiles()
    {
        IEnumerable<string> others = from file in Engine
                                     where file.Folder is not ("" or "Resolving" or "Lowering" or "Contexts" or "Operations")
                                     where DockerfileUse().IsMatch(file.Code)
                                     select file.Path;
        IEnumerable<string> ofSyntax = from file in Engine
                                       where file.Folder is "Contexts" or "Operations"
                                       where SyntaxUse().IsMatch(file.Code)
                                       select file.Path;
        Assert.That(others.Concat(ofSyntax), Is.Empty);
    }

    [Test]
    public void Snapshots_and_the_RUN_operation_alone_see_the_sandbox()
    {
        IEnumerable<string> others = from file in Engine
                                     where file.Folder is not ("" or "Snapshots") && !(file.Folder == "Operations" && Path.GetFileName(file.Path).StartsWith("Run", StringComparison.Ordinal))
                                     where SandboxUse().IsMatch(file.Code)
                                     select file.Path;
        Assert.That(others, Is.Empty);
    }

    private static IEnumerable<string> Used(SourceFile file) =>
        FolderUse().Matches(file.Code).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"(?:\bImageKit\.|(?<![\w.]))(Lowering|Outputs|Solving|Caching|Operations|Snapshots)(?=;|\.[A-Z])")]
    private static partial Regex FolderUse();

    [GeneratedRegex(@"\busing (static )?ImageKit\.Dockerfile\b|(?<!namespace )\bImageKit\.Dockerfile\.")]
    private static partial Regex DockerfileUse();

    [GeneratedRegex(@"\bImageKit\.Dockerfile\.Syntax\b|\bDockerfileParser\b|\w+Instruction\b")]
    private static partial Regex SyntaxUse();

    [GeneratedRegex(@"\bImageKit\.Sandbox\b")]
    private static partial Regex SandboxUse();
}
