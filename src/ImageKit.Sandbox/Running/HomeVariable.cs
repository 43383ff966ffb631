using System.Globalization;

namespace ImageKit.Sandbox;

/// <summary>The `HOME` of a command. Runtimes add it where it is missing; done here, it is there with the built-in sandbox too.</summary>
internal static class HomeVariable
{
    private const string Name = "HOME=";

    /// <summary>A request with the variable.</summary>
    public static RunRequest AddTo(RunRequest request, string root) => request.Environment.Any(variable => variable.StartsWith(Name, StringComparison.Ordinal))
        ? request
        : request with { Environment = request.Environment.Add(Name + Find(root, request.Uid)) };

    private static string Find(string root, uint uid)
    {
        if (RootPath.Resolve(root, "/etc/passwd") is not string inside || !File.Exists(Path.Combine(root, inside))) return "/";
        string id = uid.ToString(CultureInfo.InvariantCulture);
        string[]? row = File.ReadLines(Path.Combine(root, inside)).Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length >= 6 && fields[2] == id);
        return row is null || row[5].Length == 0 ? "/" : row[5];
    }
}
