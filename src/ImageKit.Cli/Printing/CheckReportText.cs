using System.Text.Json.Nodes;
using ImageKit.Oci;

namespace ImageKit.Cli.Printing;

/// <summary>Prints what checks of images found.</summary>
internal static class CheckReportText
{
    /// <summary>Prints the report, and says how the command ends.</summary>
    public static int Write(string format, bool fast, params IReadOnlyCollection<ImageCheckReport> reports)
    {
        ImageFault[] faults = [.. reports.SelectMany(report => report.Faults)];
        if (format == "json") WriteJson(reports, faults);
        else
        {
            foreach (ImageFault fault in faults)
            {
                Console.Out.WriteLine(Printable.Of($"{fault.Error.Code} {fault.Place}"));
                Console.Out.WriteLine(Printable.Of($"  {fault.Error.What} {fault.Error.Why}".TrimEnd()));
            }
            string looked = $"{reports.Sum(report => report.Documents)} documents and {reports.Sum(report => report.Blobs)} blobs {(fast ? "found" : $"read ({HumanText.Size(reports.Sum(report => report.Bytes))})")}";
            Console.Out.WriteLine(faults.Length == 0 ? $"valid: {looked}" : $"{faults.Length} {(faults.Length == 1 ? "fault" : "faults")} in {looked}");
        }
        return faults.Length == 0 ? ExitCode.Success : ExitCode.Failed;
    }

    private static void WriteJson(IReadOnlyCollection<ImageCheckReport> reports, ImageFault[] faults)
    {
        using Stream output = Console.OpenStandardOutput();
        IndentedJson.Write(output, new JsonObject
        {
            ["valid"] = faults.Length == 0,
            ["documents"] = reports.Sum(report => report.Documents),
            ["blobs"] = reports.Sum(report => report.Blobs),
            ["bytes"] = reports.Sum(report => report.Bytes),
            ["faults"] = new JsonArray([.. faults.Select(fault => (JsonNode)new JsonObject { ["code"] = fault.Error.Code, ["place"] = fault.Place, ["what"] = fault.Error.What, ["why"] = fault.Error.Why })]),
        });
    }
}
