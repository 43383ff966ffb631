// Composes a base image out of this machine's own shell and coreutils, without a Dockerfile and without a registry.
//
//   BaseFromHost NAME      puts the image into the store under NAME
using BaseFromHost;
using ImageKit;
using ImageKit.Oci;

if (args is not [string name])
{
    Console.Error.WriteLine("Usage: BaseFromHost NAME");
    return 2;
}

IReadOnlyList<string> commands = HostFiles.Commands();
IReadOnlyList<string> libraries = await HostFiles.LibrariesAsync(commands);

Image image = Image.Empty(Platform.Local).With(i => i
    .Layer("/", l =>
    {
        foreach (string folder in new[] { "dev", "etc", "proc", "root", "sys", "usr", "usr/bin", "usr/lib", "usr/lib64", "var" }) l.AddFolder(folder);
        l.AddFolder("tmp").Mode(dirs: "1777");
        foreach (string merged in new[] { "bin", "lib", "lib64" }) l.AddSymlink(merged, $"usr/{merged}");
        l.AddFile("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        l.AddFile("etc/group", "root:x:0:\nnogroup:x:65534:\n");
        foreach (string library in libraries) l.AddFile(HostFiles.InImage(library), HostFiles.Real(library)).Owner(0, 0).Mode(files: "755");
    })
    .Layer("/usr/bin", l =>
    {
        foreach (string command in commands) l.AddFile(Path.GetFileName(command), HostFiles.Real(command)).Owner(0, 0).Mode(files: "755");
    })
    .Env("PATH", "/usr/bin:/bin")
    .Command("/bin/sh"));

await using ImageKitClient kit = ImageKitClient.Create();
Descriptor stored = await kit.StoreAsync(image, name);
Console.WriteLine($"{name} {stored.Digest}: {commands.Count} commands and {libraries.Count} libraries of this machine");
return 0;
