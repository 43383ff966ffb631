using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>Finds the paths that one source of COPY names: itself, or all that its wildcards match.</summary>
internal sealed class SourceMatch(Tree tree, string source, bool doubleStar)
{
    private readonly string[] _parts = source.Split('/').Where(part => part is not ("" or ".")).ToArray();

    /// <summary>The paths, sorted ordinally.</summary>
    public IEnumerable<string> Paths()
    {
        if (!_parts.Any(IsPattern)) return [Literal()];
        int first = Array.FindIndex(_parts, IsPattern);
        string parent = TreePaths.Clean(string.Join('/', _parts.Take(first)));
        if (tree.Resolve(parent, followLast: true).Node is null) throw Missing(parent);
        SortedSet<string> found = new(StringComparer.Ordinal);
        Match(parent, first, found);
        return found;
    }

    private string Literal()
    {
        string path = TreePaths.Clean(source);
        return tree.Resolve(path, followLast: true).Node is null ? throw Missing(path) : path;
    }

    private void Match(string path, int index, SortedSet<string> found)
    {
        if (index == _parts.Length)
        {
            found.Add(path);
            return;
        }
        string part = _parts[index];
        if (part == "**" && doubleStar) Match(path, index + 1, found);
        if (tree.Resolve(path, followLast: true).Node is not { Entry.Kind: EntryKind.Directory } directory) return;
        if (!IsPattern(part))
        {
            string literal = TreePaths.Clean(TreePaths.Join(path, part));
            if (tree.Resolve(literal, followLast: true).Node is not null) Match(literal, index + 1, found);
            return;
        }
        foreach (TreeNode child in directory.Children)
        {
            string below = TreePaths.Join(path, child.Name);
            if (part == "**" && doubleStar)
            {
                if (child.Entry.Kind == EntryKind.Directory) Match(below, index, found);
            }
            else if (Pattern(part).IsMatch(child.Name) && tree.Resolve(below, followLast: true).Node is not null) Match(below, index + 1, found);
        }
    }

    private static bool IsPattern(string part) => PathPattern.HasWildcards(part);

    private PathPattern Pattern(string part) => PathPattern.TryParse(part, out PathPattern? pattern) ? pattern! : throw new BuildException("IK4012",
        $"The source '{source}' is no well-formed pattern.", "A '[' has no ']', or a '\\' has nothing behind it.", "Close the bracket, or escape it with '\\'.");

    private BuildException Missing(string path)
    {
        string parent = TreePaths.Parent(path);
        string name = TreePaths.Name(path);
        string? near = tree.Resolve(parent, followLast: true).Node is { Entry.Kind: EntryKind.Directory } directory
            ? DidYouMean(name, directory.Children.Select(child => child.Name)) : null;
        return new("IK4011", $"\"/{path}\": not found.", "It is not in what COPY or ADD copies from, or an ignore file hides it.",
            near is null ? "Check the path (it is relative to the root of the context) and the .dockerignore." : $"Did you mean '{TreePaths.Join(parent, near)}'?");
    }

    private static string? DidYouMean(string name, IEnumerable<string> names) =>
        names.Select(other => (other, Distance: EditDistance(name, other))).Where(pair => pair.Distance <= Math.Max(1, name.Length / 3))
            .OrderBy(pair => pair.Distance).ThenBy(pair => pair.other, StringComparer.Ordinal).FirstOrDefault().other;

    private static int EditDistance(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
