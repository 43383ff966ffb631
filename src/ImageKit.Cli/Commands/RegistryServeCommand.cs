using System.CommandLine;
using ImageKit.Cli.Parsing;

namespace ImageKit.Cli.Commands;

/// <summary>
/// `imagekit registry serve`. Its options are read here; what runs the server stands in <see cref="RegistryServing"/>, so that no other command
/// loads the web server.
/// </summary>
internal static class RegistryServeCommand
{
    private static readonly Option<string> Listen = Text("--listen", "ADDR:PORT", "Where to listen; port 0 takes a free one, ':5000' means all addresses", "127.0.0.1:5000");
    private static readonly Option<string?> Root = RegistryCommand.Root();
    private static readonly Option<bool> Memory = Flag("--memory", "Keep the content in memory: it is gone when the registry stops");
    private static readonly Option<string[]> MirrorOf = new("--mirror-of") { Description = "Be a pull-through cache of this registry: a host or URL, with a name before it if you like; may be given several times", HelpName = "[NAME=]HOST" };
    private static readonly Option<string?> MirrorLogin = Optional("--mirror-login", "FILE", "Logins for the mirrored registries, in the form of docker's config.json; without it they are asked anonymously");
    private static readonly Option<string> TagTtl = Text("--tag-ttl", "TIME", "How long a cached tag is believed before its registry is asked again; 0s asks each time", "1m");
    private static readonly Option<string?> MaxSize = Optional("--max-size", "SIZE", "The most that content may take on disk: what was cached and not used for longest goes, what was pushed stays");
    private static readonly Option<string?> Htpasswd = Optional("--htpasswd", "FILE", "Ask for logins: users and bcrypt hashes, as 'htpasswd -B' writes them");
    private static readonly Option<bool> Token = Flag("--token", "Trade logins for tokens, at /token of this server, instead of taking passwords with each request");
    private static readonly Option<string> TokenTtl = Text("--token-ttl", "TIME", "How long a token lasts", "5m");
    private static readonly Option<string?> TokenKey = Optional("--token-key", "FILE", "The key that tokens are signed with; made if it is not there (token.key in the folder)");
    private static readonly Option<bool> AnonymousPull = Flag("--anonymous-pull", "Let everybody pull; pushing needs a login");
    private static readonly Option<string[]> Reader = new("--reader") { Description = "A user that may pull and nothing else; may be given several times", HelpName = "USER" };
    private static readonly Option<string?> Rights = Optional("--rights", "FILE", "Who may do what with which repositories, a line each such as 'alice push team/**'; '+' are all users, '*' is everybody");
    private static readonly Option<string?> Url = Optional("--url", "URL", "The URL that clients know, where a proxy stands before this server");
    private static readonly Option<string?> TlsCert = Optional("--tls-cert", "FILE", "Speak TLS with this certificate (PEM, with those between it and its authority)");
    private static readonly Option<string?> TlsKey = Optional("--tls-key", "FILE", "The certificate's key (PEM)");
    private static readonly Option<bool> ReadOnly = Flag("--read-only", "Take nothing: neither pushes nor deletions");
    private static readonly Option<bool> NoDelete = Flag("--no-delete", "Delete nothing that was pushed");
    private static readonly Option<string> GcInterval = Text("--gc-interval", "TIME", "How often what no manifest needs is freed; 0s for never", "24h");
    private static readonly Option<string> GcAge = Text("--gc-age", "TIME", "How long it has to lie unused before; at least 10m", "24h");
    private static readonly Option<string> Grace = Text("--grace", "TIME", "How long transfers that run may take to end after Ctrl-C", "30s");
    private static readonly Option<string> Log = Text("--log", "FORM", "Lines about requests, on standard error: text, json or none", "text");

    public static Command Create()
    {
        Log.AcceptOnlyFromAmong("text", "json", "none");
        Command command = new("serve", "Serve a registry: for development and tests, or as a pull-through cache for a team")
        {
            Listen, Root, Memory, MirrorOf, MirrorLogin, TagTtl, MaxSize, Htpasswd, Token, TokenTtl, TokenKey, AnonymousPull, Reader, Rights, Url, TlsCert, TlsKey, ReadOnly, NoDelete,
            GcInterval, GcAge, Grace, Log,
        };
        command.SetAction((parsed, cancel) => RegistryServing.RunAsync(Read(parsed), cancel));
        return command.WithExamples(
            "imagekit registry serve",
            "imagekit registry serve --listen 127.0.0.1:0 --memory",
            "imagekit registry serve --listen :443 --root /srv/registry --htpasswd users --token --tls-cert cert.pem --tls-key key.pem",
            "imagekit registry serve --listen 0.0.0.0:5000 --mirror-of docker.io --read-only --max-size 100GB",
            "imagekit registry serve --mirror-of hub=docker.io --mirror-of ghcr.io --mirror-login logins.json");
    }

