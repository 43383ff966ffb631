using System.Diagnostics;

namespace ImageKit.Sandbox;

/// <summary>crun, runc, youki, or another program with their command line.</summary>
internal sealed class OciRuntime(string path) : ContainerRuntime
{
    /// <inheritdoc/>
    public override string Name => path;

    private bool IsCrun => Path.GetFileName(path).Contains("crun", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override ProcessStartInfo ToStart(RunBundle bundle, int? terminal)
    {
        string[] cgroups = IsCrun ? ["--cgroup-manager=disabled"] : [];
        return new(path,
            ["--root", bundle.State, "--log", bundle.Log, "--log-format", "json", .. cgroups, "run", "--bundle", bundle.Folder, bundle.Id]);
    }
}
