using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>The system call filter of a command as a program for the kernel's filter machine.</summary>
/// <seealso href="https://www.kernel.org/doc/html/v6.18/userspace-api/seccomp_filter.html"/>
internal sealed class SeccompProgram
{
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgumentOffset = 16; // its low half: both machines are little-endian
    private const uint Wide = 0xC000003E; // AUDIT_ARCH_X86_64
    private const uint Narrow = 0x40000003; // AUDIT_ARCH_I386
    private const uint Arm = 0xC00000B7; // AUDIT_ARCH_AARCH64
    private const uint X32Bit = 0x40000000;
    private const uint AllowCall = 0x7FFF0000;
    private const uint FailCall = 0x00050000;
    private const uint KillProcess = 0x80000000;

    private readonly List<Instruction> _instructions = [];

    /// <summary>The filter for this machine; null where its system calls are not known to us.</summary>
    public static Instruction[]? ForThisMachine() => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => new SeccompProgram().X64(),
        Architecture.Arm64 => new SeccompProgram().Arm64(),
        _ => null,
    };

    /// <summary>The same program as the bytes that the kernel reads, eight an instruction.</summary>
    public static byte[]? Bytes() => ForThisMachine() is { } instructions ? MemoryMarshal.AsBytes(instructions.AsSpan()).ToArray() : null;

    private Instruction[] X64()
    {
        SeccompProgram wide = new(), narrow = new();
        wide.Load(NumberOffset);
        wide.ReturnIf(Test.AtLeast, X32Bit, FailCall | SeccompProfile.NotPermitted);
        wide.Calls(new(CloneCall: 56, Clone3: 435, Socket: 41, Personality: 135), AllowedCalls.Numbers(narrow: false));
        narrow.Load(NumberOffset);
        narrow.Calls(new(CloneCall: 120, Clone3: 435, Socket: 359, Personality: 136), AllowedCalls.Numbers(narrow: true));
        Load(ArchitectureOffset);
        // A conditional jump reaches 255 instructions, an unconditional one any distance.
        _instructions.Add(new(Code.JumpEqual, 1, 0, Wide));
        _instructions.Add(new(Code.Jump, 0, 0, (uint)wide._instructions.Count));
        _instructions.AddRange(wide._instructions);
        ReturnIfNot(Test.Equal, Narrow, KillProcess);
        _instructions.AddRange(narrow._instructions);
        return [.. _instructions];
    }

    private Instruction[] Arm64()
    {
        Load(ArchitectureOffset);
        ReturnIfNot(Test.Equal, Arm, KillProcess);
        Load(NumberOffset);
        Calls(new(CloneCall: 220, Clone3: 435, Socket: 198, Personality: 92), AllowedCalls.Numbers(narrow: false));
        return [.. _instructions];
    }

    // Every path ends in a return.
    private void Calls(ByArgument special, IReadOnlyList<uint> allowed)
    {
        ReturnIf(Test.Equal, special.Clone3, FailCall | SeccompProfile.NotImplemented);
        SkipUnless(special.CloneCall, 4);
        Load(FirstArgumentOffset);
        ReturnIf(Test.AnyBit, SeccompProfile.NamespaceFlags, FailCall | SeccompProfile.NotPermitted);
        Return(AllowCall);
        SkipUnless(special.Socket, 4);
        Load(FirstArgumentOffset);
        ReturnIf(Test.Equal, SeccompProfile.HypervisorSockets, FailCall | SeccompProfile.NotPermitted);
        Return(AllowCall);
        SkipUnless(special.Personality, (2 * SeccompProfile.Personalities.Length) + 2);
        Load(FirstArgumentOffset);
        foreach (uint personality in SeccompProfile.Personalities) ReturnIf(Test.Equal, personality, AllowCall);
        Return(FailCall | SeccompProfile.NotPermitted);
        foreach ((uint first, uint last) in Ranges(allowed))
        {
            ReturnIfNot(Test.AtLeast, first, FailCall | SeccompProfile.NotPermitted); // the ranges ascend: it lies between two
            ReturnIfNot(Test.Above, last, AllowCall);
        }
        Return(FailCall | SeccompProfile.NotImplemented); // newer than our table: programs have a way without
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

    private void Load(uint offset) => _instructions.Add(new(Code.LoadWord, 0, 0, offset));

    private void Return(uint action) => _instructions.Add(new(Code.Return, 0, 0, action));

    private void ReturnIf(Test test, uint value, uint action)
    {
        _instructions.Add(new((ushort)test, 0, 1, value));
        Return(action);
    }

    private void ReturnIfNot(Test test, uint value, uint action)
    {
        _instructions.Add(new((ushort)test, 1, 0, value));
        Return(action);
    }

    private void SkipUnless(uint number, int skipped) => _instructions.Add(new(Code.JumpEqual, 0, (byte)skipped, number));

    private enum Test : ushort
    {
        Equal = Code.JumpEqual,
        Above = 0x25,
        AtLeast = 0x35,
        AnyBit = 0x45,
    }

    /// <summary>One instruction, laid out as the kernel's `sock_filter`.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    private static class Code
    {
        public const ushort Jump = 0x05;
        public const ushort Return = 0x06;
        public const ushort JumpEqual = 0x15;
        public const ushort LoadWord = 0x20;
    }

    private readonly record struct ByArgument(uint CloneCall, uint Clone3, uint Socket, uint Personality);
}
