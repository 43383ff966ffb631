using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Makes the plan for one reference.</summary>
internal sealed class EndpointPlanning(ImageReference reference, MirrorConfiguration configuration)
{
    public EndpointPlan Plan()
    {
        (string Format, MirrorRule Rule)[] matching = [.. from source in configuration.Sources let found = source.Find(reference) where found is not null select (source.Format, found)];
        (string Format, MirrorRule Rule)[] deciding = [.. matching.Where(found => found.Rule.Decides)];
        MirrorRule? rule = deciding.Length == 0 ? null : deciding[0].Rule;
        string? format = rule is null ? null : deciding[0].Format;
        IEnumerable<PlannedEndpoint> mirrors = (rule?.Mirrors ?? []).Select(mirror => Mirror(mirror, rule!, format!));
        return new()
        {
            Reference = reference,
            Endpoints = [.. mirrors, Upstream(rule, format)],
            Rule = rule,
            Format = format,
            Passed = [.. deciding.Skip(1).Select(found => found.Rule)],
            BlockedBy = configuration.BlockOf(reference)?.Rule,
            Tags = matching.Select(found => found.Rule.Tags).FirstOrDefault(tags => tags is not null) ?? configuration.Tags,
            Order = rule?.Order ?? MirrorOrder.Listed,
            Logins = matching.Select(found => found.Rule.Logins).FirstOrDefault(logins => logins is not null) ?? configuration.Logins,
        };
    }

    private PlannedEndpoint Mirror(ConfiguredEndpoint mirror, MirrorRule rule, string format)
    {
        PlannedEndpoint planned = Place(mirror, rule) with { IsMirror = true, Why = $"a mirror of {(rule.Prefix.Length == 0 ? "every registry" : $"'{rule.Prefix}'")} in {format}" };
        string? skipped = mirror.Scope switch
        {
            MirrorScope.DigestOnly when reference.Digest is null => "it serves references with a digest alone",
            MirrorScope.TagOnly when reference.Digest is not null => "it serves references with a tag alone",
            _ => null,
        };
        bool useless = (mirror.Uses & (EndpointUses.Pull | EndpointUses.Resolve)) == 0;
        return planned with { Skipped = planned.Skipped ?? skipped ?? (useless ? "it may neither resolve nor pull" : null) };
    }

    private PlannedEndpoint Upstream(MirrorRule? rule, string? format)
    {
        if (rule?.Upstream is not { } moved)
        {
            EndpointTls tls = configuration.TlsOf(RegistryHost.Parse(reference.Registry)).And(configuration.TlsOf(reference));
            return new()
            {
                Reference = reference,
                Host = reference.Registry,
                IsMirror = false,
                Repository = reference.Repository,
                Tls = tls,
                Why = "the registry itself",
            };
        }
        PlannedEndpoint planned = Place(moved.Host.Length == 0 ? moved with { Host = reference.Registry } : moved, rule);
        return planned with { IsMirror = false, Tls = planned.Tls.And(rule.Tls), Why = $"where '{(rule.Prefix.Length == 0 ? reference.Registry : rule.Prefix)}' is, by {format}" };
    }

    // What follows the prefix in the name is put behind the address.
    private PlannedEndpoint Place(ConfiguredEndpoint endpoint, MirrorRule rule)
    {
        string path = endpoint.Path.Replace("{registry}", reference.Registry, StringComparison.Ordinal);
        string rest = reference.Name[rule.MatchLength(reference)..]; // "/library/nginx", ":5000/nginx" or ""
        string host = endpoint.Host, repository = rest.TrimStart('/'), root = "/v2/";
        if (endpoint.PathRule == MirrorPathRule.AfterV2)
        {
            string name = (path.Length == 0 ? host : $"{host}/{path}") + rest;
            int slash = name.IndexOf('/', StringComparison.Ordinal);
            (host, repository) = slash < 0 ? (name, "") : (name[..slash], name[(slash + 1)..]);
        }
        else
        {
            string suffix = endpoint.PathRule == MirrorPathRule.BeforeV2 ? "/v2/" : "/";
            root = path.Length == 0 ? suffix : $"/{path}{suffix}";
        }
        string? fault = Fault(host, repository);
        return new()
        {
            Reference = reference,
            Host = fault is null ? host : endpoint.Host,
            IsMirror = true,
            Scheme = endpoint.Scheme,
            RootPath = root,
            Repository = repository,
            PathRule = endpoint.PathRule,
            Uses = endpoint.Uses,
            Tls = endpoint.Tls.And(fault is null ? configuration.TlsOf(RegistryHost.Parse(host)) : null),
            Headers = endpoint.Headers,
            ConnectTimeout = endpoint.ConnectTimeout,
            Namespace = endpoint.SendsNamespace && host != reference.Registry ? reference.Registry : null,
            Why = "",
            Place = endpoint.Place,
            Skipped = fault,
        };
    }

    private static string? Fault(string host, string repository)
    {
        if (HostText.Fault(host) is { } fault) return $"its address would be '{host}/{repository}': {fault}";
        // Grammar and length of a repository are those of a reference; the host does not matter here.
        return ImageReference.TryParse($"r.invalid/{repository}", out ImageReference? named) && named.Repository == repository && named.Tag is null && named.Digest is null
            ? null : $"'{repository}' is no name of a repository";
    }
}
