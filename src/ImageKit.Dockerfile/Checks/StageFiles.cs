namespace ImageKit.Dockerfile;

/// <summary>What is known of a stage's directories as one goes down its instructions.</summary>
internal sealed class StageFiles
{
    private readonly Stage _stage;
    private readonly HashSet<string> _directories;
    private string? _workdir;
    private bool _isRootKnown;

    public StageFiles(Stage stage, StageFiles? below)
    {
        _stage = stage;
        _directories = new(below?._directories ?? ["/"], StringComparer.Ordinal);
        _workdir = below is not null ? below._workdir : stage.Base is ScratchSource ? "/" : null;
        _isRootKnown = below?._isRootKnown ?? stage.Base is ScratchSource;
    }

    public FileUse Use(FileInstruction file, Func<Word, string?> expand)
    {
        string? destination = expand(file.Destination);
        string? target = Absolute(destination);
        bool named = destination is not null && (destination.Length == 0 || destination is "." or ".." || destination.EndsWith('/') || destination.EndsWith("/.", StringComparison.Ordinal));
        FileUse use = new()
        {
            Stage = _stage,
            File = file,
            Sources = [.. file.Sources.Select(expand)],
            Destination = destination,
            Target = target,
            IsDirectory = named || (target is not null && _directories.Contains(target)),
            IsRootKnown = _isRootKnown,
            HasParent = !_isRootKnown || target is null || _directories.Contains(Parent(target)),
        };
        if (target is not null) AddDirectory(use.IsDirectory ? target : Parent(target));
        return use;
    }

    public void Apply(Instruction instruction, Func<Word, string?> expand)
    {
        if (instruction is RunInstruction) _isRootKnown = false;
        if (instruction is not WorkdirInstruction workdir) return;
        _workdir = Absolute(expand(workdir.Path));
        if (_workdir is not null) AddDirectory(_workdir);
    }

    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";

    private void AddDirectory(string path)
    {
        while (_directories.Add(path) && path.Length > 1) path = Parent(path);
    }

    private string? Absolute(string? path)
    {
        if (path is null) return null;
        if (!path.StartsWith('/')) path = _workdir is null ? null : $"{_workdir}/{path}";
        return path is null ? null : "/" + ContextChecks.Clean(path);
    }
}
