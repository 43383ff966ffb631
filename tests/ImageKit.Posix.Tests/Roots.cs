namespace ImageKit.Posix.Tests;

/// <summary>The implementations under one contract.</summary>
public enum RootKind
{
    /// <summary>Linux with openat2.</summary>
    Native,

    /// <summary>Linux as on kernels without it.</summary>
    Walking,

    /// <summary>The base class library alone.</summary>
    Portable,
}

/// <summary>A temporary directory with a root in it, and a place outside that nothing may reach.</summary>
internal sealed class Roots : IDisposable
{
    public Roots(RootKind kind)
    {
        if (kind != RootKind.Portable && !OperatingSystem.IsLinux()) Assert.Ignore("needs Linux");
        Base = Directory.CreateTempSubdirectory("imagekit-posix-").FullName;
        Inside = Directory.CreateDirectory(System.IO.Path.Combine(Base, "inside")).FullName;
        Outside = Directory.CreateDirectory(System.IO.Path.Combine(Base, "outside")).FullName;
        File.WriteAllText(System.IO.Path.Combine(Outside, "secret"), "secret");
        Root = kind == RootKind.Portable ? DirectoryRoot.OpenPortable(Inside) : DirectoryRoot.Open(Inside);
        if (kind == RootKind.Walking) ((LinuxDirectoryRoot)Root).UseOpenat2 = false;
    }

    public string Base { get; }

    public string Inside { get; }

    public string Outside { get; }

    public DirectoryRoot Root { get; }

    public string Path(string path) => System.IO.Path.Combine(Inside, path);

    public void Write(string path, string text)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = Root.Create(path, Octal("644"));
        RandomAccess.Write(file, System.Text.Encoding.UTF8.GetBytes(text), 0);
    }

    public string Read(string path)
    {
        using var stream = new FileStream(Root.OpenRead(path), FileAccess.Read);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static int Octal(string text) => Convert.ToInt32(text, 8);

    public void Dispose()
    {
        Root.Dispose();
        using DirectoryRoot all = DirectoryRoot.Open(System.IO.Path.GetDirectoryName(Base)!);
        all.Remove(System.IO.Path.GetFileName(Base));
    }
}
