using System.Runtime.InteropServices;
using System.Text.Json;

namespace ImageKit.Sandbox;

/// <summary>
/// The first process of the built-in sandbox, in namespaces that util-linux has made: puts the root filesystem of a bundle together and becomes
/// its command. It does what an OCI runtime does with the same `config.json`.
/// </summary>
internal static class InitialProcess
{
    /// <summary>The exit code for a sandbox that could not be made, as Docker's.</summary>
    private const int NoContainer = 125;

    /// <summary>Becomes the command of a bundle.</summary>
    /// <param name="folder">The bundle.</param>
    /// <param name="terminal">The descriptor of the terminal that the command gets; null to keep the streams.</param>
    /// <returns>An exit code, only if that failed; why stands in the bundle's log.</returns>
    public static int Become(string folder, string? terminal)
    {
        try
        {
            RuntimeSpec spec = RunBundle.Read(folder);
            SandboxMounts.Make(spec, terminal);
            if (terminal is not null) CommandTerminal.Adopt(terminal);
            SetHostname(spec.Hostname);
            if (spec.Linux.Namespaces.Contains(new SpecNamespace("network"))) Loopback.Raise();
            _ = Libc.signal(Libc.BrokenPipeSignal, 0); // .NET ignores it, and the command would inherit that
            PointOfNoReturn.Pass(PointOfNoReturn.Prepare(spec));
            return NoContainer;
        }
        catch (IOException failure) // a refused system call, in its own words
        {
            using Utf8JsonWriter log = new(File.Create(Path.Combine(folder, "log")));
            log.WriteStartObject();
            log.WriteString("level", "error");
            log.WriteString("msg", failure.Message);
            log.WriteEndObject();
            return NoContainer;
        }
    }

    private static void SetHostname(string name)
    {
        if (Libc.sethostname(name, (nuint)name.Length) != 0) throw PosixCall.Failed("sethostname");
    }
}
