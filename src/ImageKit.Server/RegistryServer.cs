using System.Collections.Immutable;
using ImageKit.Posix;
using ImageKit.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ImageKit.Server;

/// <summary>
/// A registry in this process: it speaks the whole distribution protocol, keeps its content in memory or in a folder, and can be a pull-through
/// cache of others. It runs until it is disposed.
/// </summary>
/// <example><code>
/// await using RegistryServer server = await RegistryServer.StartAsync(new() { Listen = "127.0.0.1:0", Root = "/srv/registry" });
/// Console.WriteLine(server.Address); // http://127.0.0.1:41235
/// </code></example>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md"/>
public sealed class RegistryServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ServedFolder? _folder;
    private readonly MirrorRouting? _mirrors;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sweeping;
    private bool _isStopped;

    private RegistryServer(WebApplication host, ServedFolder? folder, MirrorRouting? mirrors, RegistryServerOptions options)
    {
        (_host, _folder, _mirrors, Options) = (host, folder, mirrors, options);
        _sweeping = folder is null || options.SweepInterval <= TimeSpan.Zero ? Task.CompletedTask : Task.Run(() => SweepAsync(folder, options, _stop.Token));
        Address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    /// <summary>How it works.</summary>
    public RegistryServerOptions Options { get; }

    /// <summary>Its URL, with the port that it took: `http://127.0.0.1:5000`.</summary>
    public string Address { get; }

    /// <summary>What should be known of the options: whether strangers may do as they like. Usually empty.</summary>
    public static ImmutableArray<string> WarningsOf(RegistryServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (ListenAddress.Parse(options.Listen).IsLoopback) return [];
        List<string> warnings = [];
        if (options.Htpasswd is null && !options.IsReadOnly) warnings.Add($"Everybody who reaches {options.Listen} may push and delete: there are no logins.");
        if (options.Certificate is null && options.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) != true) warnings.Add($"What goes to and from {options.Listen} can be read and changed on its way: there is no TLS{(options.Htpasswd is null ? "" : ", and passwords go with it")}.");
        return [.. warnings];
    }

    /// <summary>Starts a registry.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="ImageKitException">The address is none or taken (IK2070), the folder is served by another process (IK2071), the file of users (IK2072; also where a reader is none of them), of logins (IK2020), of
    /// rights (IK2077) or the certificate (IK2073) cannot be used, or a name of a registry to mirror is none (IK2074).</exception>
    /// <exception cref="ContentException">The folder cannot be written (IK1002, IK1003).</exception>
    public static async Task<RegistryServer> StartAsync(RegistryServerOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        ListenAddress address = ListenAddress.Parse(options.Listen);
        ImmutableArray<UpstreamName> upstreams = [.. options.MirrorOf.Select(UpstreamName.Parse)];
        if (upstreams.GroupBy(name => name.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ImageKitException("IK2074", $"Two registries to mirror go by the name '{twice.Key}'.", "", "Give one another name: NAME=HOST.");
        ServerCertificate? certificate = options.Certificate is { } file ? new(file, options.CertificateKey!, TimeProvider.System) : null;
        PasswordFile? users = options.Htpasswd is { } list ? new(list, TimeProvider.System) : null;
        if (users is not null && options.Readers.FirstOrDefault(reader => users.MarkOf(reader) is null) is { } stranger)
            throw new ImageKitException("IK2072", $"The reader '{stranger}' is no user of '{options.Htpasswd}'.", "", "See that the name is spelt well, or add the user with 'htpasswd -B FILE USER'.");
        if (options.MirrorLogins is { } logins && !File.Exists(logins))
            throw new ImageKitException("IK2020", $"The file of logins '{logins}' is not there.", "It was named for the registries to mirror.", "See that its name is spelt well, or leave it out: they are asked anonymously then.");
        ServedFolder? folder = options.Root is { } root ? ServedFolder.Open(root, options.MaxBytes) : null;
        MirrorRouting? mirrors = upstreams.IsEmpty ? null : new(upstreams, folder!.Cache, options, TimeProvider.System);
        try
        {
            FrontRules rules = new() { Mirrors = mirrors, PublicUrl = options.PublicUrl?.TrimEnd('/'), IsReadOnly = options.IsReadOnly, RefusesDeletion = options.RefusesDeletion, Log = options.Log };
            RegistryFront front = new(new(folder?.Content ?? (IServedContent)new MemoryContent()), WithGate(rules, users, options, folder));
            WebApplication host = WebHost.Create(address, options, certificate);
            host.Run(front.HandleAsync);
            await host.StartAsync(cancel).ConfigureAwait(false);
            return new(host, folder, mirrors, options);
        }
        catch (Exception e) when (e is IOException or AddressInUseException or System.Net.Sockets.SocketException or ImageKitException)
        {
            if (mirrors is not null) await mirrors.DisposeAsync().ConfigureAwait(false);
            folder?.Dispose();
            if (e is ImageKitException) throw;
            throw new ImageKitException("IK2070", $"'{options.Listen}' cannot be listened on.", e.Message, "Choose another address or port; port 0 takes a free one.", e);
        }
    }

    /// <summary>Takes no more requests, and ends when those that run are done, or when the time is up: then they are broken off.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (_isStopped) return;
        _isStopped = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        using (CancellationTokenSource late = new(patience)) await _host.StopAsync(late.Token).ConfigureAwait(false);
        if (_mirrors is not null) await _mirrors.DisposeAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a sweep that is broken off harms nothing
        await _host.DisposeAsync().ConfigureAwait(false);
        _folder?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Breaks off what runs, and stops.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    private static void Check(RegistryServerOptions options)
    {
        if (options.UsesTokens && options.Htpasswd is null) throw new ArgumentException("Tokens need a file of users.", nameof(options));
        if (options.Rights is not null && options.Htpasswd is null) throw new ArgumentException("Rights need a file of users.", nameof(options));
        if (options.Rights is not null && (options.AllowsAnonymousPull || !options.Readers.IsEmpty)) throw new ArgumentException("A file of rights says who may pull anonymously and who reads.", nameof(options));
        if (!options.MirrorOf.IsEmpty && options.Root is null) throw new ArgumentException("A mirror needs a folder.", nameof(options));
        if (options.MirrorLogins is not null && options.MirrorOf.IsEmpty) throw new ArgumentException("Logins for mirrored registries need registries to mirror.", nameof(options));
        if (options.MaxBytes is not null && options.Root is null) throw new ArgumentException("A limit of bytes needs a folder.", nameof(options));
        if ((options.Certificate is null) != (options.CertificateKey is null)) throw new ArgumentException("A certificate and its key belong together.", nameof(options));
    }

    private static FrontRules WithGate(FrontRules rules, PasswordFile? users, RegistryServerOptions options, ServedFolder? folder)
    {
        if (users is null) return rules;
        Func<AccessRights> rights;
        if (options.Rights is { } file)
        {
            rights = new WatchedFile<AccessRights>(file, AccessRights.Read, TimeSpan.FromSeconds(2), rules.Time).Current;
        }
        else
        {
            AccessRights fixedOnes = AccessRights.Of(options.AllowsAnonymousPull, options.Readers);
            rights = () => fixedOnes;
        }
        rules = rules with { TellsApart = options.Rights is not null };
        if (!options.UsesTokens) return rules with { Gate = new BasicGate(users, rights) };
        byte[] key = TokenKey.Read(options.TokenKey ?? folder?.TokenKeyPath);
        TokenGate tokens = new(users, new TokenSigner(key, rules.Time), new(options.TokenLifetime, options.AllowsAnonymousPull || options.Rights is not null, rights, rules.Time));
        return rules with { Gate = tokens, Tokens = tokens };
    }

    private static async Task SweepAsync(ServedFolder folder, RegistryServerOptions options, CancellationToken cancel)
    {
        TimeSpan age = options.SweepAge < DiskSweep.LeastAge ? DiskSweep.LeastAge : options.SweepAge;
        while (true)
        {
            await Task.Delay(options.SweepInterval, cancel).ConfigureAwait(false);
            await folder.SweepAsync(new SweepRules(age, Untagged: false, DryRun: false), cancel).ConfigureAwait(false);
        }
    }
}
