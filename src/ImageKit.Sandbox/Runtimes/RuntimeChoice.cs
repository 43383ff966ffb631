using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ImageKit.Sandbox;

/// <summary>Chooses what runs the commands: the first runtime that is seen to work on this machine. What was seen is remembered until the next boot.</summary>
internal sealed class RuntimeChoice(string home, KeeperFolder folder, KeeperMode mode, ContainerRuntime builtIn)
{
    private const string Automatic = "auto";
    private const string Works = "works";
    private static readonly string[] Known = ["crun", "runc", "youki"];

    /// <summary>Chooses.</summary>
    /// <param name="wanted">`auto`, a name, `builtin` or a path.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The runtime, and a sentence if runtimes are installed of which none works.</returns>
    /// <exception cref="ImageKitException">The one that was asked for is not there or does not work (IK5004).</exception>
    public async Task<(ContainerRuntime Runtime, string? Warning)> ChooseAsync(string wanted, CancellationToken cancel)
    {
        if (wanted == BuiltInRuntime.BuiltIn) return (builtIn, null);
        if (wanted != Automatic) return (await RequireAsync(wanted, cancel).ConfigureAwait(false), null);
        List<string> failures = [];
        foreach (string path in Known.Select(SearchPath.Find).OfType<string>())
        {
            OciRuntime runtime = new(path);
            string failure = await ProbeAsync(runtime, cancel).ConfigureAwait(false);
            if (failure.Length == 0) return (runtime, null);
            failures.Add($"{path}: {failure}");
        }
        return (builtIn, failures.Count == 0 ? null : $"The built-in sandbox is used, because no installed runtime works here ({string.Join("; ", failures)}).");
    }

    private async Task<ContainerRuntime> RequireAsync(string wanted, CancellationToken cancel)
    {
        string path = (wanted.Contains('/') ? Path.GetFullPath(wanted) : SearchPath.Find(wanted)) is { } found && File.Exists(found) ? found
            : throw new ImageKitException("IK5004", $"The runtime '{wanted}' was not found.", "", "Install it, or leave --runtime out.");
        OciRuntime runtime = new(path);
        string failure = await ProbeAsync(runtime, cancel).ConfigureAwait(false);
        return failure.Length == 0 ? runtime
            : throw new ImageKitException("IK5004", $"The runtime '{path}' does not work on this machine.", failure, "Leave --runtime out, or choose another one.");
    }

    private async Task<string> ProbeAsync(OciRuntime runtime, CancellationToken cancel)
    {
        string verdict = VerdictPath(runtime.Name);
        if (File.Exists(verdict)) return await File.ReadAllTextAsync(verdict, cancel).ConfigureAwait(false) is var known && known == Works ? "" : known;
        string failure = await TryAsync(runtime, cancel).ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(verdict)!);
        string temporary = $"{verdict}.{Path.GetRandomFileName()}";
        await File.WriteAllTextAsync(temporary, failure.Length == 0 ? Works : failure, cancel).ConfigureAwait(false);
        File.Move(temporary, verdict, overwrite: true);
        return failure;
    }

    private async Task<string> TryAsync(OciRuntime runtime, CancellationToken cancel)
    {
        ControlGroups.PrepareFor(runtime.Name, mode);
        string place = folder.Next();
        string root = Path.Combine(place, "root");
        ProbeProgram.Write(root);
        foreach (string name in (string[])["proc", "dev", "sys"]) Directory.CreateDirectory(Path.Combine(root, name));
        RunRequest request = new() { Layers = [], Arguments = [ProbeProgram.Path] };
        RunBundle bundle = new(place, folder.ContainerId(place), BundleSpec.Of(request, root, [], folder.ContainerId(place), mode));
        bundle.Write();
        StringBuilder said = new();
        using RunControl control = new();
        int exitCode = await CommandRun.RunAsync(runtime, bundle, output => Append(said, output), control).ConfigureAwait(false);
        string failure = exitCode == 0 ? "" : bundle.ReadFailure() is { Length: > 0 } logged ? logged : $"{said} (exit code {exitCode})".Trim();
        KeeperFolder.RemoveTree(place);
        return failure;
    }

    private static void Append(StringBuilder said, RunOutput output)
    {
        lock (said) said.Append(Encoding.UTF8.GetString(output.Bytes.Span));
    }

    // Another program, another boot (its kernel, its settings), another user: another verdict.
    private string VerdictPath(string runtime)
    {
        string facts = string.Join('\n', runtime, File.GetLastWriteTimeUtc(runtime).Ticks.ToString(CultureInfo.InvariantCulture),
            File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), mode);
        return Path.Combine(home, "cache", "runtimes", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts)))[..32]);
    }
}
