using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageKit.Registry;

/// <summary>A program `docker-credential-NAME` that keeps logins, as a file names it.</summary>
/// <seealso href="https://github.com/docker/docker-credential-helpers"/>
internal sealed class CredentialProgram(string name, string configurationPath)
{
    // Long enough for a person to unlock a keyring.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private string Program => $"docker-credential-{name}";

    public async Task<Credential?> GetAsync(RegistryHost host, CancellationToken cancel)
    {
        if (await RunAsync("get", host.CredentialKey, cancel).ConfigureAwait(false) is not { } output) return null;
        try
        {
            JsonObject? answer = JsonNode.Parse(output) as JsonObject;
            string username = (string?)answer?["Username"] ?? "";
            string secret = (string?)answer?["Secret"] ?? "";
            if (username.Length == 0 && secret.Length == 0) return null;
            string origin = $"{Program} (named in '{configurationPath}')";
            return username == "<token>"
                ? new Credential { IdentityToken = secret, Origin = origin }
                : new Credential { Username = username, Password = secret, Origin = origin };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Failed("Its answer is not the JSON that was asked for.", error);
        }
    }

    public Task StoreAsync(RegistryHost host, Credential credential, CancellationToken cancel)
    {
        JsonObject login = new()
        {
            ["ServerURL"] = host.CredentialKey,
            ["Username"] = credential.IdentityToken is null ? credential.Username : "<token>",
            ["Secret"] = credential.IdentityToken ?? credential.Password,
        };
        return RunAsync("store", login.ToJsonString(), cancel);
    }

    public async Task<bool> EraseAsync(RegistryHost host, CancellationToken cancel) =>
        await RunAsync("erase", host.CredentialKey, cancel).ConfigureAwait(false) is not null;

    private async Task<string?> RunAsync(string verb, string input, CancellationToken cancel)
    {
        if (name.AsSpan().ContainsAny("/\\")) throw Failed("Its name holds a path.", null);
        using Process process = Start(verb);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(process, input, limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return Judge(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Failed($"It did not end within {Limit.TotalSeconds:0} seconds.", null);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }
    }

    private string? Judge(int exitCode, string output, string errors)
    {
        if (exitCode == 0) return output;
        // The protocol has no other sign of "not found" than this text, on stdout.
        if (output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase)) return null;
        string said = (output.Trim().Length > 0 ? output : errors).Trim();
        throw Failed($"It ended with {exitCode}" + (said.Length == 0 ? "." : $": {said[..Math.Min(said.Length, 500)]}"), null);
    }

    private Process Start(string verb)
    {
        ProcessStartInfo start = new(Program, [verb])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        try
        {
            return Process.Start(start) ?? throw Failed("It did not start.", null);
        }
        catch (Win32Exception error)
        {
            throw Failed(error.Message, error);
        }
    }

    private CredentialException Failed(string why, Exception? inner) =>
        new("IK2021", $"The credential program '{Program}', named in '{configurationPath}', gave no login.", why,
            $"Install '{Program}' on the PATH, mend it, or remove it from 'credsStore' and 'credHelpers' in '{configurationPath}'.", inner);
}
