namespace ImageKit.Sandbox;

/// <summary>Where a command's standard streams go.</summary>
public enum RunStreams
{
    /// <summary>Standard input is empty; output and errors are reported as <see cref="RunOutput"/>.</summary>
    Captured,

    /// <summary>All three are the caller's own; the keeper must have been started with <see cref="KeeperOptions.InheritStreams"/>.</summary>
    Inherited,

    /// <summary>As <see cref="Inherited"/>, through a terminal of the command's own; the caller's standard input must be a terminal.</summary>
    Terminal,
}
