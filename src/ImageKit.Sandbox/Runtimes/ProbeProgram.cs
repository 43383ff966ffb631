using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>
/// A root filesystem with nothing in it but a program that ends with 0, to see whether a runtime works. The program is an ELF file of one segment
/// with three machine instructions, so that no file of the machine is needed.
/// </summary>
internal static class ProbeProgram
{
    /// <summary>The program's path in the root filesystem.</summary>
    public const string Path = "/probe";

    private const int HeaderLength = 64;
    private const int SegmentHeaderLength = 56;
    private const ulong LoadAddress = 0x400000;

    /// <summary>Writes it.</summary>
    /// <param name="root">The directory that becomes the root filesystem.</param>
    public static void Write(string root)
    {
        Directory.CreateDirectory(root);
        string path = root + Path;
        File.WriteAllBytes(path, Elf());
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    // exit(0): mov edi, 0; mov eax, 60; syscall, and on arm64 mov x0, #0; mov x8, #93; svc #0.
    private static byte[] Code() => RuntimeInformation.OSArchitecture == Architecture.Arm64
        ? [0x00, 0x00, 0x80, 0xD2, 0xA8, 0x0B, 0x80, 0xD2, 0x01, 0x00, 0x00, 0xD4]
        : [0xBF, 0x00, 0x00, 0x00, 0x00, 0xB8, 0x3C, 0x00, 0x00, 0x00, 0x0F, 0x05];

    private static byte[] Elf()
    {
        byte[] code = Code();
        ulong length = (ulong)(HeaderLength + SegmentHeaderLength + code.Length);
        using MemoryStream file = new();
        using BinaryWriter writer = new(file);
        writer.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]); // 64 bits, little-endian, version 1
        writer.Write((ushort)2); // an executable
        writer.Write((ushort)(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? 183 : 62));
        writer.Write(1);
        writer.Write(LoadAddress + HeaderLength + SegmentHeaderLength); // where it begins
        writer.Write((ulong)HeaderLength); // where the segment's header is
        writer.Write(0UL);
        writer.Write(0);
        foreach (ushort field in (ReadOnlySpan<ushort>)[HeaderLength, SegmentHeaderLength, 1, 0, 0, 0]) writer.Write(field);
        writer.Write(1); // a segment to load
        writer.Write(5); // readable and executable
        foreach (ulong field in (ReadOnlySpan<ulong>)[0, LoadAddress, LoadAddress, length, length, 0x1000]) writer.Write(field);
        writer.Write(code);
        return file.ToArray();
    }
}
