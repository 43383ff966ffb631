using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageKit.Registry;

/// <summary>
/// Docker's `config.json`, or containers' `auth.json`, as far as logins go. Everything else in it is kept as it is.
/// </summary>
/// <seealso href="https://github.com/docker/cli/blob/v28.0.0/docs/reference/commandline/login.md"/>
/// <seealso href="https://github.com/containers/image/blob/v5.34.0/docs/containers-auth.json.5.md"/>
public sealed class DockerConfigFile : ICredentialSource
{
    private const string OldName = ".dockercfg";

    private readonly JsonObject _root;

    private DockerConfigFile(string path, JsonObject root) => (Path, _root) = (path, root);

    /// <summary>The file that `login` writes: `$REGISTRY_AUTH_FILE`, else `config.json` in `$DOCKER_CONFIG`, else `~/.docker/config.json`.</summary>
    public static string DefaultPath => Variable("REGISTRY_AUTH_FILE") ?? DockerPath;

    /// <summary>Every file that is searched for logins, in this order.</summary>
    public static ImmutableArray<string> SearchPaths
    {
        get
        {
            string configuration = Variable("XDG_CONFIG_HOME") ?? System.IO.Path.Combine(Home, ".config");
            IEnumerable<string?> paths =
            [
                Variable("REGISTRY_AUTH_FILE"),
                DockerPath,
                Variable("XDG_RUNTIME_DIR") is { } runtime ? System.IO.Path.Combine(runtime, "containers", "auth.json") : null,
                System.IO.Path.Combine(configuration, "containers", "auth.json"),
                System.IO.Path.Combine(Home, OldName),
            ];
            return [.. paths.OfType<string>().Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string DockerPath => System.IO.Path.Combine(Variable("DOCKER_CONFIG") ?? System.IO.Path.Combine(Home, ".docker"), "config.json");

    /// <summary>Reads a file; one that is not there, or empty, has no logins.</summary>
    /// <exception cref="CredentialException">The file cannot be read or is no JSON object (IK2020).</exception>
    public static async Task<DockerConfigFile> ReadAsync(string path, CancellationToken cancel = default)
    {
        try
        {
            byte[] text = File.Exists(path) ? await File.ReadAllBytesAsync(path, cancel).ConfigureAwait(false) : [];
            JsonNode? root = text.AsSpan().Trim(" \t\r\n"u8).IsEmpty ? new JsonObject() : JsonNode.Parse(text);
            // Docker's file of before 2015 is what `auths` holds now.
            if (root is JsonObject old && System.IO.Path.GetFileName(path) == OldName) root = new JsonObject { ["auths"] = old };
            return root is JsonObject fields ? new(path, fields) : throw Broken(path, "It holds no JSON object.", null);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Broken(path, error.Message, error);
        }
    }

    /// <summary>Finds a login: the program of `credHelpers` for the registry, then that of `credsStore`, then `auths`, longest path first.</summary>
    /// <exception cref="CredentialException">An entry is broken (IK2020) or a credential program failed (IK2021).</exception>
    public async ValueTask<Credential?> FindAsync(string registry, string repository, CancellationToken cancel = default)
    {
        RegistryHost host = RegistryHost.Parse(registry);
        if (ProgramFor(host) is { } program && await program.GetAsync(host, cancel).ConfigureAwait(false) is { } found) return found;
        return new AuthEntries(Path, _root).Find(host, repository);
    }

    /// <summary>
    /// Keeps a login for the registry: in its credential program if the file names one, else in `auths`. The file is replaced at once,
    /// readable by its owner alone; its other fields stay.
    /// </summary>
    /// <exception cref="CredentialException">The file cannot be written (IK2022), or the program failed (IK2021).</exception>
    public async Task LoginAsync(string registry, Credential credential, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(credential);
        RegistryHost host = RegistryHost.Parse(registry);
        CredentialProgram? program = ProgramFor(host);
        if (program is not null) await program.StoreAsync(host, credential, cancel).ConfigureAwait(false);
        new AuthEntries(Path, _root).Set(host, program is null ? credential : null);
        await WriteAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Forgets the login for the registry, under every spelling of its name.</summary>
    /// <returns>Whether there was one in this file.</returns>
    /// <exception cref="CredentialException">The file cannot be written (IK2022), or the program failed (IK2021).</exception>
    public async Task<bool> LogoutAsync(string registry, CancellationToken cancel = default)
    {
        RegistryHost host = RegistryHost.Parse(registry);
        bool erased = ProgramFor(host) is { } program && await program.EraseAsync(host, cancel).ConfigureAwait(false);
        if (!new AuthEntries(Path, _root).Remove(host)) return erased;
        await WriteAsync(cancel).ConfigureAwait(false);
        return true;
    }

    private CredentialProgram? ProgramFor(RegistryHost host)
    {
        IEnumerable<KeyValuePair<string, JsonNode?>> named = _root["credHelpers"] as JsonObject ?? [];
        foreach ((string key, JsonNode? value) in named)
        {
            if (RegistryHost.TryParse(key, out RegistryHost other) && other == host && Text(value) is { } name) return new(name, Path);
        }
        return Text(_root["credsStore"]) is { } store ? new(store, Path) : null;
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        try
        {
            await PrivateFile.ReplaceAsync(Path, _root, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException("IK2022", $"The logins in '{Path}' could not be written.", error.Message,
                "See that the folder exists and is yours, or name another with DOCKER_CONFIG.", error);
        }
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static CredentialException Broken(string path, string why, Exception? inner) =>
        new("IK2020", $"The logins in '{path}' cannot be read.", why, "Mend the file, or remove it and log in again.", inner);
}
