namespace ImageKit.Sandbox;

/// <summary>One unit of the socket: a message, or a piece of a command's output.</summary>
internal readonly record struct Frame(KeeperMessage? Message, int RunId, RunOutput Output);
