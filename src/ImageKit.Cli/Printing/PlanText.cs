using System.Text.Json.Nodes;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Cli.Printing;

/// <summary>A plan of endpoints, for people and for programs.</summary>
internal static class PlanText
{
    public static void Write(TextWriter output, EndpointPlan plan, RegistryClient registry)
    {
        output.WriteLine(plan.Reference.ToString());
        if (plan.BlockedBy is { } blocked) output.WriteLine($"  BLOCKED by '{blocked.Prefix}' in {blocked.Place}: nothing is pulled");
        if (plan.Rule is { } rule) output.WriteLine($"  rule   {Prefix(rule)} in {rule.Place}");
        foreach (MirrorRule passed in plan.Passed) output.WriteLine($"  passed {Prefix(passed)} in {passed.Place}: an earlier file decides");
        output.WriteLine($"  tags   {Tags(plan)}");
        if (plan.Order == MirrorOrder.Fastest) output.WriteLine("  order  the fastest mirror lately comes first");
        foreach (ImageReference other in registry.MirrorConfiguration.OtherMeanings(plan.Reference)) output.WriteLine($"  note   names without a registry are Docker Hub's; registries.conf would read this one as {other}");
        foreach ((int index, PlannedEndpoint endpoint) in plan.Endpoints.Index()) WriteEndpoint(output, index + 1, endpoint, registry);
        foreach (ConfigurationDiagnostic finding in registry.MirrorConfiguration.Diagnostics) output.WriteLine(finding.ToString());
    }

    public static JsonNode ToJson(EndpointPlan plan, RegistryClient registry) => new JsonObject
    {
        ["reference"] = plan.Reference.ToString(),
        ["blocked"] = plan.IsBlocked,
        ["rule"] = plan.Rule is { } rule ? Rule(rule) : null,
        ["passed"] = new JsonArray([.. plan.Passed.Select(Rule)]),
        ["tags"] = plan.Tags.ToString().ToLowerInvariant(),
        ["order"] = plan.Order.ToString().ToLowerInvariant(),
        ["endpoints"] = new JsonArray([.. plan.Endpoints.Select(endpoint => Endpoint(endpoint, registry))]),
        ["diagnostics"] = new JsonArray([.. registry.MirrorConfiguration.Diagnostics.Select(finding => (JsonNode)new JsonObject
        {
            ["error"] = finding.IsError,
            ["file"] = finding.Place.File,
            ["line"] = finding.Place.Line,
            ["message"] = finding.Message,
            ["mend"] = finding.Mend,
        })]),
    };

    /// <summary>The proxy that a URL is asked through, without its login; null for none.</summary>
    public static string? Proxy(RegistryClient registry, Uri url) =>
        registry.Options.Proxy is { } proxy && !proxy.IsBypassed(url) && proxy.GetProxy(url) is { } through ? through.GetLeftPart(UriPartial.Scheme) + through.Authority : null;

    private static void WriteEndpoint(TextWriter output, int number, PlannedEndpoint endpoint, RegistryClient registry)
    {
        output.WriteLine();
        output.WriteLine($"{number}. {(endpoint.IsUsed ? "" : "(not used) ")}{endpoint.ManifestUrl}");
        output.WriteLine($"  why    {endpoint.Why}{(endpoint.Place.File is null ? "" : $", {endpoint.Place}")}");
        if (endpoint.Skipped is { } skipped) output.WriteLine($"  but    {skipped}");
        if (endpoint.IsMirror) output.WriteLine($"  path   {Path(endpoint)}");
        output.WriteLine($"  uses   {Uses(endpoint)}");
        output.WriteLine($"  TLS    {Tls(endpoint)}");
        output.WriteLine($"  login  {endpoint.LoginOrigin}");
        output.WriteLine($"  proxy  {Proxy(registry, endpoint.Root) ?? "none"}");
        if (!endpoint.Headers.IsEmpty) output.WriteLine($"  sends  {string.Join(", ", endpoint.Headers.Select(header => header.Name))}");
    }

    private static JsonNode Endpoint(PlannedEndpoint endpoint, RegistryClient registry) => new JsonObject
    {
        ["url"] = endpoint.ToString(),
        ["manifest"] = endpoint.ManifestUrl.ToString(),
        ["host"] = endpoint.Host,
        ["repository"] = endpoint.Repository,
        ["mirror"] = endpoint.IsMirror,
        ["used"] = endpoint.IsUsed,
        ["skipped"] = endpoint.Skipped,
        ["pathRule"] = endpoint.PathRule switch { MirrorPathRule.BeforeV2 => "before-v2", MirrorPathRule.Override => "override", _ => "after-v2" },
        ["uses"] = IndentedJson.Texts(Uses(endpoint).Split(", ")),
        ["plainAllowed"] = endpoint.Tls.AllowsPlain || endpoint.Scheme == "http",
        ["verifies"] = !endpoint.Tls.SkipsVerification,
        ["authorities"] = IndentedJson.Texts(endpoint.Tls.Authorities),
        ["clientCertificates"] = IndentedJson.Texts(endpoint.Tls.Clients.Select(client => client.CertificateFile)),
        ["login"] = endpoint.LoginOrigin,
        ["proxy"] = Proxy(registry, endpoint.Root),
        ["why"] = endpoint.Why,
        ["file"] = endpoint.Place.File,
        ["line"] = endpoint.Place.Line,
    };

    private static JsonNode Rule(MirrorRule rule) => new JsonObject { ["prefix"] = rule.Prefix, ["file"] = rule.Place.File, ["line"] = rule.Place.Line };

    private static string Prefix(MirrorRule rule) => rule.Prefix.Length == 0 ? "every registry" : $"'{rule.Prefix}'";

    private static string Tags(EndpointPlan plan) => plan.Tags switch
    {
        TagPolicy.Verify => "verify: the registry itself says what a tag means; a mirror is believed if it cannot be reached",
        TagPolicy.Upstream => "upstream: the registry itself alone says what a tag means",
        _ => "mirror: the first endpoint that has a tag says what it means",
    };

    private static string Path(PlannedEndpoint endpoint) => endpoint.PathRule switch
    {
        MirrorPathRule.BeforeV2 => "before /v2",
        MirrorPathRule.Override => "in place of /v2",
        _ => "after /v2",
    };

    private static string Uses(PlannedEndpoint endpoint)
    {
        EndpointUses uses = endpoint.IsMirror ? endpoint.Uses & (EndpointUses.Resolve | EndpointUses.Pull) : endpoint.Uses;
        return uses == EndpointUses.All ? "resolve, pull, push, referrers" : uses.ToString().ToLowerInvariant();
    }

    private static string Tls(PlannedEndpoint endpoint)
    {
        if (endpoint.Scheme == "http") return "none: http:// is written";
        List<string> parts = [endpoint.Tls.SkipsVerification ? "certificates are not verified" : "verified"];
        if (endpoint.Tls.AllowsPlain) parts.Add("plain HTTP is allowed if it speaks no TLS");
        if (!endpoint.Tls.Authorities.IsEmpty) parts.Add($"authorities of {string.Join(", ", endpoint.Tls.Authorities)}");
        if (!endpoint.Tls.Clients.IsEmpty) parts.Add($"shows {string.Join(", ", endpoint.Tls.Clients.Select(client => client.CertificateFile))}");
        return string.Join("; ", parts);
    }
}
