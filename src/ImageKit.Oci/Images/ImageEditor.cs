using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Collects what to change of an image, in Dockerfile's words. Every call returns the editor, to be chained.</summary>
public sealed class ImageEditor
{
    private readonly ImmutableArray<LayerEdit>.Builder _layers = ImmutableArray.CreateBuilder<LayerEdit>();
    private readonly ImmutableArray<ConfigEdit>.Builder _config = ImmutableArray.CreateBuilder<ConfigEdit>();
    private readonly SortedDictionary<string, string> _annotations = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _removedAnnotations = new(StringComparer.Ordinal);
    private LayerRewrite? _rewrite;

    internal ImageEditor()
    {
    }

    /// <summary>Adds a layer whose entries lie below <paramref name="target"/>, an absolute path of the image.</summary>
    public ImageEditor Layer(string target, Action<LayerEditor> contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var editor = new LayerEditor(target);
        contents(editor);
        _layers.Add(editor.Finish());
        return this;
    }

    /// <summary>Adds a layer that lies on this machine as a tar; one compressed with gzip or zstd is taken as it is.</summary>
    public ImageEditor AppendTar(string hostPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(hostPath);
        _layers.Add(new TarLayer(Path.GetFullPath(hostPath)));
        return this;
    }

    /// <summary>Takes paths out of the layers that are there: `*`, `?` within a name, `**` for any depth. Layers that have none of them stay as they are.</summary>
    public ImageEditor Strip(params string[] patterns) => Rewrite(rewrite => rewrite with { Strip = rewrite.Strip.AddRange(patterns) });

    /// <summary>Takes a layer out, with its line of the history.</summary>
    /// <param name="index">Which one, counted from 0, the lowest.</param>
    public ImageEditor RemoveLayer(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Rewrite(rewrite => rewrite with { Removed = rewrite.Removed.Add(index) });
    }

    /// <summary>Gives every entry of every layer one time, and the history and the image as well.</summary>
    public ImageEditor Time(DateTimeOffset time)
    {
        string text = ConfigText.Time(time.ToUnixTimeSeconds());
        Config(null, (ImageConfig config) => config with { Created = text, History = config.History is { } lines ? [.. lines.Select(line => line with { Created = text })] : null });
        return Rewrite(rewrite => rewrite with { Time = time.ToUnixTimeSeconds() });
    }

    /// <summary>Gives every entry of a layer that is later than a time this time.</summary>
    public ImageEditor LatestTime(DateTimeOffset time) => Rewrite(rewrite => rewrite with { LatestTime = time.ToUnixTimeSeconds() });

    /// <summary>Sets the program, in exec form, and drops the base's default arguments, as ENTRYPOINT does. No words take it away.</summary>
    public ImageEditor Entrypoint(params string[] command) =>
        Config($"ENTRYPOINT {ConfigText.Json(command)}", config => config with { Entrypoint = ConfigText.Words(command), Cmd = null });

    /// <summary>Sets the default arguments, in exec form, as CMD does. No words take them away.</summary>
    public ImageEditor Command(params string[] command) => Config($"CMD {ConfigText.Json(command)}", config => config with { Cmd = ConfigText.Words(command) });

    /// <summary>Sets the shell of shell-form instructions, as SHELL does. No words take it away.</summary>
    public ImageEditor Shell(params string[] command) => Config($"SHELL {ConfigText.Json(command)}", config => config with { Shell = ConfigText.Words(command) });

