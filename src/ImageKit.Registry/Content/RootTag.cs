using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// The tag that the root of a push is to have, where it is known before: it is asked for in place of the root's digest, and the root is written
/// under it, so that neither costs a request of its own.
/// </summary>
/// <param name="tag">The tag, or null.</param>
internal sealed class RootTag(string? tag)
{
    private readonly Lock _lock = new();
    private Digest _root; // the first manifest that was asked for
    private Digest? _points; // what the tag points at, as far as we were told or told
    private bool _asked;

    /// <summary>The tag to ask for in place of a manifest; null for its digest.</summary>
    public string? Ask(Digest manifest)
    {
        lock (_lock)
        {
            if (tag is null || !_root.IsDefault) return null;
            _root = manifest;
            return tag;
        }
    }

    /// <summary>Takes note of what the registry said of the tag.</summary>
    /// <returns>Whether it points at the manifest.</returns>
    public bool Is(Descriptor? found, Digest manifest)
    {
        lock (_lock) (_points, _asked) = (found?.Digest, true);
        return found?.Digest == manifest;
    }

    /// <summary>The tag that a manifest is written under; null for its digest.</summary>
    public string? TagOf(Digest manifest)
    {
        lock (_lock) return manifest == _root ? tag : null;
    }

    /// <summary>Takes note of what a tag points at now.</summary>
    public void Points(string name, Digest? manifest)
    {
        lock (_lock) if (name == tag) (_points, _asked) = (manifest, true);
    }

    /// <summary>Nothing is known any more.</summary>
    public void Forget()
    {
        lock (_lock) (_points, _asked) = (null, false);
    }

    /// <summary>Whether a tag is known to point at a manifest.</summary>
    public bool IsRight(string name, Digest manifest)
    {
        lock (_lock) return name == tag && _points == manifest;
    }

    /// <summary>Whether it is known what a tag points at.</summary>
    public bool IsAsked(string name)
    {
        lock (_lock) return name == tag && _asked;
    }
}
