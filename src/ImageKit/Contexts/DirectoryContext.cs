using System.Collections.Concurrent;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Contexts;

/// <summary>A directory of the machine. Files are hashed when they are first copied; after that, stamps tell which have changed.</summary>
/// <param name="directory">The directory, absolute.</param>
/// <param name="ignore">What of it is not seen.</param>
/// <param name="memoFile">Where hashes are kept between builds.</param>
/// <param name="time">The clock that tells which files are too young to be trusted.</param>
internal sealed class DirectoryContext(string directory, IgnorePatterns ignore, string memoFile, TimeProvider time) : BuildContext
{
    private readonly DirectoryRoot _root = DirectoryRoot.Open(directory);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private DirectoryScan? _scan;
    private Tree? _tree;

    public override string Description => directory;

    public override IgnorePatterns Ignore { get; set; } = ignore;

    public override async ValueTask<Tree> GetTreeAsync(CancellationToken cancel)
    {
        if (_tree is not null) return _tree;
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_tree is not null) return _tree;
            _scan = new DirectoryScan(_root, Ignore, StatMemo.Load(memoFile), time.GetUtcNow());
            return _tree = Tree.Of(_scan.Run(cancel));
        }
        finally
        {
            _gate.Release();
        }
    }

    public override Task RememberAsync(CancellationToken cancel)
    {
        try
        {
            if (_scan?.Settled() is { } known) StatMemo.Save(memoFile, known);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // a memo: without it the next build reads more, and that is all
        {
            return Task.CompletedTask;
        }
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _root.Dispose();
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The files of a directory, and what was learnt of them.</summary>
internal sealed class ContextOrigin(DirectoryRoot root) : ContentOrigin, IHashMemo
{
    private readonly DirectoryOrigin _files = new(root);
    private readonly ConcurrentDictionary<string, Hash256> _learnt = new(StringComparer.Ordinal);

    public Hash256 Find(TocEntry entry) => _learnt.GetValueOrDefault(entry.Path);

    public void Learn(TocEntry entry, Hash256 hash) => _learnt[entry.Path] = hash;

    public override ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel) =>
        entry.Size == 0 ? ValueTask.FromResult(Stream.Null) : _files.OpenAsync(entry, cancel);

    // An empty file may be a socket, which cannot be opened.
    public override OriginFile? OpenFile(TocEntry entry) => entry.Size == 0 ? null : _files.OpenFile(entry);
}
