namespace ImageKit.Dockerfile;

/// <summary>Signals of STOPSIGNAL.</summary>
public static class SignalName
{
    /// <summary>Whether an expanded text names a Linux signal (<c>SIGTERM</c>, <c>term</c>, <c>SIGRTMIN+3</c>) or is the number of one.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValid(string text) => throw new NotImplementedException();
}
