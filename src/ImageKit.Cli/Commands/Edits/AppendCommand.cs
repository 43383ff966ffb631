using System.CommandLine;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>`imagekit append`: layers on top, out of tars or directories.</summary>
internal static class AppendCommand
{
    public static Command Create()
    {
        EditOptions edit = new();
        var files = new Argument<string[]>("layer") { Description = "Tars, each a layer; compressed ones are taken as they are", HelpName = "FILE…", Arity = ArgumentArity.ZeroOrMore };
        var folders = new Option<string[]>("--directory", "-d") { Description = "A directory of this machine as a layer, owned by root, at a path of the image", HelpName = "DIR:TARGET" };
        Command command = edit.Command("append", "Add layers to an image; scratch is the image without any", files, folders, edit.Compression);
        command.SetAction((parsed, cancel) =>
        {
            string[] tars = parsed.GetValue(files) ?? [], directories = parsed.GetValue(folders) ?? [];
            if (tars.Length + directories.Length == 0) throw new UsageException("There is nothing to append.", "Name a tar, or a directory with -d DIR:TARGET.");
            (string Host, string Target)[] folder = [.. directories.Select(Split)];
            return edit.RunAsync(parsed, cancel, new ChangeStep(editor =>
            {
                foreach (string tar in tars) editor.AppendTar(tar);
                foreach ((string host, string target) in folder) editor.Layer(target, layer => layer.AddDirectory(host));
            }));
        });
        return command.WithExamples(
            "imagekit append debian:12 layer.tar.gz -t app",
            "imagekit append scratch -d out:/app -t registry.example.com/app:1 --push");
    }

    private static (string Host, string Target) Split(string text)
    {
        int colon = text.LastIndexOf(":/", StringComparison.Ordinal);
        return colon > 0 ? (text[..colon], text[(colon + 1)..]) : throw new UsageException($"-d {text} is not DIR:TARGET.", "Write for example -d out:/app.");
    }
}
