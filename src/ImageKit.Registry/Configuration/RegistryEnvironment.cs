using System.Globalization;

namespace ImageKit.Registry;

/// <summary>The variables of .NET's own container tooling, taken over so that pipelines need no change.</summary>
internal static class RegistryEnvironment
{
    /// <summary>`SDK_CONTAINER_REGISTRY_CHUNKED_UPLOAD_SIZE_BYTES`; 0 if unset.</summary>
    public static int ChunkBytes =>
        int.TryParse(Environment.GetEnvironmentVariable("SDK_CONTAINER_REGISTRY_CHUNKED_UPLOAD_SIZE_BYTES"), NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) ? bytes : 0;

    /// <summary>The login of `NAME_UNAME` and `NAME_PWORD`, under the first of these names that is set; null if none is.</summary>
    public static Credential? FindLogin(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            string? user = Environment.GetEnvironmentVariable(name + "_UNAME"), password = Environment.GetEnvironmentVariable(name + "_PWORD");
            if (user is { Length: > 0 } && password is not null) return new() { Username = user, Password = password, NamesNoRegistry = true, Origin = $"the environment (${name}_UNAME)" };
        }
        return null;
    }
}
