using ImageKit.Registry;

namespace ImageKit.Cli.Printing;

/// <summary>What registries and mirrors want people to know, a line each.</summary>
internal sealed class NoticeText(TextWriter output) : IProgress<RegistryNotice>
{
    private readonly Lock _lock = new();

    public void Report(RegistryNotice value)
    {
        lock (_lock) output.WriteLine($"warning: {value.Host}: {value.Message}");
    }
}
