namespace ImageKit.Integration.Tests.Machine;

/// <summary>One user of the tool with a store, a Docker configuration and a folder of its own.</summary>
internal sealed class Home : IAsyncDisposable
{
    private Home(Account account, string folder) => (Account, Folder) = (account, folder);

    public Account Account { get; }

    /// <summary>Belongs to the user; nothing else is in it.</summary>
    public string Folder { get; }

    public string Store => this["store"];

    public string this[string name] => Path.Combine(Folder, name);

    public static async Task<Home> MakeAsync(Account? account = null)
    {
        account ??= Account.Self;
        string folder = Directory.CreateDirectory(Path.Combine(Bench.Root, $"home-{Guid.NewGuid():n}"[..20])).FullName;
        if (account.Name is { } name) await new Command("chown", $"{name}:", folder).SucceedAsync();
        return new Home(account, folder);
    }

    /// <summary>The tool with arguments, as this user, on this store.</summary>
    public Command Tool(params IReadOnlyList<string> arguments) => new Command(Bench.Tool, arguments)
    {
        Folder = Folder,
        Environment = new Dictionary<string, string>
        {
            ["IMAGEKIT_HOME"] = Store,
            ["DOCKER_CONFIG"] = this["docker"],
            ["HOME"] = Folder,
            ["NO_COLOR"] = "1",
        },
    }.As(Account).With("HOME", Folder);

    /// <summary>Writes a file of the context folder <c>context</c>, readable to all.</summary>
    public string Write(string name, string text, string context = "context")
    {
        string path = Path.Combine(Folder, context, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        // COPY keeps times: two homes with the same files are the same input.
        DateTime time = new(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, time);
        for (string parent = Path.GetDirectoryName(path)!; parent != Folder; parent = Path.GetDirectoryName(parent)!) Directory.SetLastWriteTimeUtc(parent, time);
        return path;
    }

    /// <summary>A build of the context folder on the busybox base, called <c>base</c> in the Dockerfile.</summary>
    public Command Build(params IReadOnlyList<string> arguments) =>
        Tool(["build", "--progress", "plain", "--build-context", $"base=oci-layout://{Bench.Busybox}:latest", .. arguments, this["context"]]);

    /// <summary>Builds into a fresh layout and says what it is: the judge is the layout, not what the tool prints.</summary>
    public async Task<BuiltImage> BuildLayoutAsync(string dockerfile, params IReadOnlyList<string> arguments)
    {
        Write("Dockerfile", dockerfile);
        string layout = this[$"out-{Guid.NewGuid():n}"[..12]];
        await Build(["-o", $"type=oci,dest={layout},tar=false", .. arguments]).SucceedAsync();
        return new BuiltImage(layout);
    }

    public async ValueTask DisposeAsync()
    {
        // Unpacked layers of a rootless store belong to subordinate ids, which root alone (or the keeper) may remove.
        if (!Account.IsRoot) await Tool("prune", "--all", "--force").RunAsync();
        await new Command("rm", "-rf", Folder).RunAsync();
    }
}
