using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Something that goes into a layer. Paths are relative to the layer's target; modes are the low twelve bits.</summary>
public abstract record LayerContent
{
    private protected LayerContent()
    {
    }

    /// <summary>Where it goes, below the layer's target; empty for the target itself.</summary>
    public required string Path { get; init; }

    /// <summary>The user id of the owner.</summary>
    public uint Uid { get; init; }

    /// <summary>The group id of the owner.</summary>
    public uint Gid { get; init; }

    /// <summary>A directory.</summary>
    public sealed record Folder : LayerContent
    {
        /// <summary>The mode.</summary>
        public int Mode { get; init; } = Modes.Directory;
    }

    /// <summary>A file of bytes in memory.</summary>
    public sealed record Bytes : LayerContent
    {
        /// <summary>What the file holds.</summary>
        public required ReadOnlyMemory<byte> Content { get; init; }

        /// <summary>The mode.</summary>
        public int Mode { get; init; } = Modes.File;
    }

    /// <summary>A file on this machine.</summary>
    public sealed record HostFile : LayerContent
    {
        /// <summary>The file to read.</summary>
        public required string HostPath { get; init; }

        /// <summary>The mode; null keeps whether the file may be executed: 0755 or 0644.</summary>
        public int? Mode { get; init; }
    }

    /// <summary>All that a directory of this machine holds.</summary>
    public sealed record HostDirectory : LayerContent
    {
        /// <summary>The directory to read.</summary>
        public required string HostPath { get; init; }

        /// <summary>Patterns of paths to leave out, such as `**/*.pdb`.</summary>
        public ImmutableArray<string> Exclude { get; init; } = [];

        /// <summary>The mode of files; null keeps whether they may be executed: 0755 or 0644.</summary>
        public int? FileMode { get; init; }

        /// <summary>The mode of directories.</summary>
        public int FolderMode { get; init; } = Modes.Directory;
    }

    /// <summary>A symbolic link.</summary>
    public sealed record Symlink : LayerContent
    {
        /// <summary>What the link says, kept as text.</summary>
        public required string Target { get; init; }
    }
}
