using System.Net.Sockets;

namespace ImageKit.Testing;

/// <summary>A fault breaks the connection.</summary>
/// <param name="resets">Whether by a reset rather than an end.</param>
internal sealed class ToldToBreak(bool resets) : IOException("The connection was broken, as told.", resets ? new SocketException((int)SocketError.ConnectionReset) : null)
{
    public bool Resets => resets;
}
