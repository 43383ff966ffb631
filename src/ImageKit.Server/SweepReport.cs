namespace ImageKit.Server;

/// <summary>What a sweep of a registry's folder took away, or would.</summary>
/// <param name="Manifests">Manifests without a tag, if those were asked for.</param>
/// <param name="Blobs">Blobs and manifests whose bytes are gone.</param>
/// <param name="Bytes">The bytes that are free again.</param>
/// <param name="Uploads">Uploads that nobody went on with.</param>
public sealed record SweepReport(int Manifests, int Blobs, long Bytes, int Uploads)
{
    internal SweepReport And(SweepReport other) => new(Manifests + other.Manifests, Blobs + other.Blobs, Bytes + other.Bytes, Uploads + other.Uploads);
}
