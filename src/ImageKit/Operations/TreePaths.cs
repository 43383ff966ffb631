using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>Texts of paths inside a tree: parts separated by `/`, none at either end, `..` never above the root.</summary>
internal static class TreePaths
{
    /// <summary>The clean form of a path; `..` at the root stays at the root.</summary>
    public static string Clean(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }

    public static string Join(string directory, string name) => directory.Length == 0 ? name : name.Length == 0 ? directory : $"{directory}/{name}";

    public static string Parent(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The regular file at a path, links followed inside the tree; null if there is none.</summary>
    public static TreeNode? FindFile(Tree tree, string path) => tree.Resolve(path).Node is { Entry.Kind: EntryKind.File } file ? file : null;
}
