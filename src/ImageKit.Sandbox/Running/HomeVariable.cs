using System.Globalization;
using System.Text;

namespace ImageKit.Sandbox;

/// <summary>The `HOME` of a command. Runtimes add it where it is missing; done here, it is there with the built-in sandbox too.</summary>
internal static class HomeVariable
{
    private const string Name = "HOME=";
    private const int MostBytes = 10 << 20; // as BuildKit

    /// <summary>A request with the variable.</summary>
    public static RunRequest AddTo(RunRequest request, string root) => request.Environment.Any(variable => variable.StartsWith(Name, StringComparison.Ordinal))
        ? request
        : request with { Environment = request.Environment.Add(Name + Find(root, request.Uid)) };

    private static string Find(string root, uint uid)
    {
        if (RootFile.TryRead(root, "/etc/passwd", MostBytes) is not { } accounts) return "/";
        string id = uid.ToString(CultureInfo.InvariantCulture);
        string[]? row = Encoding.UTF8.GetString(accounts).Split('\n').Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length >= 6 && fields[2] == id);
        return row is null || row[5].Length == 0 ? "/" : row[5];
    }
}
