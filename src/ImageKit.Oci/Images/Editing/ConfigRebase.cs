using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Merges configurations three ways: where an image says what its old base said, it says what the new one says; elsewhere it stays as it is.</summary>
internal static class ConfigRebase
{
    public static ImageConfig Merge(ImageConfig image, ImageConfig oldBase, ImageConfig newBase) => image with
    {
        Author = Take(image.Author, oldBase.Author, newBase.Author),
        Config = Merge(image.Config ?? new(), oldBase.Config ?? new(), newBase.Config ?? new()),
        History = History(image, oldBase, newBase),
        OsVersion = newBase.OsVersion,
        OsFeatures = newBase.OsFeatures,
        Variant = newBase.Variant,
        Rootfs = image.Rootfs with { DiffIds = [.. newBase.Rootfs.DiffIds, .. image.Rootfs.DiffIds.Skip(oldBase.Rootfs.DiffIds.Length)] },
    };

    private static ContainerConfig Merge(ContainerConfig image, ContainerConfig oldBase, ContainerConfig newBase) => image with
    {
        ArgsEscaped = Take(image.ArgsEscaped, oldBase.ArgsEscaped, newBase.ArgsEscaped),
        Cmd = Take(image.Cmd, oldBase.Cmd, newBase.Cmd),
        Entrypoint = Take(image.Entrypoint, oldBase.Entrypoint, newBase.Entrypoint),
        Env = Variables(image.Env, oldBase.Env, newBase.Env),
        ExposedPorts = Merge(image.ExposedPorts, oldBase.ExposedPorts, newBase.ExposedPorts),
        Healthcheck = Equal(image.Healthcheck, oldBase.Healthcheck) ? newBase.Healthcheck : image.Healthcheck,
        Labels = Merge(image.Labels, oldBase.Labels, newBase.Labels),
        Shell = Take(image.Shell, oldBase.Shell, newBase.Shell),
        StopSignal = Take(image.StopSignal, oldBase.StopSignal, newBase.StopSignal),
        User = Take(image.User, oldBase.User, newBase.User),
        Volumes = Merge(image.Volumes, oldBase.Volumes, newBase.Volumes),
        WorkingDir = Take(image.WorkingDir, oldBase.WorkingDir, newBase.WorkingDir),
    };

    private static ImmutableArray<HistoryEntry>? History(ImageConfig image, ImageConfig oldBase, ImageConfig newBase)
    {
        if (image.History is not { } all) return null;
        ImmutableArray<HistoryEntry> below = Lines(oldBase);
        int skipped = all.Take(below.Length).SequenceEqual(below) ? below.Length
            : new LayerStack([], all).LinesOf(oldBase.Rootfs.DiffIds.Length);
        return [.. Lines(newBase), .. all.Skip(skipped)];
    }

    // A base may have no history; what is built on it then begins with a line for each of its layers.
    private static ImmutableArray<HistoryEntry> Lines(ImageConfig config) => config.History
        ?? [.. Enumerable.Repeat(new HistoryEntry { Created = config.Created, Comment = "imagekit: of a base without history" }, config.Rootfs.DiffIds.Length)];

    private static T Take<T>(T image, T oldBase, T newBase) => EqualityComparer<T>.Default.Equals(image, oldBase) ? newBase : image;

    private static ImmutableArray<string>? Take(ImmutableArray<string>? image, ImmutableArray<string>? oldBase, ImmutableArray<string>? newBase) =>
        (image ?? []).SequenceEqual(oldBase ?? []) ? newBase : image;

    private static bool Equal(HealthcheckConfig? left, HealthcheckConfig? right) => left is null || right is null ? left is null && right is null
        : (left with { Test = null }) == (right with { Test = null }) && (left.Test ?? []).SequenceEqual(right.Test ?? []);

    private static ImmutableArray<string>? Variables(ImmutableArray<string>? image, ImmutableArray<string>? oldBase, ImmutableArray<string>? newBase)
    {
        string[] order = [.. (newBase ?? []).Concat(image ?? []).Select(Name).Distinct()];
        IReadOnlyDictionary<string, string> merged = ByKey(ByName(image), ByName(oldBase), ByName(newBase));
        return merged.Count == 0 ? null : [.. order.Where(merged.ContainsKey).Select(name => merged[name])];
    }

    private static string Name(string variable) => variable.Split('=', 2)[0];

    private static ImmutableSortedDictionary<string, string> ByName(ImmutableArray<string>? variables) =>
        (variables ?? []).Aggregate(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), (all, text) => all.SetItem(Name(text), text));

    private static ImmutableSortedSet<string>? Merge(ImmutableSortedSet<string>? image, ImmutableSortedSet<string>? oldBase, ImmutableSortedSet<string>? newBase)
    {
        ImmutableSortedSet<string> mine = image ?? [], before = oldBase ?? [], after = newBase ?? [];
        ImmutableSortedSet<string> merged = ImmutableSortedSet.CreateRange(StringComparer.Ordinal, mine.Except(before).Concat(after.Except(before.Except(mine))));
        return merged.IsEmpty ? null : merged;
    }

    private static ImmutableSortedDictionary<string, string>? Merge(ImmutableSortedDictionary<string, string>? image, ImmutableSortedDictionary<string, string>? oldBase, ImmutableSortedDictionary<string, string>? newBase)
    {
        ImmutableSortedDictionary<string, string> none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        IReadOnlyDictionary<string, string> merged = ByKey(image ?? none, oldBase ?? none, newBase ?? none);
        return merged.Count == 0 ? null : none.SetItems(merged);
    }

    // By key: what the image took over follows the base, also in going; what it changed or took away stays changed or away.
    private static Dictionary<string, string> ByKey(ImmutableSortedDictionary<string, string> image, ImmutableSortedDictionary<string, string> oldBase, ImmutableSortedDictionary<string, string> newBase)
    {
        Dictionary<string, string> merged = new(StringComparer.Ordinal);
        foreach (string key in image.Keys.Concat(newBase.Keys).Distinct())
        {
            string? mine = image.GetValueOrDefault(key), before = oldBase.GetValueOrDefault(key);
            string? taken = mine == before ? newBase.GetValueOrDefault(key) : mine;
            if (taken is not null) merged[key] = taken;
        }
        return merged;
    }
}
