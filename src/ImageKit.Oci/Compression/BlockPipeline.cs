using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace ImageKit.Oci;

/// <summary>
/// Takes a stream as blocks from one producer. In order, hashes them and writes them to the outputs; beside that, on all cores, compresses
/// them. Holds a fixed count of blocks: a producer that is faster waits.
/// </summary>
internal sealed class BlockPipeline : IAsyncDisposable
{
    private const int MaxWidth = 16; // blocks compressed at once: two MiB of memory each

    private readonly PipelineOutputs _outputs;
    private readonly Channel<Block> _free, _filled;
    private readonly List<Block> _all = [];
    private readonly int _limit;
    private readonly IncrementalHash? _hash, _compressedHash;
    private readonly Crc32 _crc = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _consumer;
    private long _length, _compressedLength;

    public BlockPipeline(PipelineOutputs outputs)
    {
        _outputs = outputs;
        _limit = Math.Min(outputs.Width ?? Environment.ProcessorCount, MaxWidth) + 2;
        _hash = outputs.Hash ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        _compressedHash = outputs is { Hash: true, Codec: not null } ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        _free = Channel.CreateUnbounded<Block>();
        _filled = Channel.CreateUnbounded<Block>(new() { SingleReader = true, SingleWriter = true });
        _consumer = ConsumeAsync(_stop.Token);
    }

    /// <summary>An empty block to fill; waits until there is one.</summary>
    public ValueTask<Block> RentAsync(CancellationToken cancel)
    {
        if (_consumer.IsCompleted) return RentFreedAsync(cancel);
        if (_free.Reader.TryRead(out Block? block)) return new(block);
        if (_all.Count == _limit) return RentFreedAsync(cancel);
        block = new Block(compressed: _outputs.Codec is not null);
        _all.Add(block);
        return new(block);
    }

    /// <summary>Hands over a block; all but the last must be full.</summary>
    public void Post(Block block)
    {
        // Fair: the block that is written next is compressed next.
        if (_outputs.Codec is { } codec)
            block.Compressed = Task.Factory.StartNew(() => codec.Compress(block.Bytes.AsSpan(0, block.Length), block.Output!), CancellationToken.None,
                TaskCreationOptions.DenyChildAttach | TaskCreationOptions.PreferFairness, TaskScheduler.Default);
        _filled.Writer.TryWrite(block);
    }

    /// <summary>Waits until all is written.</summary>
    public async Task<PipelineResult> CompleteAsync(CancellationToken cancel)
    {
        _filled.Writer.TryComplete();
        await _consumer.WaitAsync(cancel).ConfigureAwait(false);
        Hash256 hash = _hash is null ? default : new(_hash.GetHashAndReset());
        return _outputs.Codec is null
            ? new(hash, _length, hash, _length)
            : new(hash, _length, _compressedHash is null ? default : new(_compressedHash.GetHashAndReset()), _compressedLength);
    }

    /// <summary>Stops; what was not written is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _filled.Writer.TryComplete();
        await _consumer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever cared asked CompleteAsync
        foreach (Block block in _all)
        {
            await ((Task)block.Compressed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its buffers are in use until then
            block.Release();
        }
        _all.Clear();
        _hash?.Dispose();
        _compressedHash?.Dispose();
        _stop.Dispose();
    }

    private async ValueTask<Block> RentFreedAsync(CancellationToken cancel)
    {
        if (!_consumer.IsCompleted && await _free.Reader.WaitToReadAsync(cancel).ConfigureAwait(false) && _free.Reader.TryRead(out Block? block)) return block;
        await _consumer.ConfigureAwait(false); // throws what ended it: mostly, the disk is full
        throw new ObjectDisposedException(nameof(BlockPipeline));
    }

    private async Task ConsumeAsync(CancellationToken cancel)
    {
        try
        {
            bool begun = false;
            await foreach (Block block in _filled.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                if (!begun) await BeginAsync(cancel).ConfigureAwait(false);
                begun = true;
                await WriteAsync(block, cancel).ConfigureAwait(false);
                _free.Writer.TryWrite(block);
            }
            if (!begun) await BeginAsync(cancel).ConfigureAwait(false);
            if (_outputs.Codec is { } codec) await EmitAsync(codec.End(_crc.GetCurrentHashAsUInt32(), _length), cancel).ConfigureAwait(false);
        }
        finally
        {
            _free.Writer.TryComplete(); // wakes a producer that waits
        }
    }

    private ValueTask BeginAsync(CancellationToken cancel) => _outputs.Codec is { } codec ? EmitAsync(codec.Begin, cancel) : default;

    private async ValueTask WriteAsync(Block block, CancellationToken cancel)
    {
        ReadOnlyMemory<byte> bytes = block.Bytes.AsMemory(0, block.Length);
        _length += bytes.Length;
        _hash?.AppendData(bytes.Span);
        if (_outputs.Plain is { } plain) await plain.WriteAsync(bytes, cancel).ConfigureAwait(false);
        if (_outputs.Codec is null)
        {
            if (_outputs.Compressed is { } uncompressed) await uncompressed.WriteAsync(bytes, cancel).ConfigureAwait(false);
            return;
        }
        _crc.Append(bytes.Span);
        int length = await block.Compressed.ConfigureAwait(false);
        await EmitAsync(block.Output.AsMemory(0, length), cancel).ConfigureAwait(false);
    }

    private ValueTask EmitAsync(ReadOnlyMemory<byte> compressed, CancellationToken cancel)
    {
        _compressedHash?.AppendData(compressed.Span);
        _compressedLength += compressed.Length;
        return _outputs.Compressed?.WriteAsync(compressed, cancel) ?? default;
    }

    /// <summary>One block on its way. Its buffers come from the shared pool.</summary>
    internal sealed class Block(bool compressed)
    {
        public byte[] Bytes { get; private set; } = ArrayPool<byte>.Shared.Rent(BlockCodec.BlockBytes);

        public byte[]? Output { get; private set; } = compressed ? ArrayPool<byte>.Shared.Rent(BlockCodec.OutputBytes) : null;

        /// <summary>How many bytes were filled in.</summary>
        public int Length { get; set; }

        public Task<int> Compressed { get; set; } = Task.FromResult(0);

        public void Release()
        {
            ArrayPool<byte>.Shared.Return(Bytes);
            if (Output is not null) ArrayPool<byte>.Shared.Return(Output);
            (Bytes, Output) = ([], null);
        }
    }
}
