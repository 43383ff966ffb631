using System.Globalization;
using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>
/// A terminal of the command's own for the built-in sandbox: what is typed at the caller's terminal goes to it, what it shows goes back, and
/// the caller's is raw meanwhile, so that keys such as Ctrl-C are the command's. OCI runtimes do the same themselves.
/// </summary>
internal sealed class CommandTerminal : IDisposable
{
    /// <summary>How a terminal is opened without becoming one's own: O_RDWR | O_NOCTTY.</summary>
    public const int ReadWriteNoControl = 0x102;

    private const int CloseOnExec = 0x80000;
    private const nuint GetSize = 0x5413, SetSize = 0x5414, SetLock = 0x40045431, GetPeer = 0x5441;
    private const int SettingsLength = 256; // more than any C library's struct termios
    private const int Now = 0;
    private const int PieceLength = 4096;

    private readonly int _master;
    private readonly byte[] _settings = new byte[SettingsLength];
    private readonly PosixSignalRegistration _resizing;
    private Thread? _showing;

    private CommandTerminal(int master, int slave)
    {
        (_master, Slave) = (master, slave);
        CopySize(_master);
        _resizing = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => CopySize(_master));
    }

    /// <summary>The command's end: a descriptor that programs started from now on inherit, until <see cref="Connect"/>.</summary>
    public int Slave { get; }

    /// <summary>Sees that standard input is a terminal.</summary>
    /// <exception cref="ImageKitException">It is none (IK5011).</exception>
    public static void Require()
    {
        if (Libc.isatty(0) == 1) return;
        throw new ImageKitException("IK5011", "The command cannot have a terminal.", "Standard input is none.", "Leave -t out, or run this from a terminal.");
    }

    /// <summary>The size of the caller's terminal; null if it has none.</summary>
    public static unsafe SpecConsoleSize? CallersSize()
    {
        ushort* size = stackalloc ushort[4]; // struct winsize: rows, columns
        return Libc.ioctl(0, GetSize, (nint)size) == 0 && size[0] > 0 ? new SpecConsoleSize(size[0], size[1]) : null;
    }

    /// <summary>Gives a terminal, by either of its ends, the size of the caller's.</summary>
    public static unsafe void CopySize(int terminal)
    {
        ulong size = 0; // struct winsize
        if (Libc.ioctl(0, GetSize, (nint)(&size)) == 0) _ = Libc.ioctl(terminal, SetSize, (nint)(&size));
    }

    /// <summary>Makes a terminal.</summary>
    /// <exception cref="IOException">The system has no terminals to give.</exception>
    public static unsafe CommandTerminal Open()
    {
        int master = Libc.open("/dev/ptmx", ReadWriteNoControl | CloseOnExec), unlocked = 0;
        if (master < 0 || Libc.ioctl(master, SetLock, (nint)(&unlocked)) != 0) throw PosixCall.Failed("open /dev/ptmx");
        int slave = Libc.ioctl(master, GetPeer, ReadWriteNoControl);
        return slave >= 0 ? new CommandTerminal(master, slave) : throw PosixCall.Failed("open the other end of /dev/ptmx");
    }

    /// <summary>In the command's process: makes an inherited descriptor its controlling terminal and standard streams.</summary>
    public static void Adopt(string descriptor)
    {
        const nuint control = 0x540E; // TIOCSCTTY
        int slave = int.Parse(descriptor, CultureInfo.InvariantCulture);
        _ = Libc.setsid();
        if (Libc.ioctl(slave, control, 0) != 0) throw PosixCall.Failed("take the terminal");
        for (int stream = 0; stream <= 2; stream++) _ = Libc.dup2(slave, stream);
        _ = Libc.close(slave);
    }

    /// <summary>Begins to pass on what is typed and shown; the command's process has its end by now.</summary>
    public unsafe void Connect()
    {
        _ = Libc.close(Slave);
        byte[] raw = new byte[SettingsLength];
        fixed (byte* before = _settings, after = raw)
        {
            _ = Libc.tcgetattr(0, before);
            _settings.CopyTo(raw, 0);
            Libc.cfmakeraw(after);
            _ = Libc.tcsetattr(0, Now, after);
        }
        _showing = Start(() => Copy(_master, 1));
        Start(() => Copy(0, _master)); // ends with the process, or at the next key after the command
    }

    /// <summary>Shows what is left to be shown and gives the caller's terminal back as it was.</summary>
    public unsafe void Dispose()
    {
        _showing?.Join(TimeSpan.FromSeconds(1));
        fixed (byte* before = _settings)
        {
            if (_showing is not null) _ = Libc.tcsetattr(0, Now, before);
        }
        _resizing.Dispose();
        _ = Libc.close(_master);
    }

    private static Thread Start(ThreadStart work)
    {
        Thread thread = new(work) { IsBackground = true };
        thread.Start();
        return thread;
    }

    // The master gives EIO when the last process at the other end is gone.
    private static unsafe void Copy(int from, int to)
    {
        byte* piece = stackalloc byte[PieceLength];
        nint length;
        while ((length = Libc.read(from, piece, PieceLength)) > 0)
        {
            for (nint written = 0; written < length;)
            {
                nint more = Libc.write(to, piece + written, length - written);
                if (more <= 0) return;
                written += more;
            }
        }
    }
}
