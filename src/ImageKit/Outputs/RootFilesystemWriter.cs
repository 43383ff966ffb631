using ImageKit.Assembly;
using ImageKit.Oci;

namespace ImageKit.Outputs;

/// <summary>Writes the files of the result's root filesystem, without any image around them.</summary>
internal sealed class RootFilesystemWriter(OutputContext context)
{
    /// <summary>Into a directory; several platforms each into one of its own.</summary>
    /// <exception cref="BuildException">The directory cannot be written (IK4050).</exception>
    public async Task<string> ToDirectoryAsync(string directory, CancellationToken cancel)
    {
        foreach (AssembledImage image in context.Images)
            await TarUnpacking.RunAsync(stream => WriteAsync(stream, [image], _ => "", cancel), Path.Combine(directory, Folder(image)), cancel).ConfigureAwait(false);
        return $"writing files to {directory}";
    }

    /// <summary>As a tar archive.</summary>
    public async Task<string> ToTarAsync(OutputTarget target, CancellationToken cancel)
    {
        await TargetFile.WriteAsync(target, stream => WriteAsync(stream, context.Images, Folder, cancel), cancel).ConfigureAwait(false);
        return $"writing the tar archive {target}";
    }

    private string Folder(AssembledImage image) => context.Images.Length == 1 ? "" : image.Lowered.Platform.ToString().Replace('/', '_');

    private static async Task WriteAsync(Stream stream, IEnumerable<AssembledImage> images, Func<AssembledImage, string> folder, CancellationToken cancel)
    {
        TarWriter tar = new(stream, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            foreach (AssembledImage image in images) await WriteAsync(tar, image, folder(image), cancel).ConfigureAwait(false);
            await tar.CompleteAsync(cancel).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(TarWriter tar, AssembledImage image, string folder, CancellationToken cancel)
    {
        Tree tree = await image.Snapshot.GetTreeAsync(cancel).ConfigureAwait(false);
        if (folder.Length > 0) await tar.WriteAsync(new TocEntry { Path = folder, Kind = EntryKind.Directory, Mode = 0x1ED }, cancel: cancel).ConfigureAwait(false);
        foreach (LayerItem item in tree.Root.ItemsAt(folder).Skip(1))
        {
            if (item.Entry.Kind != EntryKind.File || item.Entry.Size == 0 || item.Origin is null)
            {
                await tar.WriteAsync(item.Entry, cancel: cancel).ConfigureAwait(false);
                continue;
            }
            Stream content = await item.Origin.OpenAsync(item.SourceEntry, cancel).ConfigureAwait(false);
            await using (content.ConfigureAwait(false)) await tar.WriteAsync(item.Entry, content, cancel).ConfigureAwait(false);
        }
    }
}