    private static RegistryServeArguments Read(ParseResult parsed)
    {
        if (parsed.GetValue(Memory) && parsed.GetValue(Root) is not null) throw new UsageException("--memory and --root contradict each other.", "Give one of them.");
        if (parsed.GetValue(Memory) && parsed.GetValue(MirrorOf) is { Length: > 0 }) throw new UsageException("A mirror keeps what it fetched: --memory goes with no --mirror-of.", "Leave --memory out.");
        if (parsed.GetValue(Memory) && parsed.GetValue(MaxSize) is not null) throw new UsageException("--max-size limits a folder: it goes not with --memory.", "Leave one of them out.");
        if (parsed.GetValue(MirrorLogin) is not null && parsed.GetValue(MirrorOf) is not { Length: > 0 }) throw new UsageException("--mirror-login is for registries to mirror, and there are none.", "Name them with --mirror-of.");
        if (parsed.GetValue(Htpasswd) is null && (parsed.GetValue(Token) || parsed.GetValue(AnonymousPull) || parsed.GetValue(Reader) is { Length: > 0 } || parsed.GetValue(Rights) is not null))
            throw new UsageException("--token, --anonymous-pull, --reader and --rights say how logins are used, and there are none.", "Name a file of users with --htpasswd.");
        if (parsed.GetValue(Rights) is not null && (parsed.GetValue(AnonymousPull) || parsed.GetValue(Reader) is { Length: > 0 }))
            throw new UsageException("--rights says who may pull anonymously and who reads: --anonymous-pull and --reader go not with it.", "Write it as '* pull **' or 'USER pull **' in the file.");
        if (parsed.GetValue(TlsCert) is null != parsed.GetValue(TlsKey) is null) throw new UsageException("A certificate and its key belong together.", "Give both --tls-cert and --tls-key.");
        if (parsed.GetValue(Url) is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https")) throw new UsageException($"'{url}' is no URL.", "Write it as clients do, such as https://registry.example.com.");
        return new()
        {
            Listen = parsed.GetValue(Listen)!,
            Root = parsed.GetValue(Memory) ? null : parsed.GetValue(Root) ?? RegistryServeArguments.UsualRoot(),
            MirrorOf = [.. parsed.GetValue(MirrorOf) ?? []],
            MirrorLogin = parsed.GetValue(MirrorLogin),
            TagTtl = SizeText.Age(parsed.GetValue(TagTtl)!),
            MaxSize = parsed.GetValue(MaxSize) is { } size ? SizeText.Bytes(size) : null,
            Htpasswd = parsed.GetValue(Htpasswd),
            Token = parsed.GetValue(Token),
            TokenTtl = SizeText.Age(parsed.GetValue(TokenTtl)!),
            TokenKey = parsed.GetValue(TokenKey),
            AnonymousPull = parsed.GetValue(AnonymousPull),
            Readers = [.. parsed.GetValue(Reader) ?? []],
            Rights = parsed.GetValue(Rights),
            Url = parsed.GetValue(Url),
            TlsCert = parsed.GetValue(TlsCert),
            TlsKey = parsed.GetValue(TlsKey),
            ReadOnly = parsed.GetValue(ReadOnly),
            NoDelete = parsed.GetValue(NoDelete),
            GcInterval = SizeText.Age(parsed.GetValue(GcInterval)!),
            GcAge = SizeText.Age(parsed.GetValue(GcAge)!),
            Grace = SizeText.Age(parsed.GetValue(Grace)!),
            Log = parsed.GetValue(Log)!,
        };
    }

    private static Option<string> Text(string name, string value, string description, string usual) =>
        new(name) { Description = $"{description} ({usual})", HelpName = value, DefaultValueFactory = _ => usual };

    private static Option<string?> Optional(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
