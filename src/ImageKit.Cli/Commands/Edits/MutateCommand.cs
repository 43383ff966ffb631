using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ImageKit.Cli.Parsing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>`imagekit mutate`: another configuration, other annotations, and what changes inside of layers.</summary>
internal static class MutateCommand
{
    private static readonly Option<string[]> Env = Many("--env", "-e", "A variable of the environment", "NAME=VALUE");
    private static readonly Option<string[]> Labels = Many("--label", "-l", "A label", "NAME=VALUE");
    private static readonly Option<string[]> Annotations = Many("--annotation", "-a", "An annotation of the manifest", "NAME=VALUE");
    private static readonly Option<string[]> Expose = Many("--expose", null, "A port, such as 8080 or 53/udp", "PORT[/PROTOCOL]");
    private static readonly Option<string[]> Volumes = Many("--volume", null, "A path that holds data", "PATH");
    private static readonly Option<string[]> Entrypoint = Many("--entrypoint", null, "The program: a JSON array, or a word each time; empty takes it away", "WORD");
    private static readonly Option<string[]> Cmd = Many("--cmd", null, "The default arguments, written likewise", "WORD");
    private static readonly Option<string?> User = One("--user", "The user, as name, uid or uid:gid", "USER");
    private static readonly Option<string?> Workdir = One("--workdir", "The working directory", "PATH");
    private static readonly Option<string?> StopSignal = One("--stop-signal", "The signal that ends the program", "SIGNAL");
    private static readonly Option<string?> Author = One("--author", "Who made the image", "NAME");
    private static readonly Option<string?> SetPlatform = One("--set-platform", "Say that the image is for another platform; its files stay", "OS/ARCH[/VARIANT]");
    private static readonly Option<string[]> RemoveEnv = Many("--remove-env", null, "Take a variable away", "NAME");
    private static readonly Option<string[]> RemoveLabel = Many("--remove-label", null, "Take a label away", "NAME");
    private static readonly Option<string[]> RemoveAnnotation = Many("--remove-annotation", null, "Take an annotation away", "NAME");
    private static readonly Option<string[]> RemovePort = Many("--remove-port", null, "Take a port away", "PORT[/PROTOCOL]");
    private static readonly Option<string[]> RemoveVolume = Many("--remove-volume", null, "Take a volume away", "PATH");
    private static readonly Option<bool> ClearOnBuild = new("--clear-onbuild") { Description = "Take ONBUILD triggers away" };
    private static readonly Option<bool> ClearHealthcheck = new("--clear-healthcheck") { Description = "Take the health check away" };
    private static readonly Option<string[]> Strip = Many("--strip", null, "Take paths out of all layers; * within a name, ** for any depth", "PATTERN");
    private static readonly Option<int[]> RemoveLayer = new("--remove-layer") { Description = "Take a layer out, counted from 0, the lowest", HelpName = "NUMBER" };
    private static readonly Option<string?> Time = One("--time", "One time for all entries of all layers, the history and the image: seconds since 1970, or RFC 3339", "TIME");
    private static readonly Option<string?> MaxTime = One("--max-time", "The latest time that entries of layers may have; later ones get it", "TIME");

    public static Command Create()
    {
        EditOptions edit = new();
        Option[] own =
        [
            Env, Labels, Annotations, Expose, Volumes, Entrypoint, Cmd, User, Workdir, StopSignal, Author, SetPlatform, RemoveEnv, RemoveLabel, RemoveAnnotation, RemovePort, RemoveVolume,
            ClearOnBuild, ClearHealthcheck, Strip, RemoveLayer, Time, MaxTime,
        ];
        Command command = edit.Command("mutate", "Change the configuration, the annotations or what is in the layers of an image, without building it", own);
        command.SetAction((parsed, cancel) =>
        {
            if (!own.Any(option => parsed.GetResult(option) is { Implicit: false })) throw new UsageException("There is nothing to change.", "'imagekit mutate --help' lists what can be changed.");
            _ = Image.Empty(Platform.Local).With(editor => Apply(parsed, editor)); // what is written wrong is said before anything is fetched
            return edit.RunAsync(parsed, cancel, new ChangeStep(editor => Apply(parsed, editor)));
        });
        return command.WithExamples(
            "imagekit mutate app -t app:prod --env MODE=prod --label team=shop --remove-env DEBUG",
            "imagekit mutate registry.example.com/app:1 -t registry.example.com/app:1-user --user 1654 --push",
            "imagekit mutate app -t app:small --strip '**/*.pdb' --strip usr/share/doc");
    }

