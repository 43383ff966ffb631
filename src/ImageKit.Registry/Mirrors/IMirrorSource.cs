using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>A configuration file, read: what it says of mirrors and of hosts.</summary>
public interface IMirrorSource
{
    /// <summary>The kind of file: `imagekit.toml`, `registries.conf`, `hosts.toml`, `daemon.json` or `buildkitd.toml`.</summary>
    string Format { get; }

    /// <summary>The rules, in the order of the file.</summary>
    ImmutableArray<MirrorRule> Rules { get; }

    /// <summary>How hosts are secured.</summary>
    ImmutableArray<HostRule> Hosts { get; }

    /// <summary>What is wrong, and what has no effect. A file with an error is not used: pulling fails with IK2040.</summary>
    ImmutableArray<ConfigurationDiagnostic> Diagnostics { get; }

    /// <summary>The rule for a repository: the one with the longest prefix, of equal ones the first; null if none matches.</summary>
    MirrorRule? Find(Oci.ImageReference reference) => MirrorRules.Longest(Rules, reference);
}
