using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>A zero-ended UTF-8 text in native memory, for as long as it is needed.</summary>
internal readonly struct NativeText(string text) : IDisposable
{
    /// <summary>Where it is.</summary>
    public nint Address { get; } = Marshal.StringToCoTaskMemUTF8(text);

    /// <summary>Frees it.</summary>
    public void Dispose() => Marshal.FreeCoTaskMem(Address);
}
