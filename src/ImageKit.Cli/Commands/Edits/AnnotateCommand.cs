using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>`imagekit annotate`: annotations of manifests, of an index and of its entries.</summary>
internal static class AnnotateCommand
{
    public static Command Create()
    {
        EditOptions edit = new();
        var set = new Argument<string[]>("annotation") { Description = "[LEVEL[[PLATFORM]]:]NAME=VALUE, LEVEL being manifest, index or manifest-descriptor", HelpName = "ANNOTATION…", Arity = ArgumentArity.ZeroOrMore };
        var remove = new Option<string[]>("--remove") { Description = "Take one away: [LEVEL[[PLATFORM]]:]NAME", HelpName = "ANNOTATION" };
        Command command = edit.Command("annotate", "Set annotations of an image, of its index, or of its entry there", set, remove);
        command.SetAction((parsed, cancel) =>
        {
            ImmutableArray<AnnotationEdit> edits = [.. (parsed.GetValue(set) ?? []).SelectMany(text => Parse(text, false)), .. (parsed.GetValue(remove) ?? []).SelectMany(text => Parse(text, true))];
            if (edits.IsEmpty) throw new UsageException("There is nothing to annotate.", "Write NAME=VALUE behind the image, or --remove NAME.");
            return edit.RunAsync(parsed, cancel, new AnnotateStep(edits));
        });
        return command.WithExamples(
            "imagekit annotate app org.opencontainers.image.version=1.2 -t app",
            "imagekit annotate registry.example.com/app:1 'index:team=shop' 'manifest[linux/arm64]:tested=yes' -t registry.example.com/app:1 --push");
    }

    private static ImmutableArray<AnnotationEdit> Parse(string text, bool removes) => AnnotationEdit.Parse(text, removes) is { IsEmpty: false } edits ? edits
        : throw new UsageException($"'{text}' is no annotation{(removes ? " to take away" : "")}.", removes ? "Write NAME or LEVEL:NAME." : "Write NAME=VALUE, LEVEL:NAME=VALUE or LEVEL[PLATFORM]:NAME=VALUE.");
}
