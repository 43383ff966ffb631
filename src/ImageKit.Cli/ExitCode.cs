namespace ImageKit.Cli;

/// <summary>What the tool's exit codes mean; `run` ends with the command's own, or one of Docker's three.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Denied = 3;
    public const int Network = 4;
    public const int RunFailed = 125;
    public const int Cancelled = 130;
}
