using System.Buffers;
using System.Text;
using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>
/// Names in tars are bytes. Those that are UTF-8 become the text they mean; a byte that is not becomes U+DC80 to U+DCFF (a lone
/// surrogate, which no valid text holds), so that every name can be written back as it was.
/// </summary>
public static class TarText
{
    private const int Escape = 0xDC00;

    /// <summary>The text of a name's bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => NameText.ToText(bytes);

    /// <summary>The bytes of a name's text.</summary>
    public static byte[] Encode(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return bytes[..Encode(text, bytes)];
    }

    /// <summary>Writes the bytes of a name's text; <paramref name="target"/> needs at most three bytes a character.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> target)
    {
        if (System.Text.Unicode.Utf8.FromUtf16(text, target, out _, out int written, replaceInvalidSequences: false) == OperationStatus.Done) return written;
        written = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int used) == OperationStatus.Done) written += rune.EncodeToUtf8(target[written..]);
            else if (text[0] is >= (char)(Escape + 0x80) and <= (char)(Escape + 0xFF)) target[written++] = (byte)(text[0] - Escape);
            else written += Rune.ReplacementChar.EncodeToUtf8(target[written..]);
            text = text[used..];
        }
        return written;
    }
}
