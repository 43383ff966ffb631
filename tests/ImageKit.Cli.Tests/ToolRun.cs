namespace ImageKit.Cli.Tests;

/// <summary>Runs the tool in this process, with a folder of its own and what it prints caught.</summary>
internal sealed class ToolRun : IDisposable
{
    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;

    public ToolRun() => Environment.SetEnvironmentVariable("IMAGEKIT_HOME", Path.Combine(Folder, "home"));

    public string Folder { get; } = Directory.CreateTempSubdirectory("imagekit-cli").FullName;

    public string File(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public string Read(string name) => System.IO.File.ReadAllText(Path.Combine(Folder, name));

    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        StringWriter output = new(), error = new();
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            return (await Tool.RunAsync(arguments), output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(_out);
            Console.SetError(_error);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
