using ImageKit.Dockerfile;
using SharpFuzz;

// Under afl-fuzz it reads one input a run; with the names of files it reads these. How to: docs/CONTRIBUTING.md.
if (args.Length == 0)
{
    Fuzzer.OutOfProcess.Run(Read);
    return;
}

foreach (string path in args) Read(File.ReadAllText(path));

static void Read(string text)
{
    DockerfileSyntax file = DockerfileParser.Parse(text);
    if (string.Concat(file.Tokens.Select(token => token.Text)) != text) throw new InvalidDataException("The tokens are not the text.");
    foreach (Instruction instruction in file.Instructions) _ = instruction.ToString();
    _ = StageGraph.Create(file, new() { BuildArgs = _ => "x" });
    _ = CheckTable.Run(file, new());
    _ = Expansion.Expand(text, _ => "x");
    _ = IgnorePatterns.Parse(text).IsIgnored("a/b", isDirectory: false);
    _ = GitReference.TryParse(text);
}
