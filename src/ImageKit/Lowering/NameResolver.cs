using System.Collections.Concurrent;
using System.Collections.Immutable;
using ImageKit.Contexts;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using ImageKit.Operations;
using ImageKit.Resolving;

namespace ImageKit.Lowering;

/// <summary>Resolves all names that a Dockerfile takes from outside, at once: images, and named contexts that hide them.</summary>
internal sealed class NameResolver(ImageFinder finder, IReadOnlyDictionary<string, string> contexts, ContextOpener opener) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<OutsideKey, Lazy<Task<OutsideName>>> _names = new();
    private readonly ConcurrentDictionary<string, ContextOperation> _directories = new(StringComparer.Ordinal);

    /// <summary>Resolves the names of a graph; where images bring ONBUILD triggers, the graph grows, and with it the names.</summary>
    /// <returns>The graph with all triggers, and what its names mean.</returns>
    /// <exception cref="BuildException">A name means nothing (IK4004, IK4005, IK4034); says where it stands.</exception>
    public async Task<(StageGraph Graph, ImmutableDictionary<OutsideKey, OutsideName> Names)> ResolveAsync(StageGraph graph, Platform platform, string file, CancellationToken cancel)
    {
        var known = ImmutableDictionary<OutsideKey, OutsideName>.Empty;
        Dictionary<int, ImmutableArray<string>> triggers = [];
        while (true)
        {
            NameUse[] open = [.. Uses(graph, platform).DistinctBy(use => use.Key).Where(use => !known.ContainsKey(use.Key))];
            OutsideName[] found = await Task.WhenAll(open.Select(use => FindAsync(use, file, cancel))).ConfigureAwait(false);
            known = known.AddRange(open.Zip(found, (use, name) => KeyValuePair.Create(use.Key, name)));
            bool grown = false;
            foreach (Stage stage in graph.Needed)
            {
                if (stage.Base is not ExternalSource outside || triggers.ContainsKey(stage.Index)) continue;
                if (known[new(outside.Name, stage.Platform ?? platform.ToString())] is not OutsideImage { Config.Config.OnBuild: { Length: > 0 } texts }) continue;
                triggers[stage.Index] = texts;
                grown = true;
            }
            if (!grown && open.Length == 0) return (graph, known);
            if (grown) graph = graph.WithTriggers(triggers);
            else return (graph, known);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ContextOperation directory in _directories.Values) await directory.Context.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Keeps what was learnt of named directories.</summary>
    public async Task RememberAsync(CancellationToken cancel)
    {
        foreach (ContextOperation directory in _directories.Values) await directory.Context.RememberAsync(cancel).ConfigureAwait(false);
    }

    private static IEnumerable<NameUse> Uses(StageGraph graph, Platform platform)
    {
        foreach (Stage stage in graph.Needed)
        {
            if (stage.Base is ExternalSource outside) yield return new(new(outside.Name, stage.Platform ?? platform.ToString()), stage.From.Image.Span);
            foreach ((string name, SourceSpan span) in stage.AllInstructions.SelectMany(Froms))
                if (graph.Resolve(stage, name) is ExternalSource files) yield return new(new(files.Name, platform.ToString()), span);
        }
    }

    private static IEnumerable<(string, SourceSpan)> Froms(Instruction instruction) => instruction switch
    {
        CopyInstruction { From: { } from } => [(from.Text, from.Span)],
        RunInstruction run => run.Mounts.Where(mount => mount.From is not null).Select(mount => (mount.From!.Value.Text, mount.From.Value.Span)),
        _ => [],
    };

    private async Task<OutsideName> FindAsync(NameUse use, string file, CancellationToken cancel)
    {
        try
        {
            return await _names.GetOrAdd(use.Key, key => new(() => LoadAsync(key, cancel))).Value.ConfigureAwait(false);
        }
        catch (BuildException e) when (e.File is null) // says where the name stands
        {
            throw new BuildException(e.Code, e.What, e.Why, e.Mend, e.InnerException) { File = file, Span = use.Span };
        }
    }

    private async Task<OutsideName> LoadAsync(OutsideKey key, CancellationToken cancel)
    {
        Platform platform = Platform.TryParse(key.Platform, null, out Platform? parsed) ? parsed : throw new BuildException("IK4003",
            $"'{key.Platform}' is no platform.", "", "Write os/architecture, such as linux/amd64.");
        if (Context(key.Name) is not { } context) return await ImageAsync(Parse(key.Name), platform, cancel).ConfigureAwait(false);
        return context switch
        {
            DirectoryNamedContext directory => new OutsideDirectory(_directories.GetOrAdd(directory.Directory, path => new(opener.Named(path)))),
            ImageContext image => await ImageAsync(image.Reference, platform, cancel).ConfigureAwait(false),
            LayoutContext layout => await LayoutAsync(layout.Place, platform, cancel).ConfigureAwait(false),
            ScratchContext => new OutsideImage(new ScratchOperation(), Scratch(platform), "scratch", null),
            _ => throw new InvalidOperationException("An unknown kind of context."),
        };
    }

    // A context hides the image of its name, however either is written: `alpine` is `docker.io/library/alpine:latest`.
    private NamedContext? Context(string name)
    {
        foreach ((string key, string value) in contexts)
        {
            bool same = string.Equals(key, name, StringComparison.OrdinalIgnoreCase)
                || ImageReference.TryParse(key, out ImageReference? hidden) && ImageReference.TryParse(name, out ImageReference? wanted)
                    && hidden.TagOrLatest.ToString() == wanted.TagOrLatest.ToString();
            if (same) return NamedContext.Parse(key, value);
        }
        return null;
    }

    private static ImageReference Parse(string name)
    {
        try
        {
            return ImageReference.Parse(name);
        }
        catch (FormatException e) // says what is wrong with it
        {
            throw new BuildException("IK4034", e.Message, "It is no stage, no named context and no name of an image.", "Check the name.", e);
        }
    }

    private async Task<OutsideName> ImageAsync(ImageReference reference, Platform platform, CancellationToken cancel)
    {
        FoundImage found = await finder.FindAsync(reference, platform, cancel).ConfigureAwait(false);
        return Outside(found);
    }

    private async Task<OutsideName> LayoutAsync(LayoutPlace place, Platform platform, CancellationToken cancel)
    {
        (IContentStore source, Descriptor root) = await place.FindAsync(cancel).ConfigureAwait(false);
        return Outside(await finder.ReadAsync(root, platform, source, $"oci-layout://{place.Directory}:{place.Digest?.ToString() ?? place.Tag ?? "latest"}", null, cancel).ConfigureAwait(false));
    }

    private static OutsideImage Outside(FoundImage found)
    {
        ImageConfig config = found.Config.Value;
        return new(ImageOperation.Of(found.Manifest.Value, config, found.Source, found.Display), config, found.Display, found.Reference);
    }

    private static ImageConfig Scratch(Platform platform) => new()
    {
        Architecture = platform.Architecture,
        Os = platform.Os,
        Variant = platform.Variant,
        Config = new() { WorkingDir = "/" },
        Rootfs = new() { DiffIds = [] },
    };

    private readonly record struct NameUse(OutsideKey Key, SourceSpan Span);
}
