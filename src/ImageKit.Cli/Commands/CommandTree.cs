using System.CommandLine;
using ImageKit.Cli.Commands.Edits;
using ImageKit.Cli.Commands.Raw;
using ImageKit.Sandbox;

namespace ImageKit.Cli.Commands;

/// <summary>All commands, in the order of the help text.</summary>
internal static class CommandTree
{
    public static RootCommand Create(CommandSignals foreground) => new("Build, move and run container images without a daemon.")
    {
        BuildCommand.Create(),
        CheckCommand.Create(),
        FormatCommand.Create(),
        ExplainCommand.Create(),
        RunCommand.Create(foreground),
        PullCommand.Create(),
        PushCommand.Create(),
        CopyCommand.Create(),
        SyncCommand.Create(),
        ListCommand.Create(),
        CatalogCommand.Create(),
        DigestCommand.Create(),
        DeleteCommand.Create(),
        ManifestCommand.Create(),
        BlobCommand.Create(),
        ConfigCommand.Create(),
        ReferrersCommand.Create(),
        ArtifactCommand.Create(),
        ImagesCommand.Create(),
        InspectCommand.Create(),
        HistoryCommand.Create(),
        DiffCommand.Create(),
        ValidateCommand.Create(),
        TagCommand.Create(),
        RmiCommand.Create(),
        SaveCommand.Create(),
        LoadCommand.Create(),
        ExportCommand.Create(),
        LayoutCommand.Create(),
        MutateCommand.Create(),
        AppendCommand.Create(),
        AnnotateCommand.Create(),
        ConvertCommand.Create(),
        RebaseCommand.Create(),
        SquashCommand.Create(),
        SquashCommand.CreateFlatten(),
        IndexCommand.Create(),
        GetFileCommand.Create(),
        LoginCommand.Create(),
        LogoutCommand.Create(),
        MirrorCommand.Create(),
        RegistryCommand.Create(),
        WhoAmICommand.Create(),
        RateLimitCommand.Create(),
        PruneCommand.Create(),
        DuCommand.Create(),
        VersionCommand.Create(),
        CompletionCommand.Create(),
    };
}
