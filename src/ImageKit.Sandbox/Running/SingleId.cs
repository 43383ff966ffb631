using System.Text;

namespace ImageKit.Sandbox;

/// <summary>Explains commands that fail because there is but a single user id. One that changes owners must not end in a layer with wrong owners.</summary>
internal sealed class SingleId
{
    private const string Mend = "Install uidmap (newuidmap and newgidmap), give the user a row in /etc/subuid and /etc/subgid, or build as root.";
    private const int LongestTail = 2048;

    // What programs say when the kernel knows no such id (EINVAL), or forbids to set groups (EPERM).
    private static readonly string[] Symptoms = ["Invalid argument", "Operation not permitted", "setgroups", "setuid", "setgid", "seteuid", "setegid"];

    private readonly StringBuilder _tail = new();

    /// <summary>Refuses a command that is to run as somebody whom there is not.</summary>
    /// <exception cref="ImageKitException">It is (IK5010).</exception>
    public static void Check(RunRequest request)
    {
        if (request.Uid != 0 || request.Gid != 0 || request.Groups.Any(group => group != 0))
        {
            throw new ImageKitException("IK5010", $"The command cannot run as user {request.Uid}, group {request.Gid}.",
                "The sandbox has a single user id, root's, which is the caller's own outside.", Mend);
        }
    }

    /// <summary>The error for a command that gave a file to somebody else, whether it cared for the failure or not.</summary>
    public static ImageKitException Owners(uint uid, uint gid)
    {
        string whom = uid is 0 or uint.MaxValue ? $"group {gid}" : gid is 0 or uint.MaxValue ? $"user {uid}" : $"user {uid}, group {gid}";
        return new ImageKitException("IK5010", $"The command gave a file to {whom}.",
            "The sandbox has a single user id, root's, which is the caller's own outside: the layer would have wrong owners.", Mend);
    }

    /// <summary>Takes note of what a command writes.</summary>
    public void Note(RunOutput output)
    {
        if (!output.Error) return;
        _tail.Append(Encoding.UTF8.GetString(output.Bytes.Span));
        if (_tail.Length > LongestTail) _tail.Remove(0, _tail.Length - LongestTail);
    }

    /// <summary>The error for a failed command, if what it wrote last looks as if it had missed the other ids.</summary>
    /// <exception cref="ImageKitException">It does (IK5010).</exception>
    public void Explain(int exitCode)
    {
        string said = _tail.ToString();
        if (Symptoms.Any(symptom => said.Contains(symptom, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ImageKitException("IK5010", $"The command failed with exit code {exitCode}.",
                $"It seems to have wanted another user or group, but the sandbox has a single user id: {said.Trim().Split('\n')[^1]}.", Mend);
        }
    }
}
