using BenchmarkDotNet.Attributes;
using ImageKit.Dockerfile;

namespace ImageKit.Benchmarks;

/// <summary>Expanding variables.</summary>
[MemoryDiagnoser]
public class ExpandBenchmark
{
    private static readonly Dictionary<string, string> Variables = new() { ["VERSION"] = "v1.2.3", ["OS"] = "linux", ["ARCH"] = "arm", ["VARIANT"] = "v7" };
    private readonly string _plain = new('a', 1 << 20);
    private readonly string _nested = string.Concat(Enumerable.Repeat("${a:-", 1000)) + "x" + new string('}', 1000);

    [Benchmark]
    public string Name() => Expansion.Expand("thing-${VERSION}.${OS}-${ARCH}${VARIANT:+-${VARIANT}}.tar.gz", Variables).Text;

    [Benchmark]
    public string Pattern() => Expansion.Expand("${VERSION#v} ${VERSION%%.*} ${VERSION//./-}", Variables).Text;

    [Benchmark]
    public string Megabyte() => Expansion.Expand(_plain, Variables).Text;

    [Benchmark]
    public string ThousandNested() => Expansion.Expand(_nested, Variables).Text;
}
