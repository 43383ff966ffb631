using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Everything that is configured of mirrors, and of how hosts are secured.</summary>
public sealed record MirrorConfiguration
{
    private static readonly Lazy<MirrorConfiguration> Machine = new(() => MirrorFiles.OfMachine().Read());

    /// <summary>Nothing configured: every registry is asked itself, with the system's certificates.</summary>
    public static MirrorConfiguration None { get; } = new();

    /// <summary>The files, read; of several that have a rule for a repository, the first decides.</summary>
    public ImmutableArray<IMirrorSource> Sources { get; init; } = [];

    /// <summary>Who says what a tag means, where no rule says.</summary>
    public TagPolicy Tags { get; init; } = TagPolicy.Verify;

    /// <summary>What becomes of mirrors where there is a login, where no rule says.</summary>
    public LoginPolicy Logins { get; init; } = LoginPolicy.SkipMirrors;

    /// <summary>Folders with a folder of certificates for each `host[:port]`, the first first.</summary>
    public ImmutableArray<string> CertificateFolders { get; init; } = [];

    /// <summary>What was found while reading.</summary>
    public ImmutableArray<ConfigurationDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>The files of this machine and user, read once in a process.</summary>
    public static MirrorConfiguration OfMachine() => Machine.Value;

    /// <summary>A configuration of given files.</summary>
    public static MirrorConfiguration Of(params ImmutableArray<IMirrorSource> sources) => new()
    {
        Sources = sources,
        Tags = sources.OfType<ImageKitToml>().Select(own => own.Tags).FirstOrDefault(tags => tags is not null) ?? TagPolicy.Verify,
        Logins = sources.OfType<ImageKitToml>().Select(own => own.Logins).FirstOrDefault(logins => logins is not null) ?? LoginPolicy.SkipMirrors,
        Diagnostics = [.. sources.SelectMany(source => source.Diagnostics)],
    };

    /// <summary>How a host is secured: what any file says of it, and its folder of certificates.</summary>
    /// <param name="host">`host` or `host:port`.</param>
    /// <exception cref="ImageKitException">A folder of certificates holds a half of a pair (IK2042).</exception>
    public EndpointTls TlsOf(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        EndpointTls tls = Sources.SelectMany(source => source.Hosts).Where(rule => rule.Matches(host)).Aggregate(EndpointTls.Standard, (all, rule) => all.And(rule.Tls));
        foreach (string folder in CertificateFolders)
        {
            ConfigurationFindings findings = new(folder);
            EndpointTls found = CertificateFolder.Read(Path.Combine(folder, host), findings);
            if (findings.Found.FirstOrDefault(finding => finding.IsError) is { } fault) throw new ImageKitException("IK2042", "A client's certificate has no key, or a key no certificate.", fault.Message, fault.Mend);
            if (!found.IsStandard) return tls.And(found); // the first folder that has something
        }
        return tls;
    }

    /// <summary>How the registry of a repository is secured, itself.</summary>
    public EndpointTls TlsOf(ImageReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Sources.Select(source => source.Find(reference)).OfType<MirrorRule>().Where(rule => rule.Upstream is null)
            .Aggregate(TlsOf(reference.Registry), (tls, rule) => tls.And(rule.Tls));
    }

    /// <summary>
    /// What registries.conf, if there is one, would make of a name that was written without a registry: its alias, or one for each search registry. ImageKit reads such names
    /// as Docker does, so that they mean the same on every machine; this is for telling somebody who expected otherwise.
    /// </summary>
    /// <returns>Empty for names of other registries than Docker Hub.</returns>
    public ImmutableArray<ImageReference> OtherMeanings(ImageReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Registry != ImageReference.DockerHub) return [];
        return [.. Sources.OfType<RegistriesConf>().SelectMany(conf => conf.Candidates(reference.Familiar)).Where(other => other.Name != reference.Name).Distinct()];
    }

    /// <summary>Fails if a file is broken: a mirror or a block that is silently left out is worse than an error.</summary>
    /// <exception cref="ImageKitException">A file is broken (IK2040).</exception>
    public void ThrowIfBroken()
    {
        if (Diagnostics.FirstOrDefault(finding => finding.IsError) is not { } fault) return;
        throw new ImageKitException("IK2040", $"The registry configuration in '{fault.Place.File}' is broken.", $"{fault.Place}: {fault.Message}",
            $"{(fault.Mend.Length > 0 ? fault.Mend : "Mend the file.")} A file of another tool can be left out with 'import' in imagekit.toml.");
    }

    /// <summary>What forbids a name, in whichever file; null if none does.</summary>
    internal Block? BlockOf(ImageReference reference) =>
        Sources.Select(source => source.Find(reference)).FirstOrDefault(rule => rule is { IsBlocked: true }) is { } rule ? new(reference.Familiar, rule) : null;

    /// <summary>What forbids a whole registry; null if none does.</summary>
    internal Block? BlockOf(RegistryHost host) =>
        // Rules are of repositories: the one of a repository that nobody has is that of the registry.
        ImageReference.TryParse($"{host.Name}/any-repository-of-it", out ImageReference? any) && any.Registry == host.Name && BlockOf(any) is { } block ? block with { Name = host.Name } : null;

    internal EndpointTls TlsOf(RegistryHost host)
    {
        EndpointTls tls = TlsOf(host.Name);
        return host.Authority == host.Name ? tls : tls.And(TlsOf(host.Authority));
    }
}
