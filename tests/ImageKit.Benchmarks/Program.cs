using System.Globalization;
using BenchmarkDotNet.Running;
using ImageKit.Benchmarks;

// dotnet run -c Release --project tests/ImageKit.Benchmarks -- figures | --filter '*Parse*' --job short
// dotnet run -c Release --project tests/ImageKit.Benchmarks -- delay PORT TARGET-PORT ROUND-TRIP-MILLISECONDS
if (args is ["figures"]) return DockerfileFigures.Print();
if (args is ["delay", var port, var target, var milliseconds]) await new DelayProxy(Number(port), Number(target), TimeSpan.FromMilliseconds(Number(milliseconds))).RunAsync();
else BenchmarkSwitcher.FromAssembly(typeof(ParseBenchmark).Assembly).Run(args);
return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
