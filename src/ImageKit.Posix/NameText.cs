using System.Text;

namespace ImageKit.Posix;

/// <summary>
/// File names as text. Linux names are bytes, mostly UTF-8; a byte that is not is written as the lone surrogate U+DC80 to U+DCFF (as
/// Python does), so that every name survives the way to text and back.
/// </summary>
public static class NameText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a name's bytes (without a NUL); never fails.</summary>
    public static string ToText(ReadOnlySpan<byte> name) =>
        System.Text.Unicode.Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : Escape(name);

    /// <summary>The bytes of a name's text, without a NUL.</summary>
    /// <exception cref="ArgumentException">The text holds a lone surrogate that stands for no byte.</exception>
    public static byte[] ToBytes(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return Encoding.UTF8.GetBytes(name);
        var bytes = new List<byte>(name.Length + 8);
        int i = 0;
        while (i < name.Length)
        {
            int length = i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1]) ? 2 : 1;
            if (length == 1 && name[i] is >= '\uDC80' and <= '\uDCFF') bytes.Add((byte)(name[i] - 0xDC00));
            else bytes.AddRange(Strict.GetBytes(name, i, length));
            i += length;
        }
        return [.. bytes];
    }

    /// <summary>The bytes of a name's text, ended by a NUL, as calls want them.</summary>
    internal static byte[] ToCall(string name)
    {
        byte[] bytes = ToBytes(name);
        Array.Resize(ref bytes, bytes.Length + 1);
        return bytes;
    }

    private static string Escape(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            bool good = Rune.DecodeFromUtf8(name, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (good) text.Append(rune.ToString());
            else foreach (byte b in name[..used]) text.Append((char)(0xDC00 + b));
            name = name[used..];
        }
        return text.ToString();
    }
}
