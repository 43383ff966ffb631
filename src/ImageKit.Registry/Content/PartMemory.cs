using System.Collections.Concurrent;

namespace ImageKit.Registry;

/// <summary>
/// The memory in which parts of blobs lie until they are read, used again and again: so much for all blobs of a client together. A blob that
/// has no part at all may take one beyond that, so that nobody waits for a reader who waits for him.
/// </summary>
internal sealed class PartMemory(RangeWidth width)
{
    private readonly ConcurrentBag<byte[]> _free = [];
    private int _left = (int)Math.Max(1, width.MemoryBytes / width.PartBytes);

    /// <summary>Takes room for a part.</summary>
    /// <param name="beyond">Whether there is room even where all is taken.</param>
    /// <returns>Null if all is taken.</returns>
    public byte[]? Take(bool beyond)
    {
        if (Interlocked.Decrement(ref _left) < 0 && !beyond)
        {
            Interlocked.Increment(ref _left);
            return null;
        }
        return _free.TryTake(out byte[]? known) ? known : GC.AllocateUninitializedArray<byte>(width.PartBytes);
    }

    /// <summary>Gives the room back.</summary>
    public void GiveBack(byte[] part)
    {
        if (Interlocked.Increment(ref _left) > 0) _free.Add(part); // what was taken beyond is not kept
    }
}
