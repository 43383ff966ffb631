using System.Globalization;

namespace ImageKit.Registry;

/// <summary>`Retry-After`: seconds, or a date.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3"/>
internal static class RetryAfter
{
    /// <summary>How long to wait from now; null if the header is absent or unreadable, never negative.</summary>
    public static TimeSpan? Read(string? header, TimeProvider time)
    {
        if (header is null) return null;
        if (uint.TryParse(header.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds)) return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)) return null;
        TimeSpan wait = date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
