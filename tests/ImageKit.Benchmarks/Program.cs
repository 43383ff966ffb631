using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/ImageKit.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(ImageKit.Benchmarks.ParseBenchmark).Assembly).Run(args);
