using System.Globalization;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>Lines of history, as BuildKit writes them.</summary>
internal static class History
{
    private const string Comment = "buildkit.dockerfile.v0";

    /// <summary>A line of an instruction that makes no layer.</summary>
    public static HistoryEntry Metadata(string createdBy, EntryTime time) => Entry(createdBy, time) with { EmptyLayer = true };

    /// <summary>A line of an instruction that makes a layer. WORKDIR alone does not name the builder.</summary>
    public static HistoryEntry Layer(string createdBy, EntryTime time, bool marked = true) => Entry(marked ? createdBy + " # buildkit" : createdBy, time);

    /// <summary>A time as configurations hold it.</summary>
    public static string Time(EntryTime time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.Seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static HistoryEntry Entry(string createdBy, EntryTime time) => new() { Created = Time(time), CreatedBy = createdBy, Comment = Comment };
}
