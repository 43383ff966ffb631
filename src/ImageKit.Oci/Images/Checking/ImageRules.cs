using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>What manifest, configuration and index entry of one image have to agree on.</summary>
internal static class ImageRules
{
    /// <summary>What they do not agree on, one sentence each.</summary>
    public static IEnumerable<string> Faults(Descriptor entry, ImageConfig config, int layers)
    {
        if (config.Rootfs.DiffIds.Length != layers) yield return $"It lists {layers} layers, and its configuration {config.Rootfs.DiffIds.Length}.";
        if (config.History is { Length: > 0 } history && history.Count(line => line.EmptyLayer != true) is var lines && lines != layers)
            yield return $"It lists {layers} layers, and its history speaks of {lines}.";
        if (entry.Platform is { Os: not "unknown" } said && (said.Os != config.Os || said.Architecture != config.Architecture))
            yield return $"Its index offers it for {said.Os}/{said.Architecture}, and its configuration says {config.Os}/{config.Architecture}.";
    }
}
