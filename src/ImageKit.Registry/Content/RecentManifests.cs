using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>The bytes of the manifests that were pushed last: a push by digest is followed by its tags.</summary>
internal sealed class RecentManifests
{
    private const int Most = 16;

    private readonly LinkedList<(Digest Digest, byte[] Bytes)> _kept = [];
    private readonly Lock _lock = new();

    public void Keep(Digest digest, byte[] bytes)
    {
        lock (_lock)
        {
            _kept.AddFirst((digest, bytes));
            if (_kept.Count > Most) _kept.RemoveLast();
        }
    }

    public byte[]? Find(Digest digest)
    {
        lock (_lock) return _kept.FirstOrDefault(kept => kept.Digest == digest).Bytes;
    }

    public void Forget(Digest digest)
    {
        lock (_lock)
        {
            for (LinkedListNode<(Digest Digest, byte[] Bytes)>? node = _kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Digest != digest) continue;
                _kept.Remove(node);
                return;
            }
        }
    }
}
