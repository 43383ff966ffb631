using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ImageKit.Cli.Printing;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit mirror`: where images are looked for, and whether that works.</summary>
internal static class MirrorCommand
{
    private const string Probe = "docker.io/library/hello-world:latest"; // small, and on every mirror of Docker Hub

    public static Command Create() => new Command("mirror", "Show where images are looked for, and test mirrors") { Explain(), Test(), List() }
        .WithExamples("imagekit mirror explain nginx", "imagekit mirror test quay.io/prometheus/prometheus:latest", "imagekit mirror ls");

    private static Command Explain()
    {
        var name = Name("The image", ArgumentArity.ExactlyOne);
        Option<string?> format = Format();
        Command command = new("explain", "Show every endpoint that is asked for an image, in order, and why") { name, format };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            EndpointPlan plan = await kit.Registry.PlanAsync(Parse(parsed.GetValue(name)!), cancel);
            if (parsed.GetValue(format) == "json") await PrintAsync(PlanText.ToJson(plan, kit.Registry));
            else PlanText.Write(Console.Out, plan, kit.Registry);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit mirror explain nginx:1.27", "imagekit mirror explain --format json ghcr.io/owner/app | jq '.endpoints[].manifest'");
    }

    private static Command Test()
    {
        var name = Name($"The image ({Probe})", ArgumentArity.ZeroOrOne);
        Option<string?> format = Format();
        Command command = new("test", "Ask every endpoint for an image: does it answer, how fast, with which digest") { name, format };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            EndpointProbe[] probes = [.. await kit.Registry.ProbeAsync(Parse(parsed.GetValue(name) ?? Probe), cancel)];
            if (parsed.GetValue(format) == "json") await PrintAsync(new JsonArray([.. probes.Select(probe => ToJson(probe, probes[^1]))]));
            else TextTable.Write(Console.Out, ["ENDPOINT", "ANSWER", "TIME", "DIGEST"], probes.Select(probe => Row(probe, probes[^1])));
            return probes.Any(probe => probe.Found is not null && probe.Endpoint.IsUsed) ? ExitCode.Success : ExitCode.Network;
        });
        return command.WithExamples("imagekit mirror test", "imagekit mirror test docker.io/library/debian:12");
    }

    private static Command List()
    {
        var presets = new Option<bool>("--presets") { Description = "List the accelerators that imagekit.toml may name" };
        Command command = new("ls", "List the rules of the files on this machine") { presets };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            if (parsed.GetValue(presets)) TextTable.Write(Console.Out, ["PRESET", "SERVES", "WHAT IT IS"], MirrorPresets.Shipped.All.Select(Row));
            else PrintRules(kit.Registry.MirrorConfiguration);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit mirror ls", "imagekit mirror ls --presets");
    }

    private static void PrintRules(MirrorConfiguration configuration)
    {
        IEnumerable<string[]> rows = from source in configuration.Sources
                                     from rule in source.Rules
                                     where rule.Decides
                                     select new[] { rule.Prefix.Length == 0 ? "*" : rule.Prefix, rule.IsBlocked ? "blocked" : string.Join(", ", rule.Mirrors.Select(mirror => mirror.Location)), rule.Upstream?.Location ?? "", rule.Place.ToString() };
        TextTable.Write(Console.Out, ["PREFIX", "MIRRORS", "LOCATION", "FILE"], rows);
        foreach (ConfigurationDiagnostic finding in configuration.Diagnostics) Console.Out.WriteLine(finding);
    }

    private static string[] Row(MirrorPreset preset) => [preset.Name, preset.Any.Length > 0 ? "every registry" : string.Join(", ", preset.Registries.Keys), preset.Title];

    private static string[] Row(EndpointProbe probe, EndpointProbe upstream) =>
        [$"{(probe.Endpoint.IsUsed ? "" : "(not used) ")}{probe.Endpoint}", Answer(probe, upstream), Milliseconds(probe), probe.Found?.Digest.ToString() ?? ""];

    private static JsonNode ToJson(EndpointProbe probe, EndpointProbe upstream) => new JsonObject
    {
        ["endpoint"] = probe.Endpoint.ToString(),
        ["mirror"] = probe.Endpoint.IsMirror,
        ["used"] = probe.Endpoint.IsUsed,
        ["answer"] = Answer(probe, upstream),
        ["milliseconds"] = (long)probe.Took.TotalMilliseconds,
        ["digest"] = probe.Found?.Digest.ToString(),
        ["error"] = probe.Failure is null ? null : new JsonObject { ["code"] = probe.Failure.Code, ["what"] = probe.Failure.What, ["why"] = probe.Failure.Why, ["status"] = probe.Failure.Status },
    };

    private static string Answer(EndpointProbe probe, EndpointProbe upstream)
    {
        if (probe.Failure is { } failure) return failure.Status is { } status ? $"{failure.Code}: {status}" : $"{failure.Code}: {failure.Why}";
        if (probe.Found is null) return "does not have it";
        if (!probe.Endpoint.IsMirror || upstream.Found is null) return "has it";
        return probe.Found.Digest == upstream.Found.Digest ? "has it, the same" : "has another: it is behind";
    }

    private static string Milliseconds(EndpointProbe probe) => ((long)probe.Took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + " ms";

    private static Argument<string> Name(string description, ArgumentArity arity) => new("name") { Description = description, HelpName = "NAME[:TAG|@DIGEST]", Arity = arity };

    private static Option<string?> Format()
    {
        var option = new Option<string?>("--format") { Description = "text or json", HelpName = "FORMAT" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    private static async Task PrintAsync(JsonNode node)
    {
        await using Stream output = Console.OpenStandardOutput();
        IndentedJson.Write(output, node);
    }

    private static ImageReference Parse(string text) => ImageReference.TryParse(text, out ImageReference? reference) ? reference
        : throw new UsageException($"'{text}' is no name of an image.", "Write it as for 'pull', such as nginx:1.27 or ghcr.io/owner/app.");
}
