using System.Diagnostics;
using System.Globalization;
using ImageKit.Dockerfile;

namespace ImageKit.Benchmarks;

/// <summary>Prints what the limits of docs/performance.md speak of, in processor time: the best of several runs, so that a busy machine matters little.</summary>
internal static class DockerfileFigures
{
    private const int Runs = 9;

    /// <returns>1 if a limit is missed, else 0.</returns>
    public static int Print()
    {
        Console.WriteLine($"{"work",-52}{"limit ms",10}{"best ms",10}");
        bool isMissed = false;
        foreach ((string work, double limit, Action action) in Works())
        {
            double best = Enumerable.Range(0, Runs).Min(_ => Measure(action));
            bool misses = limit > 0 && best > limit;
            isMissed |= misses;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work,-52}{(limit > 0 ? limit : "-"),10}{best,10:f1}{(misses ? "  MISSED" : "")}"));
        }

        return isMissed ? 1 : 0;
    }

    private static double Measure(Action action)
    {
        GC.Collect();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        // With a collector that works on another processor, the elapsed time may be the smaller one.
        return Math.Min((Environment.CpuUsage.TotalTime - before).TotalMilliseconds, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private static IEnumerable<(string Work, double Limit, Action Action)> Works()
    {
        string generated = GeneratedDockerfile.OfLength(10_000_000);
        yield return ("parse 10 MB, generated (50 MB/s)", 200, () => DockerfileParser.Parse(generated));
        yield return ("… and make its instructions", 0, () => _ = DockerfileParser.Parse(generated).Instructions);
        string usual = GeneratedDockerfile.OfLength(1_000_000);
        yield return ("parse 1 MB with its instructions (50 MB/s)", 20, () => _ = DockerfileParser.Parse(usual).Instructions);
        yield return ("… and its tokens", 0, () => _ = DockerfileParser.Parse(usual).Tokens);
        foreach ((string name, string text) in Hostile())
        {
            yield return ($"parse {name}", 100, () => _ = DockerfileParser.Parse(text).Instructions);
        }

        string unknown = string.Concat(Enumerable.Repeat("a\n", 1 << 19));
        yield return ("parse half a million faulty instructions, 1 MB", 0, () => DockerfileParser.Parse(unknown));
        string chained = Stages(10_000, i => $"FROM {(i == 0 ? "a:1" : $"s{i - 1}")} AS s{i}\n");
        string copying = Stages(10_000, i => $"FROM a:1 AS s{i}\nCOPY --from=s{Math.Max(0, i - 1)} a b\n");
        yield return ("stage graph of 10,000 stages, one on the other", 100, () => StageGraph.Create(DockerfileParser.Parse(chained), new()));
        yield return ("stage graph of 10,000 stages, copying", 100, () => StageGraph.Create(DockerfileParser.Parse(copying), new()));
        yield return ("all checks of 10,000 stages, one on the other", 0, () => CheckTable.Run(DockerfileParser.Parse(chained), new()));
        yield return ("all checks of 10,000 stages, copying", 0, () => CheckTable.Run(DockerfileParser.Parse(copying), new()));
        string nested = string.Concat(Enumerable.Repeat("${a:-", 1000)) + "x" + new string('}', 1000);
        yield return ("expand a thousand nested ${", 100, () => Expansion.Expand(nested, static _ => null));
        IgnoreBenchmark ignore = new();
        yield return ("100,000 paths against 200 patterns", 200, () => ignore.ReadPatternsAndMatch());
    }

    private static IEnumerable<(string Name, string Text)> Hostile()
    {
        foreach (char c in "\\\"'`$\n\t [{<#-a\0한") yield return ($"1 MB of U+{(int)c:X4}", new string(c, 1 << 20));
        yield return ("16 lines of 65,535 bytes", "FROM a\n" + string.Concat(Enumerable.Repeat("RUN " + new string('a', 65531) + "\n", 16)));
        yield return ("16 lines of 65,535 bytes, opened substitutions", "FROM a\n" + string.Concat(Enumerable.Repeat("ENV a=" + string.Concat(Enumerable.Repeat("${a:-", 13105)) + "\n", 16)));
        yield return ("10,000 stages", Stages(10_000, i => $"FROM a AS s{i}\n"));
        yield return ("1 MB of comments", string.Concat(Enumerable.Repeat("#\n", 1 << 19)));
    }

    private static string Stages(int count, Func<int, string> stage) => string.Concat(Enumerable.Range(0, count).Select(stage));
}
