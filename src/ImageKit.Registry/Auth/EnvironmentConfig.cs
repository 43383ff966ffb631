using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageKit.Registry;

/// <summary>`$DOCKER_AUTH_CONFIG`: the text of docker's file, its `auths` alone, as pipelines set it.</summary>
internal sealed class EnvironmentConfig : ICredentialSource
{
    private const string Variable = "DOCKER_AUTH_CONFIG";

    public ValueTask<Credential?> FindAsync(string registry, string repository, CancellationToken cancel = default)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text) return default;
        try
        {
            return JsonNode.Parse(text) is JsonObject root ? new(new AuthEntries("$" + Variable, root).Find(RegistryHost.Parse(registry), repository)) : throw Broken("It holds no JSON object.", null);
        }
        catch (JsonException error)
        {
            throw Broken(error.Message, error);
        }
    }

    private static CredentialException Broken(string why, Exception? inner) =>
        new("IK2020", $"The logins in ${Variable} cannot be read.", why, "Set it to the text of docker's config.json, or unset it.", inner);
}
