using System.Globalization;

namespace ImageKit.Cli.Printing;

/// <summary>Sizes and times as Docker prints them: decimal units, three digits.</summary>
internal static class HumanText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static string Size(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < Units.Length - 1) (value, unit) = (value / 1000, unit + 1);
        string digits = unit == 0 || value >= 100 ? "0" : value >= 10 ? "0.#" : "0.##";
        return value.ToString(digits, CultureInfo.InvariantCulture) + Units[unit];
    }

    /// <summary>How long ago, in one unit: `5 minutes ago`.</summary>
    public static string Ago(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "less than a second ago",
        { TotalSeconds: < 60 } => Count((long)age.TotalSeconds, "second"),
        { TotalMinutes: < 60 } => Count((long)age.TotalMinutes, "minute"),
        { TotalHours: < 48 } => Count((long)age.TotalHours, "hour"),
        { TotalDays: < 14 } => Count((long)age.TotalDays, "day"),
        { TotalDays: < 60 } => Count((long)(age.TotalDays / 7), "week"),
        { TotalDays: < 730 } => Count((long)(age.TotalDays / 30), "month"),
        _ => Count((long)(age.TotalDays / 365), "year"),
    };

    /// <summary>Seconds with one digit: `3.2s`.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + "s";

    private static string Count(long count, string unit) => count == 1 ? $"1 {unit} ago" : $"{count} {unit}s ago";
}
