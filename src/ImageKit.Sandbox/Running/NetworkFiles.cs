using System.Collections.Concurrent;

namespace ImageKit.Sandbox;

/// <summary>The `/etc/resolv.conf` and `/etc/hosts` that commands see: mounted read-only, in no layer.</summary>
internal sealed class NetworkFiles(string folder)
{
    private static readonly string[] HostResolvers = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

    private readonly ConcurrentDictionary<string, Lazy<string>> _hosts = new();
    private readonly Lazy<string> _resolvers = new(() => Write(folder, "resolv.conf", ReadResolvers()));

    /// <summary>Where each is to be seen, and the file to be seen there.</summary>
    public IEnumerable<(string Target, string Source)> For(string hostname) =>
    [
        ("/etc/resolv.conf", _resolvers.Value),
        ("/etc/hosts", _hosts.GetOrAdd(hostname, name => new(() => Write(folder, "hosts-" + _hosts.Count, HostsOf(name)))).Value),
    ];

    private static string HostsOf(string hostname) => $"127.0.0.1\tlocalhost {hostname}\n::1\tlocalhost ip6-localhost ip6-loopback\n";

    private static string ReadResolvers() =>
        HostResolvers.Where(File.Exists).Select(File.ReadAllText).FirstOrDefault() ?? "";

    private static string Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }
}