    private static void Apply(ParseResult parsed, ImageEditor editor)
    {
        Container(parsed, editor);
        Removals(parsed, editor);
        if (parsed.GetValue(Author) is { } author) editor.Author(author);
        if (parsed.GetValue(SetPlatform) is { } platform) editor.Platform(SharedOptions.ParsePlatform(platform)!);
        foreach ((string name, string value) in Pair(parsed, Annotations)) editor.Annotate(name, value);
        if (parsed.GetValue(Strip) is { Length: > 0 } patterns) editor.Strip(patterns);
        foreach (int layer in parsed.GetValue(RemoveLayer) ?? []) editor.RemoveLayer(layer >= 0 ? layer : throw new UsageException($"--remove-layer {layer} is no layer.", "Layers are counted from 0, the lowest."));
        if (parsed.GetValue(MaxTime) is { } latest) editor.LatestTime(ParseTime("--max-time", latest));
        if (parsed.GetValue(Time) is { } time) editor.Time(ParseTime("--time", time));
    }

    private static void Container(ParseResult parsed, ImageEditor editor)
    {
        foreach ((string name, string value) in Pair(parsed, Env)) editor.Env(name, value);
        foreach ((string name, string value) in Pair(parsed, Labels)) editor.Label(name, value);
        foreach (string port in parsed.GetValue(Expose) ?? []) Port(port, editor);
        foreach (string path in parsed.GetValue(Volumes) ?? []) editor.Volume(path);
        if (parsed.GetValue(Entrypoint) is { Length: > 0 } program) editor.Entrypoint(Words("--entrypoint", program));
        if (parsed.GetValue(Cmd) is { Length: > 0 } arguments) editor.Command(Words("--cmd", arguments));
        if (parsed.GetValue(User) is { } user) editor.User(user);
        if (parsed.GetValue(Workdir) is { } folder) editor.WorkingDirectory(folder);
        if (parsed.GetValue(StopSignal) is { } signal) editor.StopSignal(signal);
    }

    private static void Removals(ParseResult parsed, ImageEditor editor)
    {
        foreach (string name in parsed.GetValue(RemoveEnv) ?? []) editor.RemoveEnv(name);
        foreach (string name in parsed.GetValue(RemoveLabel) ?? []) editor.RemoveLabel(name);
        foreach (string name in parsed.GetValue(RemoveAnnotation) ?? []) editor.RemoveAnnotation(name);
        foreach (string name in parsed.GetValue(RemovePort) ?? []) editor.RemovePort(name);
        foreach (string name in parsed.GetValue(RemoveVolume) ?? []) editor.RemoveVolume(name);
        if (parsed.GetValue(ClearOnBuild)) editor.ClearOnBuild();
        if (parsed.GetValue(ClearHealthcheck)) editor.Healthcheck(null);
    }

    private static IEnumerable<KeyValuePair<string, string>> Pair(ParseResult parsed, Option<string[]> option)
    {
        foreach (string text in parsed.GetValue(option) ?? [])
        {
            int equals = text.IndexOf('=');
            if (equals < 1) throw new UsageException($"{option.Name} {text} is not NAME=VALUE.", $"Write for example {option.Name} NAME=value.");
            yield return new(text[..equals], text[(equals + 1)..]);
        }
    }

    private static void Port(string text, ImageEditor editor)
    {
        string[] parts = text.Split('/');
        if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
            throw new UsageException($"--expose {text} is no port.", "Write 1 to 65535, and /udp behind it if it is not TCP.");
        editor.Expose(port, parts.Length == 2 ? parts[1] : "tcp");
    }

    private static string[] Words(string option, string[] given)
    {
        if (given is [""]) return [];
        if (given is not [var only] || !only.StartsWith('[')) return given;
        try
        {
            return JsonSerializer.Deserialize(only, CliJson.Default.StringArray) ?? [];
        }
        catch (JsonException)
        {
            throw new UsageException($"{option} {only} is no JSON array of texts.", $"Write for example {option} '[\"/app/run\", \"-v\"]'.");
        }
    }

    private static DateTimeOffset ParseTime(string option, string text)
    {
        if (SourceEpoch.TryParse(text, out _)) return DateTimeOffset.FromUnixTimeSeconds(long.Parse(text, CultureInfo.InvariantCulture));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time
            : throw new UsageException($"{option} {text} is no time.", "Write seconds since 1970, or a time such as 2026-01-31T12:00:00Z.");
    }

    private static Option<string[]> Many(string name, string? alias, string description, string help) =>
        new(name, alias is null ? [] : [alias]) { Description = description, HelpName = help };

    private static Option<string?> One(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
