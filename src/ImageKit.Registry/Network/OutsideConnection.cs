using System.Net;
using System.Net.Sockets;

namespace ImageKit.Registry;

/// <summary>
/// Connects to a host that a registry named: not to an address of a private network, whatever name it has there, unless the registry is in one
/// itself. The address that was looked at is the one that is connected to, so the name cannot mean another one a moment later.
/// </summary>
internal sealed class OutsideConnection(string registry)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(target.Host, cancel).ConfigureAwait(false);
        // A proxy is the user's own choice; it looks at the target itself.
        bool direct = target.Host.Equals(context.InitialRequestMessage.RequestUri?.IdnHost.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);
        if (direct && addresses.Any(UrlPolicy.IsPrivate) && !await IsInsideAsync(cancel).ConfigureAwait(false))
        {
            throw new RegistryException("IK2012", RegistryErrorKind.UnsafeUrl, $"{registry} pointed to a URL that is not followed: {target.Host}.",
                "The name leads into a private network, and the registry is not in one.", "Ask the operators of the registry; its address is set up wrongly, or somebody tampers with its names.");
        }
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<bool> IsInsideAsync(CancellationToken cancel) =>
        (await Dns.GetHostAddressesAsync(registry, cancel).ConfigureAwait(false)).Any(UrlPolicy.IsPrivate);
}
