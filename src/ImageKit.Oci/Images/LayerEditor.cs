using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Oci;

/// <summary>
/// Collects what goes into a layer. <see cref="Owner"/>, <see cref="Mode"/> and <see cref="Exclude"/> speak of the content added last.
/// </summary>
public sealed class LayerEditor
{
    private readonly string _target;
    private readonly ImmutableArray<LayerContent>.Builder _contents = ImmutableArray.CreateBuilder<LayerContent>();

    internal LayerEditor(string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        if (!target.StartsWith('/')) throw new ArgumentException($"'{target}' is not absolute: begin it with '/'.", nameof(target));
        _target = target;
    }

    /// <summary>Adds all that a directory of this machine holds, at <paramref name="path"/> below the layer's target.</summary>
    public LayerEditor AddDirectory(string hostPath, string path = "") => Add(new LayerContent.HostDirectory { HostPath = hostPath, Path = Checked(path) });

    /// <summary>Adds an empty directory, with the mode 755.</summary>
    public LayerEditor AddFolder(string path) => Add(new LayerContent.Folder { Path = Checked(path) });

    /// <summary>Adds a file of this machine under its own name.</summary>
    public LayerEditor AddFile(string hostPath) => AddFile(Path.GetFileName(hostPath), new FileInfo(hostPath));

    /// <summary>Adds a file of this machine under another name.</summary>
    public LayerEditor AddFile(string path, FileInfo hostFile)
    {
        ArgumentNullException.ThrowIfNull(hostFile);
        return Add(new LayerContent.HostFile { HostPath = hostFile.FullName, Path = Checked(path) });
    }

    /// <summary>Adds a file with these bytes, with the mode 644.</summary>
    public LayerEditor AddFile(string path, ReadOnlyMemory<byte> content) => Add(new LayerContent.Bytes { Path = Checked(path), Content = content });

    /// <summary>Adds a file with this text in UTF-8, with the mode 644.</summary>
    public LayerEditor AddFile(string path, string text) => AddFile(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a symbolic link that says <paramref name="target"/>.</summary>
    public LayerEditor AddSymlink(string path, string target) => Add(new LayerContent.Symlink { Path = Checked(path), Target = target });

    /// <summary>Sets the owner of the content added last.</summary>
    public LayerEditor Owner(uint uid, uint gid) => Change(content => content with { Uid = uid, Gid = gid });

    /// <summary>Sets the modes of the content added last, in octal text as users write them: `755`, `0644`.</summary>
    public LayerEditor Mode(string? dirs = null, string? files = null)
    {
        int? dirMode = Octal(dirs, nameof(dirs)), fileMode = Octal(files, nameof(files));
        return Change(content => content switch
        {
            LayerContent.HostDirectory directory => directory with { FolderMode = dirMode ?? directory.FolderMode, FileMode = fileMode ?? directory.FileMode },
            LayerContent.Folder folder => folder with { Mode = dirMode ?? folder.Mode },
            LayerContent.HostFile file => file with { Mode = fileMode ?? file.Mode },
            LayerContent.Bytes bytes => bytes with { Mode = fileMode ?? bytes.Mode },
            _ => content,
        });
    }

    /// <summary>Leaves out what the patterns name of the directory added last: `*`, `?` within a name, `**` for any depth.</summary>
    public LayerEditor Exclude(params string[] patterns) => Change(content => content is LayerContent.HostDirectory directory
        ? directory with { Exclude = directory.Exclude.AddRange(patterns) }
        : throw new InvalidOperationException("Exclude speaks of a directory: call it after AddDirectory."));

    internal FilesLayer Finish() => new() { Target = _target, Contents = _contents.ToImmutable() };

    private LayerEditor Add(LayerContent content)
    {
        _contents.Add(content);
        return this;
    }

    private LayerEditor Change(Func<LayerContent, LayerContent> change)
    {
        if (_contents.Count == 0) throw new InvalidOperationException("Add something first: this speaks of the content added last.");
        _contents[^1] = change(_contents[^1]);
        return this;
    }

    private static string Checked(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Split('/').Contains("..") ? throw new ArgumentException($"'{path}' leaves the layer's target.", nameof(path)) : path;
    }

    private static int? Octal(string? text, string name)
    {
        if (text is null) return null;
        if (text.Length is 0 or > 5 || text.Any(c => c is < '0' or > '7')) throw new ArgumentException($"'{text}' is no mode: write it in octal, such as 755.", name);
        int mode = Convert.ToInt32(text, 8);
        return mode <= 0xFFF ? mode : throw new ArgumentException($"'{text}' has more than the twelve bits of a mode.", name);
    }
}
