using System.Runtime.InteropServices;
using static ImageKit.Sandbox.FilterAssembler;

namespace ImageKit.Sandbox;

/// <summary>A filter that hands on every call that gives a file to somebody but root; all other calls pass.</summary>
internal static class OwnerFilter
{
    private const uint NotifyCall = 0x7FC00000; // SECCOMP_RET_USER_NOTIF
    private const uint Unchanged = 0xFFFFFFFF, UnchangedShort = 0xFFFF;
    private const int CheckLength = 5;

    /// <summary>The filter for this machine; null where its system calls are not known to us.</summary>
    public static Instruction[]? ForThisMachine() => RuntimeInformation.OSArchitecture switch
    {
        // chown, fchown, lchown; fchownat. The narrow ones: lchown, fchown, chown, and the same with ids of 32 bits.
        Architecture.X64 => Of((Wide, [92, 93, 94], [260]), (Narrow, [16, 95, 182, 198, 207, 212], [298])),
        Architecture.Arm64 => Of((Arm, [55], [54])),
        _ => null,
    };

    /// <summary>The ids that a call handed on wants, from its number and arguments.</summary>
    public static (uint Uid, uint Gid) Ids(ReadOnlySpan<ulong> arguments, int number) =>
        number is 260 or 298 or 54 ? ((uint)arguments[2], (uint)arguments[3]) : ((uint)arguments[1], (uint)arguments[2]);

    private static Instruction[] Of(params ReadOnlySpan<(uint Architecture, uint[] Chown, uint[] ChownAt)> machines)
    {
        FilterAssembler program = new();
        program.Load(ArchitectureOffset);
        foreach ((uint architecture, uint[] chown, uint[] chownAt) in machines)
        {
            FilterAssembler part = new();
            part.Load(NumberOffset);
            foreach (uint number in chown) WriteCall(part, number, ids: 1);
            foreach (uint number in chownAt) WriteCall(part, number, ids: 2);
            part.Return(AllowCall);
            program.OnlyIf(architecture, part);
        }
        program.Return(AllowCall);
        return program.Instructions;
    }

    private static void WriteCall(FilterAssembler part, uint number, int ids)
    {
        part.SkipUnless(number, (2 * CheckLength) + 1);
        WriteCheck(part, ids);
        WriteCheck(part, ids + 1);
        part.Return(AllowCall);
    }

    private static void WriteCheck(FilterAssembler part, int argument)
    {
        part.Load(ArgumentOffset(argument));
        part.SkipIf(0, 3);
        part.SkipIf(Unchanged, 2);
        part.SkipIf(UnchangedShort, 1);
        part.Return(NotifyCall);
    }
}
