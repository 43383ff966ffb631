using System.Text;

namespace ImageKit.Dockerfile.Tests;

/// <summary>Reads the tables of cases. «…» keeps blanks; ␍ ␉ ␠ ␤ ⌁ stand for CR, tab, space, LF and the byte order mark.</summary>
internal static class CaseFile
{
    public static string Read(string name) => File.ReadAllText(PathOf(name), Encoding.UTF8);

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "cases", name);

    /// <summary>Rows <c>left ==> right</c>; other lines that begin with a capital word are settings for the rows that follow.</summary>
    public static IEnumerable<(int Line, string Left, string Right, IReadOnlyDictionary<string, string> Variables, char Escape)> Rows(string name)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        char escape = '\\';
        int number = 0;
        foreach (string line in Read(name).Split('\n'))
        {
            number++;
            if (line.Length == 0 || line.StartsWith("## ", StringComparison.Ordinal)) continue;
            if (line.StartsWith("SET ", StringComparison.Ordinal)) variables[line[4..line.IndexOf('=')]] = Decode(line[(line.IndexOf('=') + 1)..]);
            else if (line.StartsWith("ESCAPE ", StringComparison.Ordinal)) escape = line[7];
            else if (line.Split(" ==> ", 2) is [var left, var right]) yield return (number, Decode(left), Decode(right), new Dictionary<string, string>(variables), escape);
            else if (line.EndsWith(" ==>", StringComparison.Ordinal)) yield return (number, Decode(line[..^4]), "", new Dictionary<string, string>(variables), escape);
            else throw new InvalidDataException($"{name}:{number}: {line}");
        }
    }

    /// <summary>Cases <c>=== name</c>, input, <c>---</c>, expectation.</summary>
    public static IEnumerable<(string Name, string Input, string Expected, string RawInput)> Blocks(string name)
    {
        foreach (string block in ("\n" + Read(name)).Split("\n=== ").Skip(1))
        {
            int title = block.IndexOf('\n');
            string[] parts = block[(title + 1)..].Split("---\n", 2);
            if (parts.Length != 2) throw new InvalidDataException($"{name}: {block[..title]}");
            yield return (block[..title], Decode(parts[0]), parts[1].TrimEnd('\n'), parts[0]);
        }
    }

    public static string Decode(string text)
    {
        text = text.Trim('\n');
        if (text is ['«', .., '»']) text = text[1..^1];
        return text.Replace("␍", "\r").Replace("␉", "\t").Replace("␠", " ").Replace("␤", "\n").Replace("⌁", "\uFEFF");
    }

    public static string Encode(string text) =>
        text.Replace("\r", "␍").Replace("\t", "␉").Replace("\n", "␤").Replace("\uFEFF", "⌁");
}
