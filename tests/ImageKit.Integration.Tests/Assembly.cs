using System.Runtime.Versioning;

[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(2)]
[assembly: SupportedOSPlatform("linux")]
