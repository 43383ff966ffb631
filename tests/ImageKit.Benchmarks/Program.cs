using BenchmarkDotNet.Running;
using ImageKit.Benchmarks;

// dotnet run -c Release --project tests/ImageKit.Benchmarks -- figures | --filter '*Parse*' --job short
if (args is ["figures"]) return DockerfileFigures.Print();
BenchmarkSwitcher.FromAssembly(typeof(ParseBenchmark).Assembly).Run(args);
return 0;
