using AddACheck;
using ImageKit.Dockerfile;

// Runs all checks and two of our own over a Dockerfile: dotnet run --project samples/AddACheck [FILE]
string path = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "Dockerfile.sample");
string text = File.ReadAllText(path);

DockerfileSyntax file = DockerfileParser.Parse(text);
CheckReport report = CheckTable.Run(file, new CheckOptions(), [.. CheckTable.All, HouseChecks.OwnBases, HouseChecks.NobodyIsRoot]);

Console.Write(CheckText.ToText(report, Path.GetFileName(path), text));
return file.HasErrors || report.FailsBuild ? 1 : 0;
