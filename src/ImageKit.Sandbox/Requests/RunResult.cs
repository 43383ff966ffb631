using ImageKit.Oci;

namespace ImageKit.Sandbox;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">
/// Its own exit code; 128 and the signal's number if a signal ended it; 127 if the program was not found, 126 if it could not be executed.
/// </param>
/// <param name="NewLayer">The diffID of the layer it made, now in the layer store; null without <see cref="RunRequest.Commit"/> or if it failed.</param>
public sealed record RunResult(int ExitCode, Digest? NewLayer);
