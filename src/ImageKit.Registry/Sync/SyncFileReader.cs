using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ImageKit.Oci;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ImageKit.Registry;

/// <summary>Reads a sync file, with the place of everything that is wrong.</summary>
internal sealed class SyncFileReader(string file)
{
    private readonly ConfigurationFindings _findings = new(file);

    public SyncFile Read(string text)
    {
        if (Root(text) is not { } root) return new() { Diagnostics = _findings.Found };
        if (root.Number("version", 1) is { } version && version != 1) _findings.Error(root.PlaceOf("version"), $"'version' is {version}.", "This version of ImageKit reads version 1.");
        YamlSection? defaults = root.Section("defaults");
        SyncRule standard = defaults is null ? Empty : Common(defaults, Empty);
        defaults?.WarnOfTheRest();
        if (!root.Has("rules")) _findings.Error(root.Place, "The file has no 'rules'.", "Write a list of rules, each with 'source' and 'target'.");
        SyncFile read = new()
        {
            Parallel = root.Number("parallel", 1) ?? 4,
            Rules = [.. root.Sections("rules").Select((rule, index) => Rule(rule, index, standard)).OfType<SyncRule>()],
        };
        root.WarnOfTheRest();
        return read with { Diagnostics = _findings.Found };
    }

    private static SyncRule Empty { get; } = new() { Name = "", Source = "", Target = "" };

    private YamlSection? Root(string text)
    {
        try
        {
            YamlStream stream = [];
            using StringReader reader = new(text);
            stream.Load(reader);
            if (stream.Documents is [{ RootNode: YamlMappingNode mapping }]) return new(mapping, "", _findings);
            _findings.Error(_findings.At(1), "The file holds no mapping, or several documents.", "Write 'rules:' and a list below it.");
        }
        catch (YamlException error)
        {
            _findings.Error(_findings.At((int)error.Start.Line, (int)error.Start.Column), $"The file is no YAML: {error.Message}", "Mend the YAML.");
        }
        return null;
    }

    private SyncRule? Rule(YamlSection section, int index, SyncRule standard)
    {
        string? source = section.Text("source"), target = section.Text("target");
        SyncRule rule = Common(section, standard) with
        {
            Name = section.Text("name") ?? $"rule {(index + 1).ToString(CultureInfo.InvariantCulture)}",
            Source = source ?? "",
            Target = target ?? "",
            Repositories = Patterns(section, "repositories"),
            ExceptRepositories = Patterns(section, "except-repositories"),
            Place = section.Place,
        };
        section.WarnOfTheRest();
        if (source is null || target is null)
        {
            _findings.Error(section.Place, "A rule lacks 'source' or 'target'.", "Write source: docker.io/library/alpine and target: registry.example.com/alpine.");
            return null;
        }
        Check(rule, section);
        return rule;
    }

    private SyncRule Common(YamlSection section, SyncRule standard) => standard with
    {
        Tags = Tags(section) ?? standard.Tags,
        Platforms = section.Has("platforms") ? Platforms(section) : standard.Platforms,
        Referrers = section.Flag("referrers") ?? standard.Referrers,
        DigestTags = section.Flag("digest-tags") ?? standard.DigestTags,
        Delete = section.Flag("delete") ?? standard.Delete,
        RateLimitFloor = section.Number("rate-limit-floor", 0) ?? standard.RateLimitFloor,
    };

    // A list of patterns, or a mapping of what is allowed, denied, in range and how many.
    private TagSelection? Tags(YamlSection section)
    {
        if (section.Node("tags") is not YamlMappingNode) return section.Has("tags") ? new() { Allow = Patterns(section, "tags") } : null;
        YamlSection tags = section.Section("tags")!;
        TagSelection read = new() { Allow = Patterns(tags, "allow"), Deny = Patterns(tags, "deny"), Semver = tags.Text("semver"), Newest = tags.Number("newest", 1) };
        if (read.Semver is { } range && SemverRange.Parse(range) is null) _findings.Error(tags.PlaceOf("semver"), $"'{range}' is no range of versions.", "Write it as npm does: '>=1.2 <2', '^1.2', '1.x'.");
        tags.WarnOfTheRest();
        return read;
    }

    private ImmutableArray<string> Patterns(YamlSection section, string key)
    {
        ImmutableArray<string> patterns = section.Texts(key);
        foreach (string pattern in patterns)
        {
            try
            {
                TagSelection.Whole(pattern);
            }
            catch (Exception error) when (error is RegexParseException or NotSupportedException)
            {
                _findings.Error(section.PlaceOf(key), $"'{pattern}' is no pattern: {error.Message}", "Patterns are regular expressions for the whole text, without back references and look-around.");
                return [];
            }
        }
        return patterns;
    }

    private ImmutableArray<Platform> Platforms(YamlSection section)
    {
        ImmutableArray<string> texts = section.Texts("platforms");
        foreach (string text in texts.Where(text => !Platform.TryParse(text, null, out _)))
        {
            _findings.Error(section.PlaceOf("platforms"), $"'{text}' is no platform.", "Write os/architecture[/variant], such as linux/amd64.");
        }
        return [.. texts.Select(text => Platform.TryParse(text, null, out Platform? platform) ? platform : null).OfType<Platform>()];
    }

    private void Check(SyncRule rule, YamlSection section)
    {
        bool many = rule.Source.EndsWith('*');
        if (many != rule.Target.EndsWith('*')) _findings.Error(section.PlaceOf("target"), "Of 'source' and 'target' one ends in '*'.", "With '*' the rest of a repository's name goes along: give it to both.");
        if (!many && (!rule.Repositories.IsEmpty || !rule.ExceptRepositories.IsEmpty)) _findings.Error(section.Place, "'repositories' choose among those of a source with '*', and this one has none.");
        ImageReference? source = Name(rule.Source, section, "source"), target = Name(rule.Target, section, "target");
        if (source is null || target is null) return;
        bool single = source.Tag is not null || source.Digest is not null;
        if (target.Digest is not null) _findings.Error(section.PlaceOf("target"), "'target' has a digest, which nobody can choose.", "Write a repository, or one with a tag.");
        if (target.Tag is not null && !single) _findings.Error(section.PlaceOf("target"), "'target' has a tag, but 'source' is a whole repository.", "Leave the tag out.");
        if (single && rule.Delete) _findings.Error(section.Place, "'delete' goes with a whole repository.", "Leave it out, or take the tag out of 'source'.");
        if (source.Digest is not null && target.Tag is null && source.Tag is null) _findings.Error(section.PlaceOf("target"), "'source' is a digest, and 'target' says no tag.", "Give 'target' a tag.");
    }

    private ImageReference? Name(string text, YamlSection section, string key)
    {
        string name = text.EndsWith('*') ? text[..^1] + "x" : text;
        if (ImageReference.TryParse(name, out ImageReference? reference) && !(text.EndsWith('*') && reference.Tag is not null) && text.Count(letter => letter == '*') == (text.EndsWith('*') ? 1 : 0)) return reference;
        _findings.Error(section.PlaceOf(key), $"'{text}' is no name of a repository.", "Write registry/repository, with ':tag' for one image or '*' at the end for all that begin so.");
        return null;
    }
}
