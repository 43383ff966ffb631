using System.Globalization;

namespace ImageKit.Operations;

/// <summary>The time of entries that come from no file: made directories, heredocs, results of RUN.</summary>
/// <param name="Seconds">Seconds since 1970.</param>
/// <param name="IsNow">Whether it is the clock's: then it is no part of any key, or nothing would ever hit.</param>
internal readonly record struct EntryTime(long Seconds, bool IsNow)
{
    /// <summary>What a key holds of it.</summary>
    public string KeyText => IsNow ? "now" : Seconds.ToString(CultureInfo.InvariantCulture);
}
