using ImageKit.Oci;

namespace ImageKit;

/// <summary>Tells of a copy's blobs as events of a build.</summary>
internal sealed class TransferProgress(string name, IProgress<BuildEvent> progress) : IProgress<TransferEvent>
{
    public void Report(TransferEvent value)
    {
        bool skipped = value.State is TransferState.Skipped or TransferState.Mounted;
        bool done = skipped || value.State == TransferState.Completed;
        progress.Report(new Transfer(name, value.Blob.Digest, done ? value.Total : value.Bytes, value.Total, skipped));
    }
}
