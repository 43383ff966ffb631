using System.Diagnostics;
using System.Globalization;

namespace ImageKit.Sandbox;

/// <summary>The built-in sandbox: util-linux makes the namespaces, the keeper's own program does the rest and becomes the command.</summary>
internal sealed class BuiltInRuntime(string unshare, KeeperProgram program) : ContainerRuntime
{
    /// <summary>What `--runtime` calls it.</summary>
    public const string BuiltIn = "builtin";

    /// <inheritdoc/>
    public override string Name => BuiltIn;

    /// <inheritdoc/>
    public override bool WantsTerminal => true;

    /// <inheritdoc/>
    public override ProcessStartInfo ToStart(RunBundle bundle, int? terminal)
    {
        string[] network = bundle.Spec.Linux.Namespaces.Contains(new SpecNamespace("network")) ? ["--net"] : [];
        string[] end = terminal is { } descriptor ? [descriptor.ToString(CultureInfo.InvariantCulture)] : [];
        return new(unshare,
        [
            "--mount", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--propagation", "private", .. network, "--",
            program.File, .. program.Prefix, KeeperProcess.InitOption, bundle.Folder, .. end,
        ]);
    }
}
