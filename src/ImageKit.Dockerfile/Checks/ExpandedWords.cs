namespace ImageKit.Dockerfile;

/// <summary>The words of an instruction in which the builder expands variables.</summary>
internal static class ExpandedWords
{
    public static IEnumerable<(Word Word, bool IsHeredoc)> Of(Instruction instruction)
    {
        foreach (Word word in Plain(instruction)) yield return (word, false);
        if (instruction is not FileInstruction) yield break;
        foreach (Heredoc heredoc in instruction.Heredocs.Where(heredoc => heredoc.Expand)) yield return (new(heredoc.Content, heredoc.BodySpan), true);
    }

    private static IEnumerable<Word> Plain(Instruction instruction) => instruction switch
    {
        ArgInstruction arg => arg.Declarations.Select(declaration => declaration.Default).OfType<Word>(),
        EnvInstruction env => env.Pairs.SelectMany(pair => new[] { pair.Key, pair.Value }),
        LabelInstruction label => label.Pairs.SelectMany(pair => new[] { pair.Key, pair.Value }),
        AddInstruction add => OfFiles(add).Concat(new[] { add.Checksum }.OfType<Word>()),
        CopyInstruction copy => OfFiles(copy),
        RunInstruction run => run.Mounts.SelectMany(mount => mount.Fields).Select(part => part.Value).OfType<Word>(),
        WorkdirInstruction workdir => [workdir.Path],
        UserInstruction user => [user.User],
        ExposeInstruction expose => expose.Ports,
        VolumeInstruction volume => volume.Paths,
        StopsignalInstruction stop => [stop.Signal],
        _ => [],
    };

    private static IEnumerable<Word> OfFiles(FileInstruction files) =>
        files.Sources.Append(files.Destination).Concat(new[] { files.Chown, files.Chmod }.OfType<Word>());
}
