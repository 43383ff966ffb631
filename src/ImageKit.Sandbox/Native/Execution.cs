using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace ImageKit.Sandbox;

/// <summary>Becoming another program.</summary>
internal static class Execution
{
    /// <summary>Replaces this process by a program. Returns only if that fails.</summary>
    /// <returns>The error number.</returns>
    public static unsafe int Replace(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        // .NET ignores SIGPIPE, and what is ignored stays so in the next program; handlers do not.
        _ = Libc.signal(Libc.BrokenPipeSignal, 0);
        byte** argv = ToVector(arguments), envp = ToVector(environment);
        _ = Libc.execve(path, argv, envp);
        return Marshal.GetLastPInvokeError();
    }

    /// <summary>This process's environment as `NAME=value`.</summary>
    public static List<string> OwnEnvironment() =>
        [.. from DictionaryEntry variable in Environment.GetEnvironmentVariables() select $"{variable.Key}={variable.Value}"];

    // Freed by nobody: the process is about to become another one.
    private static unsafe byte** ToVector(IReadOnlyList<string> texts)
    {
        byte** vector = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
        {
            int length = Encoding.UTF8.GetByteCount(texts[i]);
            vector[i] = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
            Encoding.UTF8.GetBytes(texts[i], new Span<byte>(vector[i], length));
        }
        return vector;
    }
}
