using System.CommandLine;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit du`.</summary>
internal static class DuCommand
{
    public static Command Create()
    {
        Command command = new("du", "Show how much space the local store takes");
        command.SetAction(async (_, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            DiskUsage usage = await kit.GetDiskUsageAsync(cancel);
            TextTable.Write(Console.Out, ["AREA", "ITEMS", "SIZE", "RECLAIMABLE"], usage.Areas.Append(Total(usage)).Select<DiskUsageArea, string[]>(area =>
                [area.Name, $"{area.Items}", HumanText.Size(area.Bytes), HumanText.Size(area.Reclaimable)]));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit du");
    }

    private static DiskUsageArea Total(DiskUsage usage) =>
        new("total", usage.Areas.Sum(area => area.Items), usage.Areas.Sum(area => area.Bytes), usage.Areas.Sum(area => area.Reclaimable));
}
