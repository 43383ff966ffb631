namespace ImageKit.Sandbox;

/// <summary>Which network a command sees.</summary>
public enum RunNetwork
{
    /// <summary>The machine's own, shared: the default of builds.</summary>
    Host,

    /// <summary>A new one with a loopback device alone.</summary>
    None,
}
