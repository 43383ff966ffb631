namespace ImageKit.Registry;

/// <summary>`short-name-mode` of registries.conf.</summary>
public enum ShortNameMode
{
    /// <summary>Every search registry is tried in turn.</summary>
    Disabled,

    /// <summary>A person is asked where there is a terminal; else every search registry is tried.</summary>
    Permissive,

    /// <summary>A person is asked; without a terminal an ambiguous name is an error.</summary>
    Enforcing,
}
