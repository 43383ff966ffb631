namespace ImageKit.Cli;

/// <summary>The command line asks for what cannot be: exit code 2.</summary>
internal sealed class UsageException(string what, string mend = "", string why = "") : ImageKitException("IK6001", what, why, mend);
