namespace ImageKit.Dockerfile;

/// <summary>Gives the fields of <c>RUN --mount</c> their meaning.</summary>
internal static class MountParser
{
    public static MountResolution Resolve(MountFlag flag, Func<string, string?> lookup, char escape) => throw new NotImplementedException();
}
