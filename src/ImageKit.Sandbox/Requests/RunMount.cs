using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ImageKit.Oci;

namespace ImageKit.Sandbox;

/// <summary>Something mounted into a command's root filesystem for this run alone. Missing mount points are made, and leave no trace in the layer.</summary>
/// <param name="Target">Where, as an absolute path inside the root filesystem; links in it are followed inside the root.</param>
[JsonDerivedType(typeof(BindMount), "bind")]
[JsonDerivedType(typeof(LayersMount), "layers")]
[JsonDerivedType(typeof(TemporaryMount), "temporary")]
public abstract record RunMount(string Target)
{
    private protected static string Absolute(string target) =>
        target.StartsWith('/') && target.Trim('/').Length > 0 ? target
            : throw new ArgumentException($"The mount target '{target}' is no absolute path below the root.", nameof(target));
}

/// <summary>A file or directory of the machine.</summary>
/// <param name="Source">Its absolute path on the machine.</param>
/// <param name="Target">Where, as an absolute path inside the root filesystem.</param>
/// <param name="ReadOnly">Whether writing to it is refused.</param>
public sealed record BindMount(string Source, string Target, bool ReadOnly) : RunMount(Absolute(Target));

/// <summary>A path inside a stack of layers: another image, another stage.</summary>
/// <param name="Layers">The diffIDs, lowest first.</param>
/// <param name="Source">The path inside the stack, absolute; `/` for all of it. Links are followed inside the stack.</param>
/// <param name="Target">Where, as an absolute path inside the root filesystem.</param>
/// <param name="ReadOnly">Whether writing to it is refused; what is written otherwise is thrown away.</param>
public sealed record LayersMount(ImmutableArray<Digest> Layers, string Source, string Target, bool ReadOnly) : RunMount(Absolute(Target));

/// <summary>An empty file system in memory.</summary>
/// <param name="Target">Where, as an absolute path inside the root filesystem.</param>
/// <param name="Bytes">The most it may hold; 0 for the kernel's own limit, half of the memory.</param>
/// <param name="Mode">The mode of its root directory, such as 1777 octal.</param>
public sealed record TemporaryMount(string Target, long Bytes = 0, int Mode = 0b1_111_111_111) : RunMount(Absolute(Target));
