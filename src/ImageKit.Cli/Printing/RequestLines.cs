using System.Globalization;
using System.Text;
using System.Text.Json;
using ImageKit.Server;

namespace ImageKit.Cli.Printing;

/// <summary>A line for each request of the registry: for people, or an object of JSON.</summary>
internal sealed class RequestLines(TextWriter output, bool json) : IProgress<ServedExchange>
{
    public void Report(ServedExchange value)
    {
        string line = json ? ToJson(value) : ToText(value);
        lock (output) output.WriteLine(line);
    }

    private static string ToText(ServedExchange value)
    {
        string user = value.User is null ? "-" : Printable.Of(value.User), origin = value.Origin is null ? "" : " " + value.Origin, fault = value.Fault is null ? "" : ": " + Printable.Of(value.Fault);
        return string.Create(CultureInfo.InvariantCulture,
            $"{value.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {value.Client} {user} {Printable.Of(value.Method)} {Printable.Of(value.Target)} {value.Status} {HumanText.Size(value.Sent)} {value.Took.TotalMilliseconds:0}ms{origin}{fault}");
    }

    private static string ToJson(ServedExchange value)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("time", value.Time.UtcDateTime);
            writer.WriteString("client", value.Client);
            writer.WriteString("user", value.User);
            writer.WriteString("method", value.Method);
            writer.WriteString("target", value.Target);
            writer.WriteNumber("status", value.Status);
            writer.WriteNumber("bytes", value.Sent);
            writer.WriteNumber("milliseconds", (long)value.Took.TotalMilliseconds);
            if (value.Origin is not null) writer.WriteString("cache", value.Origin);
            if (value.Fault is not null) writer.WriteString("fault", value.Fault);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
