using ImageKit.Dockerfile;

namespace AddACheck;

/// <summary>Rules of one house. A check is a name, a code, a sentence, and a function from a file to the places that break it.</summary>
internal static class HouseChecks
{
    private const string Registry = "registry.example.com/";

    /// <summary>Bases come from our registry. The graph knows which FROMs name stages, and has their variables expanded.</summary>
    public static Check OwnBases { get; } = new("HOUSE01", "OwnBases", "Bases come from our registry", file =>
        from stage in file.Graph.Stages
        where stage.Base is ExternalSource outside && !outside.Name.StartsWith(Registry, StringComparison.Ordinal)
        select new Violation(stage.From.Image.Span, $"{stage.From.Image} is not from {Registry}", $"Write {Registry}{stage.From.Image}."));

    /// <summary>The image does not run as root. The target and the stages below it decide, the last USER first.</summary>
    public static Check NobodyIsRoot { get; } = new("HOUSE02", "NobodyIsRoot", "Images run as an ordinary user", file =>
        file.Graph.Target is { } target && LastUser(file, target) is null or { User.Text: "root" or "0" }
            ? [new Violation(file.Graph.Target!.From.Span, "This image runs as root", "Add USER and a number.")]
            : []);

    private static UserInstruction? LastUser(CheckedFile file, Stage stage)
    {
        while (true)
        {
            if (stage.Instructions.OfType<UserInstruction>().LastOrDefault() is { } user) return user;
            if (stage.Base is not StageOutput below) return null;
            stage = file.Graph.Stages[below.Index];
        }
    }
}
