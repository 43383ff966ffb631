using System.Xml.Linq;

namespace ImageKit.Architecture.Tests;

/// <summary>The projects, and the only edges between them.</summary>
internal sealed class ProjectEdgeTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ImageKit.Posix"] = [],
        ["ImageKit.Dockerfile"] = [],
        ["ImageKit.Oci"] = ["ImageKit.Posix"],
        ["ImageKit.Registry"] = ["ImageKit.Oci"],
        ["ImageKit.Sandbox"] = ["ImageKit.Oci", "ImageKit.Posix"],
        ["ImageKit.Sandbox.Keeper"] = ["ImageKit.Sandbox"],
        ["ImageKit"] = ["ImageKit.Dockerfile", "ImageKit.Registry", "ImageKit.Sandbox"],
        ["ImageKit.Server"] = ["ImageKit"],
        ["ImageKit.Testing"] = ["ImageKit.Oci", "ImageKit.Registry"],
        ["ImageKit.MSBuild"] = ["ImageKit"],
        ["ImageKit.Cli"] = ["ImageKit", "ImageKit.Server"],
    };

    private static IEnumerable<TestCaseData> Projects() =>
        from path in Repository.FilesUnder("src", "*.csproj")
        select new TestCaseData(path).SetArgDisplayNames(Path.GetFileNameWithoutExtension(path));

    [TestCaseSource(nameof(Projects))]
    public void A_project_refers_to_no_other_than_its_edges_allow(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        Assert.That(Allowed.Keys, Has.Member(name), "a new project needs its edges written down here and in docs/architecture.md");
        Assert.That(References(path), Is.SubsetOf(Allowed[name]));
    }

    [Test]
    public void Every_project_and_test_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "ImageKit.sln")).Replace('\\', '/');
        IEnumerable<string> outside = Repository.FilesUnder("src", "*.csproj").Concat(Repository.FilesUnder("tests", "*.csproj"))
            .Where(path => !solution.Contains(path, StringComparison.Ordinal));
        Assert.That(outside, Is.Empty);
    }

    [Test]
    public void Package_versions_stand_in_the_central_file_alone()
    {
        IEnumerable<string> versions = from path in Repository.FilesUnder(".", "*.csproj")
                                       from package in XDocument.Load(Path.Combine(Repository.Root, path)).Descendants("PackageReference")
                                       where package.Attribute("Version") is not null
                                       select $"{path}: {package.Attribute("Include")?.Value}";
        Assert.That(versions, Is.Empty);
    }

    // A reference that hands over no assembly (the keeper, which lies beside the tool) is no edge of code.
    private static IEnumerable<string> References(string path) =>
        from reference in XDocument.Load(Path.Combine(Repository.Root, path)).Descendants("ProjectReference")
        where reference.Attribute("ReferenceOutputAssembly")?.Value != "false"
        select Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
}
