using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace ImageKit.Sandbox;

/// <summary>
/// The last steps before the command: into the root filesystem, out of all privileges, exec. From the first step on the files of the root
/// filesystem belong to a stranger, so nothing may be loaded any more, no assembly and no library: all is prepared before, and then nothing is used
/// but one native function that has been called already, on one thread, since ids, capabilities and filters are a thread's own.
/// </summary>
internal static unsafe class PointOfNoReturn
{
    private const int SetNoNewPrivileges = 38, DropBounding = 24, Ambient = 47, ClearAmbient = 4;
    private const int SetFilter = 1;
    private const int DetachMount = 2;
    private const int NotPermitted = 1, NoSuchFile = 2, NotADirectory = 20;
    private const int SetSignalMask = 2, StandardError = 2, CloseOnExecRange = 4;
    private const int HighestCapability = 63;

    /// <summary>All that the steps need, in memory that no collector moves.</summary>
    public readonly record struct Prepared(
        nint Root, nint Directory, nint Programs, nint Arguments, nint Environment, uint Uid, uint Gid, int GroupCount, nint Groups,
        ulong Capabilities, nint CapabilityHeader, nint CapabilitySets, nint Filter, nint NoSignals, nint Slash, nint Dot, nint Failure, int FailureLength);

    /// <summary>Prepares the steps for a bundle.</summary>
    public static Prepared Prepare(RuntimeSpec spec)
    {
        SpecProcess process = spec.Process;
        ImmutableArray<uint> groups = process.User.AdditionalGids ?? [];
        uint* groupList = (uint*)NativeMemory.AllocZeroed((nuint)groups.Length + 1, sizeof(uint));
        for (int i = 0; i < groups.Length; i++) groupList[i] = groups[i];
        ulong kept = Sandbox.Capabilities.Bits(process.Capabilities.Bounding);
        ulong effective = process.User.Uid == 0 ? Sandbox.Capabilities.Bits(process.Capabilities.Effective) : 0;
        string failure = $"exec: \"{process.Args[0]}\": cannot be executed\n";
        return new Prepared(
            Text(spec.Root.Path), Text(process.Cwd), Vector(Programs(process)), Vector(process.Args), Vector(process.Env), process.User.Uid, process.User.Gid,
            groups.Length, (nint)groupList, kept, Header(), Sets(effective), Filter(spec.Linux.Seccomp is not null), (nint)NativeMemory.AllocZeroed(8),
            Text("/"), Text("."), Text(failure), Encoding.UTF8.GetByteCount(failure));
    }

    /// <summary>Goes through the steps; never returns.</summary>
    public static void Pass(Prepared prepared)
    {
        Step(SystemCall.ChangeDirectory, prepared.Root);
        Step(SystemCall.PivotRoot, prepared.Dot, prepared.Dot); // old and new root on one spot: no folder is needed for the old one
        Step(SystemCall.Unmount, prepared.Dot, DetachMount);
        Step(SystemCall.ChangeDirectory, prepared.Slash);
        Step(SystemCall.ChangeDirectory, prepared.Directory);
        DropPrivileges(prepared);
        SystemCall.Do(SystemCall.SignalMask, SetSignalMask, prepared.NoSignals, 0, 8);
        SystemCall.Do(SystemCall.CloseRange, 3, int.MaxValue, CloseOnExecRange);
        if (prepared.Filter != 0) Step(SystemCall.Seccomp, SetFilter, 0, prepared.Filter);
        Execute(prepared);
    }

