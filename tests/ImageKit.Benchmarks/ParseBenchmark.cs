using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using ImageKit.Dockerfile;

namespace ImageKit.Benchmarks;

/// <summary>Reading Dockerfiles: bytes a second is the size divided by the time.</summary>
[MemoryDiagnoser]
public class ParseBenchmark
{
    private string _text = "";

    /// <summary>Size in bytes.</summary>
    [Params(500_000, 10_000_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Generate() => _text = GeneratedDockerfile.OfLength(Bytes);

    [Benchmark]
    public ImmutableArray<Diagnostic> Parse() => DockerfileParser.Parse(_text).Diagnostics;

    [Benchmark]
    public ImmutableArray<Instruction> ParseAndMakeInstructions() => DockerfileParser.Parse(_text).Instructions;

    [Benchmark]
    public ImmutableArray<Token> ParseAndMakeTokens() => DockerfileParser.Parse(_text).Tokens;

    [Benchmark]
    public StageGraph ParseAndMakeStages() => StageGraph.Create(DockerfileParser.Parse(_text), new());
}
