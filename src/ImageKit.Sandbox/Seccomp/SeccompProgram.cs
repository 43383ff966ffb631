using System.Runtime.InteropServices;
using static ImageKit.Sandbox.FilterAssembler;

namespace ImageKit.Sandbox;

/// <summary>The system call filter of a command as a program for the kernel's filter machine.</summary>
internal static class SeccompProgram
{
    private const uint X32Bit = 0x40000000;
    private const uint FailCall = 0x00050000;
    private const uint KillProcess = 0x80000000;

    /// <summary>The filter for this machine; null where its system calls are not known to us.</summary>
    public static Instruction[]? ForThisMachine() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => X64(),
        Architecture.Arm64 => Arm64(),
        _ => null,
    };

    /// <summary>The same program as the bytes that the kernel reads, eight an instruction.</summary>
    public static byte[]? Bytes() => ForThisMachine() is { } instructions ? MemoryMarshal.AsBytes(instructions.AsSpan()).ToArray() : null;

    private static Instruction[] X64()
    {
        FilterAssembler program = new(), wide = new();
        wide.Load(NumberOffset);
        wide.ReturnIf(Test.AtLeast, X32Bit, FailCall | SeccompProfile.NotPermitted);
        WriteCalls(wide, new(CloneCall: 56, Clone3: 435, Socket: 41, Personality: 135), AllowedCalls.Numbers(narrow: false));
        program.Load(ArchitectureOffset);
        program.OnlyIf(Wide, wide);
        program.ReturnIfNot(Test.Equal, Narrow, KillProcess);
        program.Load(NumberOffset);
        WriteCalls(program, new(CloneCall: 120, Clone3: 435, Socket: 359, Personality: 136), AllowedCalls.Numbers(narrow: true));
        return program.Instructions;
    }

    private static Instruction[] Arm64()
    {
        FilterAssembler program = new();
        program.Load(ArchitectureOffset);
        program.ReturnIfNot(Test.Equal, Arm, KillProcess);
        program.Load(NumberOffset);
        WriteCalls(program, new(CloneCall: 220, Clone3: 435, Socket: 198, Personality: 92), AllowedCalls.Numbers(narrow: false));
        return program.Instructions;
    }

    // Every path ends in a return.
    private static void WriteCalls(FilterAssembler program, ByArgument special, IReadOnlyList<uint> allowed)
    {
        program.ReturnIf(Test.Equal, special.Clone3, FailCall | SeccompProfile.NotImplemented);
        program.SkipUnless(special.CloneCall, 4);
        program.Load(ArgumentOffset(0));
        program.ReturnIf(Test.AnyBit, SeccompProfile.NamespaceFlags, FailCall | SeccompProfile.NotPermitted);
        program.Return(AllowCall);
        program.SkipUnless(special.Socket, 4);
        program.Load(ArgumentOffset(0));
        program.ReturnIf(Test.Equal, SeccompProfile.HypervisorSockets, FailCall | SeccompProfile.NotPermitted);
        program.Return(AllowCall);
        program.SkipUnless(special.Personality, (2 * SeccompProfile.Personalities.Length) + 2);
        program.Load(ArgumentOffset(0));
        foreach (uint personality in SeccompProfile.Personalities) program.ReturnIf(Test.Equal, personality, AllowCall);
        program.Return(FailCall | SeccompProfile.NotPermitted);
        foreach ((uint first, uint last) in Ranges(allowed))
        {
            program.ReturnIfNot(Test.AtLeast, first, FailCall | SeccompProfile.NotPermitted); // the ranges ascend: it lies between two
            program.ReturnIfNot(Test.Above, last, AllowCall);
        }
        program.Return(FailCall | SeccompProfile.NotImplemented); // newer than our table: programs have a way without
    }

    private static IEnumerable<(uint First, uint Last)> Ranges(IReadOnlyList<uint> numbers)
    {
        uint first = numbers[0], last = first;
        foreach (uint number in numbers.Skip(1))
        {
            if (number != last + 1)
            {
                yield return (first, last);
                first = number;
            }
            last = number;
        }
        yield return (first, last);
    }

    private readonly record struct ByArgument(uint CloneCall, uint Clone3, uint Socket, uint Personality);
}
