using ImageKit.Oci;

namespace ImageKit.Resolving;

/// <summary>The value of `--build-context name=…`. Closed: a directory, an image of a layout, or an image of a registry.</summary>
internal abstract record NamedContext
{
    private const string Image = "docker-image://";

    /// <exception cref="BuildException">The value is none (IK4004), or of a kind that is not supported (IK4005).</exception>
    public static NamedContext Parse(string name, string value)
    {
        if (LayoutPlace.Is(value)) return new LayoutContext(LayoutPlace.Parse(value));
        if (value.StartsWith(Image, StringComparison.Ordinal))
        {
            string text = value[Image.Length..];
            if (text == "scratch") return new ScratchContext();
            return ImageReference.TryParse(text, out ImageReference? reference) ? new ImageContext(reference) : throw new BuildException("IK4004",
                $"The build context '{name}' is no image: '{text}'.", "It is no reference.", "Write docker-image:// and a name such as debian:12.");
        }
        if (value.Contains("://", StringComparison.Ordinal) || value.StartsWith("target:", StringComparison.Ordinal)) throw new BuildException("IK4005",
            $"The build context '{name}={value}' is not supported.", "A context is a directory, oci-layout:// or docker-image://.", "Fetch it into a directory first.");
        return Directory.Exists(value) ? new DirectoryNamedContext(Path.GetFullPath(value)) : throw new BuildException("IK4004",
            $"The build context '{name}' is not there: '{value}'.", "There is no such directory.", "Check the path.");
    }
}

/// <summary>A directory of the machine.</summary>
internal sealed record DirectoryNamedContext(string Directory) : NamedContext;

/// <summary>Nothing (`docker-image://scratch`).</summary>
internal sealed record ScratchContext : NamedContext;

/// <summary>An image of the store or a registry.</summary>
internal sealed record ImageContext(ImageReference Reference) : NamedContext;

/// <summary>An image in an OCI layout.</summary>
internal sealed record LayoutContext(LayoutPlace Place) : NamedContext;
