using System.Buffers.Binary;
using System.Text;

namespace ImageKit.Sandbox;

/// <summary>The loopback device of a new network namespace, which the kernel makes but does not raise.</summary>
internal static class Loopback
{
    private const int InternetFamily = 2;
    private const int DatagramSocket = 2;
    private const int SetFlags = 0x8914; // SIOCSIFFLAGS
    private const short UpAndRunning = 0x41;

    /// <summary>Raises it.</summary>
    public static unsafe void Raise()
    {
        int socket = Libc.socket(InternetFamily, DatagramSocket, 0);
        if (socket < 0) throw PosixCall.Failed("socket");
        Span<byte> request = stackalloc byte[40]; // struct ifreq
        request.Clear();
        Encoding.ASCII.GetBytes("lo", request);
        BinaryPrimitives.WriteInt16LittleEndian(request[16..], UpAndRunning);
        fixed (byte* first = request)
        {
            if (Libc.ioctl(socket, SetFlags, (nint)first) != 0) throw PosixCall.Failed("ioctl on the loopback device");
        }
        _ = Libc.close(socket);
    }
}
