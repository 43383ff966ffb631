using System.Collections.Immutable;

namespace ImageKit.Server;

/// <summary>How a <see cref="RegistryServer"/> works. What is unset makes a registry for this machine alone, in memory, without logins.</summary>
public sealed record RegistryServerOptions
{
    /// <summary>Where to listen: `ADDRESS:PORT`, `:PORT` for all addresses, or a port of loopback. Port 0 takes a free one. 127.0.0.1:5000 unless set.</summary>
    public string Listen { get; init; } = "127.0.0.1:5000";

    /// <summary>The folder that keeps the content, made if it is not there. Null: memory, gone with the server.</summary>
    public string? Root { get; init; }

    /// <summary>
    /// The registries that this one is a pull-through cache of, each `HOST[:PORT][/PREFIX]` or a URL, with `NAME=` before it to give it a name.
    /// A single one without a name is mirrored at the root too, as `registry-mirrors` of docker wants it. Needs <see cref="Root"/>.
    /// </summary>
    public ImmutableArray<string> MirrorOf { get; init; } = [];

    /// <summary>A file of docker's form with the logins for the registries of <see cref="MirrorOf"/>. Null: they are asked anonymously. Logins of clients never reach them.</summary>
    public string? MirrorLogins { get; init; }

    /// <summary>How long a cached tag is believed before its registry is asked again. One minute unless set; zero asks each time.</summary>
    public TimeSpan TagLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The most bytes that content may take on disk; null for no limit. When they are used up, what was cached and not used for longest goes first.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>A file of users and bcrypt hashes, as `htpasswd -B` writes it. Null: nobody needs a login.</summary>
    public string? Htpasswd { get; init; }

    /// <summary>Whether logins are traded for tokens, at `/token` of this server, rather than sent with each request. Needs <see cref="Htpasswd"/>.</summary>
    public bool UsesTokens { get; init; }

    /// <summary>How long a token lasts. Five minutes unless set.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The file of the key that tokens are signed with, made if it is not there. Null: in <see cref="Root"/>, or made anew with the server.</summary>
    public string? TokenKey { get; init; }

    /// <summary>Whether pulling needs no login where pushing does.</summary>
    public bool AllowsAnonymousPull { get; init; }

    /// <summary>Users of <see cref="Htpasswd"/> that may pull and nothing else.</summary>
    public ImmutableArray<string> Readers { get; init; } = [];

    /// <summary>
    /// A file of rights, which says who may do what with which repositories, one a line: `alice push team/**`. `+` stands for all users, `*` for everybody.
    /// What no line allows is refused. Needs <see cref="Htpasswd"/>; takes the place of <see cref="AllowsAnonymousPull"/> and <see cref="Readers"/>. Null: users may do everything.
    /// </summary>
    public string? Rights { get; init; }

    /// <summary>The URL that clients reach this server by, where a proxy stands before it. Null: what they say in their requests.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>The certificate, PEM, with those between it and the authority behind it; read again when it changes. Null: no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's key, PEM.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Whether nothing may be written.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether nothing may be deleted.</summary>
    public bool RefusesDeletion { get; init; }

    /// <summary>How often what no manifest needs is swept away. A day unless set; zero for never.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long something has to lie unused before it is swept: uploads push the blobs before the manifest. A day unless set; at least ten minutes.</summary>
    public TimeSpan SweepAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Connections at once; those above are closed. 4,096 unless set.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Is told of each request, from many threads. Nobody unless set.</summary>
    public IProgress<ServedExchange>? Log { get; init; }
}
