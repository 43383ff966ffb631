using System.Globalization;

namespace ImageKit.Dockerfile;

/// <summary>Collects the fields of one mount; every fault is a message in BuildKit's words.</summary>
internal sealed class MountBuilder
{
    private static readonly string[] Keys =
    [
        "type", "from", "source", "target", "readonly", "id", "sharing", "required", "size", "mode", "uid", "gid", "src", "dst", "destination",
        "ro", "rw", "readwrite", "env",
    ];

    private static readonly string[] Types = ["bind", "cache", "tmpfs", "secret", "ssh"];

    private static readonly string[] Sharings = ["shared", "private", "locked"];

    private bool? _readOnly;
    private CacheSharing? _sharing;

    public RunMount Mount { get; private set; } = new() { Type = MountType.Bind };

    private string TypeName => Types[(int)Mount.Type];

    private bool MayBeRequired => Mount.Type is MountType.Secret or MountType.Ssh;

    /// <summary>Whether a key is known.</summary>
    public bool Knows(string key) => Keys.Contains(key);

    /// <summary>Takes one field.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? Set(string key, string? value, string field)
    {
        switch (key)
        {
            case "readonly" or "ro": return SetFlag(key, value, on => _readOnly = on);
            case "readwrite" or "rw": return SetFlag(key, value, on => _readOnly = !on);
            case "required" when MayBeRequired: return SetFlag(key, value, on => Mount = Mount with { Required = on });
            case "required": return $"unexpected key '{key}' for mount type '{TypeName}'";
        }

        if (value is null)
        {
            return Keys.Contains(key)
                ? $"invalid field '{field}' must be a key=value pair"
                : $"invalid field '{field}' must be a key=value pair{DidYouMean.Suffix(key, Keys)}";
        }

        switch (key)
        {
            case "type": return SetType(value);
            case "sharing": return SetSharing(value);
            case "from": Mount = Mount with { From = NullIfEmpty(value) }; return null;
            case "source" or "src": Mount = Mount with { Source = NullIfEmpty(value) }; return null;
            case "target" or "dst" or "destination": Mount = Mount with { Target = NullIfEmpty(value) }; return null;
            case "id": Mount = Mount with { Id = NullIfEmpty(value) }; return null;
            case "env": Mount = Mount with { EnvironmentVariable = NullIfEmpty(value) }; return null;
            default: return SetNumber(key, value, field);
        }
    }

    /// <summary>Checks the fields together once all are known.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? Finish()
    {
        bool hasOwner = Mount.Type is MountType.Secret or MountType.Ssh or MountType.Cache;
        if (!hasOwner && Mount.Mode is not null) return $"mode not allowed for \"{TypeName}\" type mounts";
        if (!hasOwner && Mount.UserId is not null) return $"uid not allowed for \"{TypeName}\" type mounts";
        if (!hasOwner && Mount.GroupId is not null) return $"gid not allowed for \"{TypeName}\" type mounts";
        if (Mount.Target is { } target && IsRoot(target)) return $"invalid mount target {GoQuote.Quote(target)}";
        if (Mount.Type == MountType.Secret)
        {
            if (Mount.From is not null) return "secret mount should not have a from";
            if (_sharing is not null) return "secret mount should not define sharing";
            if (Mount is { Source: null, Target: null, Id: null }) return "invalid secret mount. one of source, target required";
            if (Mount is { Source: not null, Id: not null }) return "both source and id can't be set";
            Mount = Mount with { Id = Mount.Id ?? Mount.Source, Source = null };
        }

        if (Mount.EnvironmentVariable is not null && Mount.Type != MountType.Secret) return $"unexpected key 'env' for mount type '{TypeName}'";
        if (_sharing is not null && Mount.Type != MountType.Cache) return $"invalid cache sharing set for {TypeName} mount";
        bool writable = Mount.Type is MountType.Cache or MountType.Tmpfs;
        Mount = Mount with { ReadOnly = _readOnly ?? !writable, Sharing = _sharing ?? CacheSharing.Shared };
        return null;
    }

    // Nothing can be mounted over the whole root file system.
    private static bool IsRoot(string target) => target[0] == '/' && ContextChecks.Clean(target).Length == 0;

    private string? SetType(string value)
    {
        int type = Array.IndexOf(Types, value.ToLowerInvariant());
        if (type < 0) return $"unsupported mount type {GoQuote.Quote(value)}{DidYouMean.Suffix(value, Types)}";
        Mount = Mount with { Type = (MountType)type };
        return null;
    }

    private string? SetSharing(string value)
    {
        int sharing = Array.IndexOf(Sharings, value.ToLowerInvariant());
        if (sharing < 0) return $"unsupported sharing value {GoQuote.Quote(value)}{DidYouMean.Suffix(value, Sharings)}";
        _sharing = (CacheSharing)sharing;
        return null;
    }

    private string? SetNumber(string key, string value, string field)
    {
        switch (key)
        {
            case "size" when Mount.Type != MountType.Tmpfs:
                return $"unexpected key '{key}' for mount type '{TypeName}'";
            case "size":
                if (ByteSize.Parse(value) is not { } size) return $"invalid value for {key}: {value}";
                Mount = Mount with { SizeBytes = size };
                return null;
            case "mode":
                if (FileModeChange.ParseOctal(value) is not { } mode) return $"invalid value {value} for mode";
                Mount = Mount with { Mode = mode };
                return null;
            case "uid" or "gid":
                if (!uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint id)) return $"invalid value {value} for {key}";
                Mount = key == "uid" ? Mount with { UserId = id } : Mount with { GroupId = id };
                return null;
            default:
                return $"unexpected key '{key}' in '{field}'{DidYouMean.Suffix(key, Keys)}";
        }
    }

    private static string? SetFlag(string key, string? value, Action<bool> set)
    {
        bool? on = value is null ? true : GoBoolean.Parse(value);
        if (on is null) return $"invalid value for {key}: {value}";
        set(on.Value);
        return null;
    }

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
