using System.CommandLine;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>`imagekit rebase`: another base below the same layers.</summary>
internal static class RebaseCommand
{
    public static Command Create()
    {
        EditOptions edit = new();
        var onto = new Option<string?>("--onto") { Description = "The new base (what the image's annotation base.name points to now)", HelpName = "NAME" };
        var old = new Option<string?>("--old-base") { Description = "The base that the image was built on (what its annotations base.name and base.digest say)", HelpName = "NAME" };
        Command command = edit.Command("rebase", "Put an image on another base, without building it and without reading a layer", onto, old);
        command.SetAction((parsed, cancel) => edit.RunAsync(parsed, cancel, new RebaseStep { Onto = parsed.GetValue(onto), OldBase = parsed.GetValue(old) }));
        return command.WithExamples(
            "imagekit rebase registry.example.com/app:1 --pull -t registry.example.com/app:1 --push",
            "imagekit rebase app --old-base debian@sha256:… --onto debian:12 -t app");
    }
}
