namespace ImageKit.Registry;

/// <summary>Scheme, host and port: what a login is bound to. A login for one origin reaches no other.</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    public static Origin Of(Uri url) => new(url.Scheme, url.IdnHost.TrimEnd('.').ToLowerInvariant(), url.Port);
}
