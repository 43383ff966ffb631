using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Collects what to change of an image, in Dockerfile's words. Every call returns the editor, to be chained.</summary>
public sealed class ImageEditor
{
    private readonly ImmutableArray<LayerEdit>.Builder _layers = ImmutableArray.CreateBuilder<LayerEdit>();
    private readonly ImmutableArray<ConfigEdit>.Builder _config = ImmutableArray.CreateBuilder<ConfigEdit>();
    private readonly SortedDictionary<string, string> _annotations = new(StringComparer.Ordinal);

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

    /// <summary>Sets the program, in exec form, and drops the base's default arguments, as ENTRYPOINT does.</summary>
    public ImageEditor Entrypoint(params string[] command) => Config($"ENTRYPOINT {ConfigText.Json(command)}", config => config with { Entrypoint = [.. command], Cmd = null });

    /// <summary>Sets the default arguments, in exec form, as CMD does.</summary>
    public ImageEditor Command(params string[] command) => Config($"CMD {ConfigText.Json(command)}", config => config with { Cmd = [.. command] });

    /// <summary>Sets a variable of the environment.</summary>
    public ImageEditor Env(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('=', StringComparison.Ordinal)) throw new ArgumentException("A variable's name has no '='.", nameof(name));
        return Config($"ENV {name}={value}", config => config with { Env = ConfigText.SetVariable(config.Env, name, value) });
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

    /// <summary>Names a path that holds data of the container.</summary>
    public ImageEditor Volume(string path) => Config($"VOLUME {path}", config => config with { Volumes = ConfigText.Add(config.Volumes, path) });

    /// <summary>Sets the signal that stops the program, such as `SIGQUIT`.</summary>
    public ImageEditor StopSignal(string signal) => Config($"STOPSIGNAL {signal}", config => config with { StopSignal = signal });

    /// <summary>Sets an annotation of the manifest.</summary>
    public ImageEditor Annotate(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _annotations[name] = value;
        return this;
    }

    internal ImageEdit Finish() => new()
    {
        Layers = _layers.ToImmutable(),
        Config = _config.ToImmutable(),
        Annotations = _annotations.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    private ImageEditor Config(string said, Func<ContainerConfig, ContainerConfig> change)
    {
        _config.Add(new(said) { Change = change });
        return this;
    }
}
