using BenchmarkDotNet.Attributes;
using ImageKit.Dockerfile;

namespace ImageKit.Benchmarks;

/// <summary>100,000 paths against 200 patterns.</summary>
[MemoryDiagnoser]
public class IgnoreBenchmark
{
    private readonly string[] _paths =
        [.. Enumerable.Range(0, 100_000).Select(i => $"src/project{i % 97}/folder{i % 1009}/file{i}.{(i % 3 == 0 ? "cs" : "ext" + (i % 200))}")];

    private readonly string _patterns = string.Join('\n', Enumerable.Range(0, 200).Select(i => (i % 8) switch
    {
        0 => $"dir{i}/sub",
        1 => $"**/*.ext{i}",
        2 => $"!keep{i}/**/x",
        3 => $"*/name{i}*",
        4 => $"**/node{i}",
        5 => $"a?c{i}/[a-z]*",
        6 => $"src/**/gen{i}/*.cs",
        _ => $"!**/important{i}.txt",
    }));

    /// <summary>With patterns that are read anew, so that the automaton is made too.</summary>
    [Benchmark]
    public int ReadPatternsAndMatch()
    {
        IgnorePatterns ignore = IgnorePatterns.Parse(_patterns);
        return _paths.Count(path => ignore.IsIgnored(path, false));
    }
}
