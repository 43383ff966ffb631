using System.Text.RegularExpressions;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>A registry that is mirrored, as it was named on the command line.</summary>
/// <param name="Name">The first part of names that are looked for there, and what clients may say in `?ns=`.</param>
/// <param name="IsNamed">Whether that name was given, rather than taken from the host.</param>
/// <param name="Host">Where it is.</param>
/// <param name="IsPlain">Whether it speaks no TLS.</param>
/// <param name="Prefix">What stands before the names of repositories there; empty for nothing.</param>
internal sealed partial record UpstreamName(string Name, bool IsNamed, RegistryHost Host, bool IsPlain, string Prefix)
{
    /// <summary>Reads `[NAME=][http[s]://]HOST[:PORT][/PREFIX]`.</summary>
    /// <exception cref="ImageKitException">The text is none of that (IK2074).</exception>
    public static UpstreamName Parse(string text)
    {
        Match match = Form().Match(text);
        string prefix = match.Groups["prefix"].Value.Trim('/');
        if (prefix == "v2") prefix = "";
        if (prefix.StartsWith("v2/", StringComparison.Ordinal)) prefix = prefix[3..];
        if (!match.Success || !RegistryHost.TryParse(match.Groups["host"].Value, out RegistryHost host) || (prefix.Length > 0 && !RegistryProtocol.IsName(prefix)))
        {
            throw new ImageKitException("IK2074", $"'{text}' names no registry to mirror.", "", "Write a host such as docker.io or a URL such as http://registry.example.com:5000, with a name of your own before it if you like: hub=docker.io.");
        }
        bool named = match.Groups["name"].Success;
        return new(named ? match.Groups["name"].Value : host.Name, named, host, match.Groups["scheme"].Value == "http", prefix);
    }

    /// <summary>Whether a client that says this in `?ns=` means this registry.</summary>
    public bool Is(string spoken) => spoken == Name || (RegistryHost.TryParse(spoken, out RegistryHost host) && host == Host);

    [GeneratedRegex(@"^((?<name>[a-z0-9]+([._-][a-z0-9]+)*)=)?((?<scheme>https?)://)?(?<host>[^/=\s]+)(?<prefix>/\S*)?\z")]
    private static partial Regex Form();
}
