using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>Writes a program for the kernel's filter machine, one instruction after the other.</summary>
/// <seealso href="https://www.kernel.org/doc/html/v6.18/userspace-api/seccomp_filter.html"/>
internal sealed class FilterAssembler
{
    /// <summary>`AUDIT_ARCH_X86_64`.</summary>
    public const uint Wide = 0xC000003E;

    /// <summary>`AUDIT_ARCH_I386`.</summary>
    public const uint Narrow = 0x40000003;

    /// <summary>`AUDIT_ARCH_AARCH64`.</summary>
    public const uint Arm = 0xC00000B7;

    /// <summary>Where the number of the call stands.</summary>
    public const uint NumberOffset = 0;

    /// <summary>Where the call's architecture stands.</summary>
    public const uint ArchitectureOffset = 4;

    /// <summary>Lets the call through.</summary>
    public const uint AllowCall = 0x7FFF0000;

    private readonly List<Instruction> _instructions = [];

    /// <summary>The instructions so far.</summary>
    public Instruction[] Instructions => [.. _instructions];

    /// <summary>Where an argument stands, its low half: both machines are little-endian.</summary>
    public static uint ArgumentOffset(int index) => 16 + (8 * (uint)index);

    /// <summary>Loads a word of the call.</summary>
    public void Load(uint offset) => _instructions.Add(new(Code.LoadWord, 0, 0, offset));

    /// <summary>Ends with an action.</summary>
    public void Return(uint action) => _instructions.Add(new(Code.Return, 0, 0, action));

    /// <summary>Ends with an action if the loaded word passes.</summary>
    public void ReturnIf(Test test, uint value, uint action)
    {
        _instructions.Add(new((ushort)test, 0, 1, value));
        Return(action);
    }

    /// <summary>Ends with an action unless the loaded word passes.</summary>
    public void ReturnIfNot(Test test, uint value, uint action)
    {
        _instructions.Add(new((ushort)test, 1, 0, value));
        Return(action);
    }

    /// <summary>Skips some instructions if the loaded word is this.</summary>
    public void SkipIf(uint value, int skipped) => _instructions.Add(new(Code.JumpEqual, (byte)skipped, 0, value));

    /// <summary>Skips some instructions unless the loaded word is this.</summary>
    public void SkipUnless(uint value, int skipped) => _instructions.Add(new(Code.JumpEqual, 0, (byte)skipped, value));

    /// <summary>A part that is run only if the loaded word is this, whatever its length; it ends with a return.</summary>
    public void OnlyIf(uint value, FilterAssembler part)
    {
        // A conditional jump reaches 255 instructions, an unconditional one any distance.
        _instructions.Add(new(Code.JumpEqual, 1, 0, value));
        _instructions.Add(new(Code.Jump, 0, 0, (uint)part._instructions.Count));
        _instructions.AddRange(part._instructions);
    }

    internal enum Test : ushort
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
}
