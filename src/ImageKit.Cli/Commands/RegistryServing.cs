using System.Runtime.CompilerServices;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Server;

namespace ImageKit.Cli.Commands;

/// <summary>Runs the server. Nothing else in the tool may name its types: they load the web server.</summary>
internal static class RegistryServing
{
    /// <summary>Serves until it is cancelled.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<int> RunAsync(RegistryServeArguments arguments, CancellationToken cancel)
    {
        RegistryServerOptions options = new()
        {
            Listen = arguments.Listen,
            Root = arguments.Root,
            MirrorOf = arguments.MirrorOf,
            MirrorLogins = arguments.MirrorLogin,
            TagLifetime = arguments.TagTtl,
            MaxBytes = arguments.MaxSize,
            Htpasswd = arguments.Htpasswd,
            UsesTokens = arguments.Token,
            TokenLifetime = arguments.TokenTtl,
            TokenKey = arguments.TokenKey,
            AllowsAnonymousPull = arguments.AnonymousPull,
            Readers = arguments.Readers,
            Rights = arguments.Rights,
            PublicUrl = arguments.Url,
            Certificate = arguments.TlsCert,
            CertificateKey = arguments.TlsKey,
            IsReadOnly = arguments.ReadOnly,
            RefusesDeletion = arguments.NoDelete,
            SweepInterval = arguments.GcInterval,
            SweepAge = arguments.GcAge,
            Log = arguments.Log == "none" ? null : new RequestLines(Console.Error, arguments.Log == "json"),
        };
        foreach (string warning in RegistryServer.WarningsOf(options)) Console.Error.WriteLine($"warning: {warning}");
        await using RegistryServer server = await RegistryServer.StartAsync(options, cancel);
        Console.Out.WriteLine(server.Address);
        Console.Error.WriteLine($"serving {(arguments.Root is null ? "from memory" : $"'{arguments.Root}'")}{(arguments.MirrorOf.IsEmpty ? "" : $", a mirror of {string.Join(", ", arguments.MirrorOf)}")}; Ctrl-C ends it");
        await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Console.Error.WriteLine($"stopping: requests that run have {HumanText.Seconds(arguments.Grace)} to end");
        await server.StopAsync(arguments.Grace);
        return ExitCode.Success;
    }

    /// <summary>Frees what nobody needs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<int> SweepAsync(string? root, string age, bool untagged, bool dryRun, CancellationToken cancel)
    {
        SweepReport report = await RegistryFolder.SweepAsync(root ?? RegistryServeArguments.UsualRoot(), SizeText.Age(age), untagged, dryRun, cancel);
        string manifests = untagged ? $"{report.Manifests} untagged manifests, " : "";
        Console.Out.WriteLine($"{(dryRun ? "would free" : "freed")} {HumanText.Size(report.Bytes)}: {manifests}{report.Blobs} blobs, {report.Uploads} unfinished uploads");
        return ExitCode.Success;
    }
}
