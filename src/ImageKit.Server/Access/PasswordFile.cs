using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ImageKit.Server;

/// <summary>
/// A file of `USER:HASH` lines, as `htpasswd -B` writes it, read again when it changes. Only bcrypt is taken, as other registries do: the older
/// hashes of that format are guessed in seconds.
/// </summary>
internal sealed class PasswordFile
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly WatchedFile<Users> _file;
    private readonly SemaphoreSlim _checking = new(Environment.ProcessorCount); // a flood of guesses must not take all threads
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly string _nobody = BCrypt.Net.BCrypt.HashPassword("nobody", 5);

    /// <exception cref="ImageKitException">The file cannot be read, or holds a line that is not taken (IK2072).</exception>
    public PasswordFile(string path, TimeProvider time) => _file = new(path, Read, LookEvery, time);

    /// <summary>Whether this user has this password. It takes as long for users that there are not.</summary>
    public async ValueTask<bool> CheckAsync(BasicLogin login, CancellationToken cancel)
    {
        (var hashes, var proven) = _file.Current();
        string mark = Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{login.User}\n{login.Password}")));
        if (proven.ContainsKey(mark)) return true;
        await _checking.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            bool known = hashes.TryGetValue(login.User, out string? hash);
            bool right = await Task.Run(() => BCrypt.Net.BCrypt.Verify(login.Password, hash ?? _nobody), cancel).ConfigureAwait(false) && known;
            if (right) proven.TryAdd(mark, 0);
            return right;
        }
        finally
        {
            _checking.Release();
        }
    }

    /// <summary>A text that changes when the user's password does, and tells nothing of it; null if there is no such user.</summary>
    public string? MarkOf(string user) =>
        _file.Current().Hashes.TryGetValue(user, out string? hash) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{user}\n{hash}")).AsSpan(0, 16)) : null;

    private static Users Read(string path)
    {
        try
        {
            var users = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            int number = 0;
            foreach (string line in File.ReadLines(path, Encoding.UTF8))
            {
                number++;
                if (line.Trim() is not { Length: > 0 } text || text[0] == '#') continue;
                int colon = text.IndexOf(':', StringComparison.Ordinal);
                string hash = text[(colon + 1)..];
                if (colon <= 0 || !IsBcrypt(hash)) throw Broken(path, $"Line {number} is no user with a bcrypt hash.");
                users[text[..colon]] = hash;
            }
            return users.Count > 0 ? new(users.ToImmutable(), new(StringComparer.Ordinal)) : throw Broken(path, "It names no user.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(path, e.Message, e);
        }
    }

    // $2y$05$ and 53 characters.
    private static bool IsBcrypt(string hash) => hash.Length == 60 && hash[0] == '$' && hash[1] == '2' && hash[2] is 'a' or 'b' or 'x' or 'y' && hash[3] == '$' && hash[6] == '$';

    private static ImageKitException Broken(string path, string why, Exception? inner = null) =>
        new("IK2072", $"The file of users '{path}' cannot be used.", why, "Make it with 'htpasswd -B -c FILE USER'; other hashes than bcrypt are not taken.", inner);

    // The hashes by user, and HMACs of logins that were right.
    private sealed record Users(ImmutableDictionary<string, string> Hashes, ConcurrentDictionary<string, byte> Proven);
}
