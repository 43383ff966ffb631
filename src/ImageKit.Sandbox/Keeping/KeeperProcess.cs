using System.Globalization;

namespace ImageKit.Sandbox;

/// <summary>The program of the keeper's process: what its arguments ask for.</summary>
internal static class KeeperProcess
{
    /// <summary>Inside a new user namespace: wait until its ids are mapped, then become the command that follows.</summary>
    internal const string MapOption = "--map";

    /// <summary>Inside all namespaces: serve requests until the socket closes.</summary>
    internal const string ServeOption = "--socket";

    /// <summary>Inside a command's own namespaces: become the command of a bundle.</summary>
    internal const string InitOption = "--init";

    /// <summary>Runs the keeper.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case [MapOption, string socket, string program, .. string[] rest]:
                await WaitForMapAsync(ToDescriptor(socket)).ConfigureAwait(false);
                Execution.Replace(program, [program, .. rest], Execution.OwnEnvironment());
                return 127;
            case [ServeOption, string socket]:
                return await KeeperServer.ServeAsync(ToDescriptor(socket)).ConfigureAwait(false);
            case [InitOption, string bundle, .. string[] terminal]:
                return InitialProcess.Become(bundle, terminal.FirstOrDefault());
            default:
                return 2;
        }
    }

    private static int ToDescriptor(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    // The socket is used through a copy, since the program that follows inherits the number that it was told. The copy is not disposed of:
    // that would shut the connection down for both; it closes when the program follows.
    private static async Task WaitForMapAsync(int descriptor)
    {
        KeeperChannel channel = new(Libc.fcntl(descriptor, Libc.CopyDescriptorCloseOnExec, 0));
        await channel.SendAsync(new UnsharedMessage(), CancellationToken.None).ConfigureAwait(false);
        await channel.ReceiveMessageAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
