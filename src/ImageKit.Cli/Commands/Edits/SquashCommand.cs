using System.CommandLine;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>`imagekit squash` and `flatten`: one layer of several.</summary>
internal static class SquashCommand
{
    public static Command Create()
    {
        EditOptions edit = new();
        var below = new Option<string?>("--base") { Description = "The image whose layers stay (what the annotations base.name and base.digest say)", HelpName = "NAME" };
        var last = new Option<int?>("--last") { Description = "How many layers, counted from the top", HelpName = "NUMBER" };
        Command command = edit.Command("squash", "Make one layer of those above the base; what they delete of the base stays deleted", below, last, edit.Compression);
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(last) is < 1) throw new UsageException("--last wants a number of layers, at least 1.");
            if (parsed.GetValue(last) is not null && parsed.GetValue(below) is not null) throw new UsageException("--base and --last both say which layers stay.", "Leave one of them out.");
            return edit.RunAsync(parsed, cancel, new SquashStep { Base = parsed.GetValue(below), Last = parsed.GetValue(last) });
        });
        return command.WithExamples("imagekit squash app --base debian:12 -t app", "imagekit squash app --last 3 -t app");
    }

    public static Command CreateFlatten()
    {
        EditOptions edit = new();
        Command command = edit.Command("flatten", "Make one layer of all; nothing deleted is left in it", edit.Compression);
        command.SetAction((parsed, cancel) => edit.RunAsync(parsed, cancel, new FlattenStep()));
        return command.WithExamples("imagekit flatten app -t app:flat", "imagekit flatten debian:12 -o type=tar,dest=files.tar");
    }
}
