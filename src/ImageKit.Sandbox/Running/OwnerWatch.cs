using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>
/// Watches a command, from outside, for changes of owners that a sandbox with a single id cannot make, as programs may pass over their failure:
/// the layer would then have wrong owners. A filter of the kernel hands these calls to us; they fail as they would without it.
/// </summary>
/// <seealso href="https://www.kernel.org/doc/html/v6.18/userspace-api/seccomp_filter.html#userspace-notification"/>
internal sealed unsafe class OwnerWatch : IDisposable
{
    private const int SetFilter = 1, NewListener = 8;
    private const int InvalidArgument = 22; // EINVAL, what the kernel says of an id that a namespace lacks
    private const nuint Receive = 0xC0502100, Send = 0xC0182101; // SECCOMP_IOCTL_NOTIF_RECV, _SEND
    private const short Readable = 1, Ended = 0x10; // POLLIN, POLLHUP
    private const int Wait = 100; // milliseconds: old kernels do not tell when the last watched process has ended

    private Thread? _answering;
    private volatile bool _over;
    private (uint Uid, uint Gid)? _seen;

    /// <summary>Starts a process that is watched, with all that it starts. Where the kernel cannot do it, it is not watched.</summary>
    public Process Start(ProcessStartInfo start)
    {
        Process? process = null;
        Exception? failure = null;
        // A filter is a thread's own and goes over to what it starts: this thread sets it, starts, and ends.
        Thread starting = new(() =>
        {
            int listener = Install();
            if (listener >= 0)
            {
                _answering = new Thread(() => Answer(listener)) { IsBackground = true };
                _answering.Start();
            }
            try
            {
                process = Process.Start(start);
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
            {
                failure = e;
            }
        });
        starting.Start();
        starting.Join();
        return failure is null ? process! : throw failure;
    }

    /// <summary>The first ids that something tried to give to a file; null if nothing did.</summary>
    public (uint Uid, uint Gid)? End()
    {
        _over = true;
        _answering?.Join();
        _answering = null;
        return _seen;
    }

    /// <summary>Ends the watch.</summary>
    public void Dispose() => End();

    private static int Install()
    {
        if (OwnerFilter.ForThisMachine() is not { } instructions) return -1;
        fixed (FilterAssembler.Instruction* first = instructions)
        {
            nint* program = stackalloc nint[2]; // struct sock_fprog
            *(ushort*)program = (ushort)instructions.Length;
            program[1] = (nint)first;
            return (int)SystemCall.Do(SystemCall.Seccomp, SetFilter, NewListener, (nint)program);
        }
    }

    private void Answer(int listener)
    {
        PollRequest poll = new() { Descriptor = listener, Events = Readable };
        while (!_over)
        {
            poll.Returned = 0;
            if (Libc.poll(&poll, 1, Wait) <= 0) continue;
            if ((poll.Returned & Readable) == 0) break;
            AnswerOne(listener);
        }
        _ = Libc.close(listener); // calls that are handed on from now on fail
    }

    private void AnswerOne(int listener)
    {
        Notification call = default;
        if (Libc.ioctl(listener, Receive, (nint)(&call)) != 0) return; // the caller was killed meanwhile
        _seen ??= OwnerFilter.Ids(new ReadOnlySpan<ulong>(call.Arguments, 6), call.Number);
        Response response = new() { Id = call.Id, Error = -InvalidArgument };
        _ = Libc.ioctl(listener, Send, (nint)(&response));
    }

    /// <summary>The kernel's `seccomp_notif`.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Notification
    {
        public ulong Id;
        public uint Process;
        public uint Flags;
        public int Number;
        public uint Architecture;
        public ulong Instruction;
        public fixed ulong Arguments[6];
    }

    /// <summary>The kernel's `seccomp_notif_resp`.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Response
    {
        public ulong Id;
        public long Value;
        public int Error;
        public uint Flags;
    }
}
