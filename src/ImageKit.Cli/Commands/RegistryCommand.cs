using System.CommandLine;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit registry`: a registry of one's own.</summary>
internal static class RegistryCommand
{
    public static Command Create() => new Command("registry", "Serve a registry, or a pull-through cache of others") { RegistryServeCommand.Create(), Sweep() }
        .WithExamples("imagekit registry serve", "imagekit registry serve --mirror-of docker.io --max-size 50GB", "imagekit registry gc --dry-run");

    private static Command Sweep()
    {
        Option<string?> root = Root();
        var age = new Option<string>("--age") { Description = "Leave what was used since so long ago (1h)", HelpName = "TIME", DefaultValueFactory = _ => "1h" };
        var untagged = new Option<bool>("--untagged", "--delete-untagged", "-m") { Description = "Delete manifests too that no tag, no index and no subject keeps" };
        var dryRun = new Option<bool>("--dry-run", "-n", "-d") { Description = "Tell what would be freed, and delete nothing" };
        Command command = new("gc", "Free what no manifest of a registry's folder needs; the registry must not run") { root, age, untagged, dryRun };
        command.SetAction((parsed, cancel) => RegistryServing.SweepAsync(parsed.GetValue(root), parsed.GetValue(age)!, parsed.GetValue(untagged), parsed.GetValue(dryRun), cancel));
        return command.WithExamples("imagekit registry gc --root /srv/registry", "imagekit registry gc --untagged --age 7d --dry-run");
    }

    /// <summary>The option of the folder.</summary>
    public static Option<string?> Root() => new("--root") { Description = "The folder of the registry ($IMAGEKIT_HOME/registry)", HelpName = "DIR" };
}
