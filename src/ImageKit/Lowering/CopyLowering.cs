using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>Lowers COPY and ADD.</summary>
internal sealed class CopyLowering(LoweringInput input, Lowerer lowerer, Stage stage, LayerCompression? compression)
{
    /// <returns>The operation, and the line of history without the builder's mark.</returns>
    /// <exception cref="BuildException">A word cannot be expanded (IK4002), or a form of ADD is not supported (IK4005).</exception>
    public (CopyOperation Operation, string CreatedBy) Lower(StageState state, FileInstruction file)
    {
        AddInstruction? add = file as AddInstruction;
        if (add is not null) Check(add);
        ImmutableArray<string> sources = [.. file.Sources.Select(word => Texts.Expand(word, state, input))];
        foreach ((string source, Word word) in sources.Zip(file.Sources)) CheckLocal(source, word, add is not null);
        string destination = Texts.Expand(file.Destination, state, input);
        string? chown = file.Chown is { } owner ? Texts.Expand(owner, state, input) : null;
        string? chmod = file.Chmod is { } mode ? Texts.Expand(mode, state, input) : null;
        CopyInstruction? copy = file as CopyInstruction;
        CopyOperation operation = new(state.Head, From(copy), sources, Paths.Destination(state.WorkingDirectory, destination))
        {
            Inline = [.. file.Heredocs.Select(heredoc => new InlineFile(heredoc.Name, Body(heredoc, state)))],
            Chown = string.IsNullOrEmpty(chown) ? null : chown,
            Chmod = chmod is null ? null : Mode(chmod, file.Chmod!.Value),
            ChmodText = chmod,
            Link = file.Link,
            Strict = input.Strict,
            Parents = copy?.Parents ?? false,
            Excludes = [.. file.Exclude.Select(word => word.Text)],
            Unpack = add is { Unpack: not false },
            Time = input.Time,
            Compression = compression,
        };
        return (operation, CreatedBy(file, operation, destination));
    }

    private Operation From(CopyInstruction? copy) => copy?.From is { } from ? lowerer.Files(stage, from.Text) : input.Context;

    private static string CreatedBy(FileInstruction file, CopyOperation operation, string destination)
    {
        List<string> words = [file.Name];
        if (operation.Parents) words.Add("--parents");
        if (operation.Chown is not null) words.Add($"--chown={operation.Chown}");
        if (operation.ChmodText is not null) words.Add($"--chmod={operation.ChmodText}");
        words.AddRange(operation.Sources);
        words.AddRange(operation.Inline.Select(inline => "<<" + inline.Name));
        words.Add(destination);
        return string.Join(' ', words);
    }

    private string Body(Heredoc heredoc, StageState state)
    {
        if (!heredoc.Expand) return heredoc.Content;
        ExpansionResult result = Expansion.ExpandHeredoc(heredoc.Content, state.Lookup);
        return result.Error is null ? result.Text : throw Texts.Fault(heredoc.Opening, result.Error, input);
    }

    private FileModeChange Mode(string text, Word word) =>
        FileModeChange.Parse(text, out string? error) ?? throw Texts.Fault(word, error ?? "no mode", input, "Write an octal mode such as 0755, or a change such as u=rwX,go-w.");

    private static void Check(AddInstruction add)
    {
        if (add.Checksum is not null) throw RunLowering.Unsupported("ADD --checksum", "It is for sources in the network, which are not supported yet.");
        if (add.KeepGitDirectory is not null) throw RunLowering.Unsupported("ADD --keep-git-dir", "It is for git repositories, which are not supported yet.");
    }

    private void CheckLocal(string source, Word word, bool isAdd)
    {
        bool isRemote = source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || source.StartsWith("git@", StringComparison.Ordinal) || source.StartsWith("ssh://", StringComparison.Ordinal) || source.StartsWith("git://", StringComparison.Ordinal);
        if (!isRemote) return;
        throw new BuildException("IK4005", isAdd ? $"ADD of {source} is not supported." : $"source can't be a URL for COPY: {source}.",
            isAdd ? "Only files of the build context can be added yet." : "COPY copies files of the context, of stages and of images.",
            isAdd ? "Fetch it in a RUN, or before the build." : "Use ADD.")
        { File = input.File, Span = word.Span };
    }
}
