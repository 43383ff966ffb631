namespace ImageKit.Dockerfile;

/// <summary>Checks of where COPY and ADD put files, and as whose.</summary>
internal static class FileChecks
{
    public static IEnumerable<Violation> SeveralSources(CheckedFile file) =>
        from use in file.FileUses
        where use.Destination is not null && !use.IsDirectory && use.File is not CopyInstruction { Parents: true }
        let count = CountSources(file, use)
        where count > 1
        select new Violation(
            use.File.Destination.Span,
            $"{count} sources are copied to {GoQuote.Quote(use.Destination!)}, which is not written as a directory: if it is none, the last source is all that remains",
            $"Write {use.Destination}/ with a slash at the end.");

    public static IEnumerable<Violation> ChmodWithoutExecute(CheckedFile file) =>
        from use in file.FileUses
        where use.File.Chmod is { } mode && LacksExecute(mode.Text)
        let isDirectory = use.Sources.Any(source => source is not null && (source.EndsWith('/') || source is "." or ".."))
        let makesParent = !use.HasParent && !use.IsDirectory
        where isDirectory || makesParent
        select new Violation(
            use.File.Chmod!.Value.Span,
            $"--chmod={use.File.Chmod} is set on directories too, which nobody but root can then enter",
            "Write a symbolic mode such as u=rwX,go=rX.");

    public static IEnumerable<Violation> UnknownOwner(CheckedFile file)
    {
        // Stages that may have got account files: those on images, and those that anything was copied into where such files lie.
        HashSet<int> withAccounts = [];
        foreach (FileUse use in file.FileUses)
        {
            int stage = use.Stage.Index;
            bool known = use.IsRootKnown && !withAccounts.Contains(stage) && !(use.Stage.Base is StageOutput { Index: int below } && withAccounts.Contains(below));
            if (use.File.Chown is { } chown && !chown.Text.Contains('$') && NameIn(chown.Text) is { } name && (known || use.File.Link))
            {
                string why = use.File.Link ? "--link does not look into the image below" : "the image has no /etc/passwd and no /etc/group";
                yield return new(chown.Span, $"Nothing tells who '{name}' is, as {why}; BuildKit takes root without a word", "Write numbers.");
            }

            if (!known || use.Target is null or "/" or "/etc" or "/etc/passwd" or "/etc/group") withAccounts.Add(stage);
        }
    }

    public static IEnumerable<Violation> ExcludedSource(CheckedFile file) =>
        from files in file.Syntax.Instructions.OfType<FileInstruction>()
        where !files.Exclude.IsEmpty
        let excluded = IgnorePatterns.Of(files.Exclude.Select(word => word.Text))
        from source in files.Sources
        where !PathPattern.HasWildcards(source.Text) && !source.Text.Contains('$')
        let name = ContextChecks.Clean(source.Text)
        where name.Length > 0 && !source.Text.EndsWith('/') && excluded.IsIgnored(name[(name.LastIndexOf('/') + 1)..], isDirectory: false)
        select new Violation(
            source.Span,
            $"Source {GoQuote.Quote(source.Text)} is what --exclude leaves out: BuildKit copies it if it is a file, others do not",
            "Remove the source or the --exclude.");

    public static IEnumerable<Violation> VolumeWrite(CheckedFile file)
    {
        foreach (Stage stage in file.Graph.Stages)
        {
            HashSet<string> volumes = new(StringComparer.Ordinal);
            foreach (Instruction instruction in stage.Instructions)
            {
                if (instruction is VolumeInstruction volume) volumes.UnionWith(volume.Paths.Select(path => path.Text.TrimEnd('/')).Where(path => path.StartsWith('/') && path.Length > 1));
                else if (volumes.Count > 0 && Written(instruction).Select(path => Around(path, volumes)).FirstOrDefault(path => path is not null) is { } written)
                    yield return new(instruction.Span, $"What is written below the volume {written} is kept by BuildKit and lost with other builders", "Write VOLUME behind it.");
            }
        }
    }

    private static int CountSources(CheckedFile file, FileUse use)
    {
        int count = use.File.Heredocs.Length;
        foreach (string? source in use.Sources)
        {
            bool isPattern = source is not null && PathPattern.HasWildcards(source);
            count += isPattern && use.File is AddInstruction or CopyInstruction { From: null } && file.Options.CountMatches(source!) is { } matches ? matches : 1;
        }

        return count;
    }

    private static bool LacksExecute(string mode) =>
        mode.Length is 3 or 4 && mode.All(c => c is >= '0' and <= '7') && mode[^3..].All(c => ((c - '0') & 1) == 0);

    private static string? NameIn(string chown) => chown.Split(':').FirstOrDefault(part => part.Length > 0 && !part.All(char.IsAsciiDigit));

    // Paths that an instruction surely writes.
    private static IEnumerable<string> Written(Instruction instruction) => instruction switch
    {
        FileInstruction files => [files.Destination.Text],
        RunInstruction { ShellText: { } text } => ShellScript.Parse(text).SelectMany(Written),
        _ => [],
    };

    private static IEnumerable<string> Written(ShellCommandWords command)
    {
        bool writesArguments = command.Program is "mkdir" or "touch" or "chown" or "chmod" or "cp" or "mv" or "tar" or "ln" or "install";
        return (writesArguments ? command.Arguments : [])
            .Concat(command.All.Zip(command.All.Skip(1)).Where(pair => pair.First is ">" or ">>").Select(pair => pair.Second))
            .Concat(command.All.Where(word => word.StartsWith('>')).Select(word => word.TrimStart('>')));
    }

    // The volume that a path is or lies in.
    private static string? Around(string path, HashSet<string> volumes)
    {
        for (int end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (volumes.TryGetValue(path[..end], out string? volume)) return volume;
        }

        return null;
    }
}
