using System.Globalization;

namespace ImageKit.Sandbox;

/// <summary>Process 1 of a PID namespace, as its parent namespace sees it.</summary>
/// <param name="Id">Its number outside.</param>
/// <param name="Handled">The signals that it catches or ignores, a bit each; bit 0 is signal 1.</param>
internal readonly record struct NamespaceLeader(int Id, ulong Handled)
{
    /// <summary>Whether a signal has an effect that the process chose.</summary>
    public bool Handles(int signal) => (Handled >> (signal - 1) & 1) != 0;

    /// <summary>Reads a process's state; null if it is not the first of a namespace below this one, or has ended.</summary>
    public static NamespaceLeader? TryRead(int id)
    {
        try
        {
            string[] lines = File.ReadAllLines($"/proc/{id}/status");
            string[] ids = Field(lines, "NSpid:").Split('\t', ' ');
            return ids.Length > 1 && ids[^1] == "1" ? new(id, Mask(lines, "SigCgt:") | Mask(lines, "SigIgn:")) : null;
        }
        catch (IOException) // it has just ended
        {
            return null;
        }
    }

    private static ulong Mask(string[] lines, string name) => ulong.Parse(Field(lines, name), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string Field(string[] lines, string name) =>
        Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim() ?? "0";
}