    /// <summary>Sets a variable of the environment.</summary>
    public ImageEditor Env(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('=', StringComparison.Ordinal)) throw new ArgumentException("A variable's name has no '='.", nameof(name));
        return Config($"ENV {name}={value}", config => config with { Env = ConfigText.SetVariable(config.Env, name, value) });
    }

    /// <summary>Takes a variable out of the environment.</summary>
    public ImageEditor RemoveEnv(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Config($"ENV {name}-", config => config with { Env = config.Env is { } all ? [.. all.Where(text => !text.StartsWith(name + "=", StringComparison.Ordinal))] : null });
    }

    /// <summary>Says that the program listens on a port.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <param name="protocol">`tcp`, `udp` or `sctp`.</param>
    public ImageEditor Expose(int port, string protocol = "tcp")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        string text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{port}/{protocol}");
        return Config($"EXPOSE {text}", config => config with { ExposedPorts = ConfigText.Add(config.ExposedPorts, text) });
    }

    /// <summary>Takes a port away, written as `8080/tcp`; a bare number means TCP.</summary>
    public ImageEditor RemovePort(string port)
    {
        ArgumentException.ThrowIfNullOrEmpty(port);
        string text = port.Contains('/', StringComparison.Ordinal) ? port : port + "/tcp";
        return Config($"EXPOSE {text}-", config => config with { ExposedPorts = ConfigText.Remove(config.ExposedPorts, text) });
    }

    /// <summary>Sets the user, `name`, `uid` or `uid:gid`.</summary>
    public ImageEditor User(string user) => Config($"USER {user}", config => config with { User = user });

    /// <summary>Sets the working directory, an absolute path. No directory is made: add it to a layer.</summary>
    public ImageEditor WorkingDirectory(string path) => Config($"WORKDIR {path}", config => config with { WorkingDir = path });

    /// <summary>Sets a label.</summary>
    public ImageEditor Label(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Config($"LABEL {name}={value}", config => config with
        {
            Labels = (config.Labels ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)).SetItem(name, value),
        });
    }

    /// <summary>Takes a label away.</summary>
    public ImageEditor RemoveLabel(string name) => Config($"LABEL {name}-", config => config with { Labels = config.Labels?.Remove(name) is { IsEmpty: false } left ? left : null });

    /// <summary>Takes a volume away.</summary>
    public ImageEditor RemoveVolume(string path) => Config($"VOLUME {path}-", config => config with { Volumes = ConfigText.Remove(config.Volumes, path) });

    /// <summary>Sets how to tell whether the container is well; null takes it away.</summary>
    public ImageEditor Healthcheck(HealthcheckConfig? check) =>
        Config($"HEALTHCHECK {(check is null ? "NONE" : ConfigText.Json(check.Test ?? []))}", config => config with { Healthcheck = check });

    /// <summary>Takes away what is to be run when the image is built upon.</summary>
    public ImageEditor ClearOnBuild() => Config(null, (ImageConfig config) => config with { Config = (config.Config ?? new()) with { OnBuild = null } });

    /// <summary>Says who made the image; no line of the history tells.</summary>
    public ImageEditor Author(string author) => Config(null, (ImageConfig config) => config with { Author = author });

    /// <summary>Says for which platform the image is. Nothing in its files changes.</summary>
    public ImageEditor Platform(Platform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        return Config(null, (ImageConfig config) => config with
        {
            Os = platform.Os,
            Architecture = platform.Architecture,
            Variant = platform.Variant,
            OsVersion = platform.OsVersion,
            OsFeatures = platform.OsFeatures,
        });
    }

    /// <summary>Names a path that holds data of the container.</summary>
    public ImageEditor Volume(string path) => Config($"VOLUME {path}", config => config with { Volumes = ConfigText.Add(config.Volumes, path) });

    /// <summary>Sets the signal that stops the program, such as `SIGQUIT`.</summary>
    public ImageEditor StopSignal(string signal) => Config($"STOPSIGNAL {signal}", config => config with { StopSignal = signal });

    /// <summary>Sets an annotation of the manifest.</summary>
    public ImageEditor Annotate(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _annotations[name] = value;
        _removedAnnotations.Remove(name);
        return this;
    }

    /// <summary>Takes an annotation off the manifest.</summary>
    public ImageEditor RemoveAnnotation(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _annotations.Remove(name);
        _removedAnnotations.Add(name);
        return this;
    }

    internal ImageEdit Finish() => new()
    {
        Rewrite = _rewrite,
        Layers = _layers.ToImmutable(),
        Config = _config.ToImmutable(),
        Annotations = _annotations.ToImmutableSortedDictionary(StringComparer.Ordinal),
        RemovedAnnotations = _removedAnnotations.ToImmutableSortedSet(StringComparer.Ordinal),
    };

    private ImageEditor Rewrite(Func<LayerRewrite, LayerRewrite> change)
    {
        _rewrite = change(_rewrite ?? new());
        return this;
    }

    private ImageEditor Config(string said, Func<ContainerConfig, ContainerConfig> change) => Config(said, (ImageConfig config) => config with { Config = change(config.Config ?? new()) });

    private ImageEditor Config(string? said, Func<ImageConfig, ImageConfig> change)
    {
        _config.Add(new(said) { Change = change });
        return this;
    }
}
