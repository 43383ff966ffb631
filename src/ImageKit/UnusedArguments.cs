using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>Tells of build arguments that no ARG declares: mostly misspelt ones.</summary>
internal static class UnusedArguments
{
    private static readonly string[] Undeclared = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY", "SOURCE_DATE_EPOCH"];

    /// <summary>One warning for all of them.</summary>
    public static void Warn(DockerfileBuild build, DockerfileSyntax syntax, BuildReport report)
    {
        HashSet<string> declared = [.. syntax.Instructions.Select(Inner).OfType<ArgInstruction>().SelectMany(arg => arg.Declarations).Select(declaration => declaration.Name.Text)];
        string[] unused = [.. build.Args.Keys.Where(name => !declared.Contains(name) && !IsKnown(name)).Order(StringComparer.Ordinal)];
        if (unused.Length > 0) report.Report(new Warning($"One or more build-args [{string.Join(' ', unused)}] were not consumed."));
    }

    private static Instruction Inner(Instruction instruction) => instruction is OnbuildInstruction onbuild ? onbuild.Trigger : instruction;

    private static bool IsKnown(string name) => Undeclared.Contains(name.ToUpperInvariant()) || name.StartsWith("BUILDKIT_", StringComparison.Ordinal)
        || name == "TARGETSTAGE" || PlatformArguments.Find(name, Platform.Local) is not null;
}
