using System.Diagnostics;

namespace ImageKit.Sandbox;

/// <summary>The built-in sandbox: util-linux makes the namespaces, the keeper's own program does the rest and becomes the command.</summary>
internal sealed class BuiltInRuntime(string unshare, KeeperProgram program) : ContainerRuntime
{
    /// <summary>What `--runtime` calls it.</summary>
    public const string BuiltIn = "builtin";

    /// <inheritdoc/>
    public override string Name => BuiltIn;

    /// <inheritdoc/>
    public override ProcessStartInfo ToStart(RunBundle bundle)
    {
        string[] network = bundle.Spec.Linux.Namespaces.Contains(new SpecNamespace("network")) ? ["--net"] : [];
        return new(unshare,
        [
            "--mount", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--propagation", "private", .. network, "--",
            program.File, .. program.Prefix, KeeperProcess.InitOption, bundle.Folder,
        ]);
    }
}