    private static void DropPrivileges(Prepared prepared)
    {
        for (int capability = 0; capability <= HighestCapability; capability++)
        {
            if ((prepared.Capabilities >> capability & 1) == 0) SystemCall.Do(SystemCall.ProcessControl, DropBounding, capability); // EINVAL beyond the kernel's last
        }
        SystemCall.Do(SystemCall.ProcessControl, Ambient, ClearAmbient);
        // With a single id the kernel forbids setgroups altogether, and there are no groups to drop that could be named.
        nint result = SystemCall.Do(SystemCall.SetGroups, prepared.GroupCount, prepared.Groups);
        if (result != 0 && (prepared.GroupCount > 0 || Marshal.GetLastPInvokeError() != NotPermitted)) Fail(prepared, ProgramLookup.NotExecutable);
        Step(SystemCall.SetGroupIds, (nint)prepared.Gid, (nint)prepared.Gid, (nint)prepared.Gid);
        Step(SystemCall.SetUserIds, (nint)prepared.Uid, (nint)prepared.Uid, (nint)prepared.Uid);
        Step(SystemCall.SetCapabilities, prepared.CapabilityHeader, prepared.CapabilitySets);
        Step(SystemCall.ProcessControl, SetNoNewPrivileges, 1);
    }

    private static void Execute(Prepared prepared)
    {
        bool found = false;
        for (byte** program = (byte**)prepared.Programs; *program is not null; program++)
        {
            SystemCall.Do(SystemCall.Execute, (nint)(*program), prepared.Arguments, prepared.Environment);
            found |= Marshal.GetLastPInvokeError() is not (NoSuchFile or NotADirectory);
        }
        Fail(prepared, found ? ProgramLookup.NotExecutable : ProgramLookup.NotFound);
    }

    private static void Fail(Prepared prepared, int exitCode)
    {
        SystemCall.Do(SystemCall.Write, StandardError, prepared.Failure, prepared.FailureLength);
        SystemCall.Do(SystemCall.Exit, exitCode);
    }

    // A privilege that cannot be dropped ends the process: the number of the call as exit code would mean nothing, 125 is 'no container'.
    private static void Step(nint call, nint first, nint second = 0, nint third = 0)
    {
        if (SystemCall.Do(call, first, second, third) < 0) SystemCall.Do(SystemCall.Exit, 125);
    }

    private static IEnumerable<string> Programs(SpecProcess process)
    {
        string program = process.Args[0];
        if (program.Contains('/')) return [program];
        string search = process.Env.LastOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal)) ?? "PATH=";
        return search["PATH=".Length..].Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => folder + "/" + program);
    }

    private static nint Header()
    {
        uint* header = (uint*)NativeMemory.AllocZeroed(2, sizeof(uint));
        header[0] = 0x20080522; // _LINUX_CAPABILITY_VERSION_3; the process behind it, 0, is the calling thread
        return (nint)header;
    }

    private static nint Sets(ulong effective)
    {
        uint* sets = (uint*)NativeMemory.AllocZeroed(6, sizeof(uint)); // effective, permitted, inheritable, low halves first
        sets[0] = sets[1] = (uint)effective;
        sets[3] = sets[4] = (uint)(effective >> 32);
        return (nint)sets;
    }

    private static nint Filter(bool wanted)
    {
        FilterAssembler.Instruction[]? instructions = wanted ? SeccompProgram.ForThisMachine() : null;
        if (instructions is null) return 0;
        void* list = NativeMemory.Alloc((nuint)instructions.Length, (nuint)sizeof(FilterAssembler.Instruction));
        instructions.CopyTo(new Span<FilterAssembler.Instruction>(list, instructions.Length));
        nint* program = (nint*)NativeMemory.AllocZeroed(2, (nuint)sizeof(nint)); // struct sock_fprog
        *(ushort*)program = (ushort)instructions.Length;
        program[1] = (nint)list;
        return (nint)program;
    }

    private static nint Text(string text) => Marshal.StringToCoTaskMemUTF8(text);

    private static nint Vector(IEnumerable<string> texts)
    {
        nint[] pointers = [.. texts.Select(Text), 0];
        nint* vector = (nint*)NativeMemory.Alloc((nuint)pointers.Length, (nuint)sizeof(nint));
        pointers.CopyTo(new Span<nint>(vector, pointers.Length));
        return (nint)vector;
    }
}
