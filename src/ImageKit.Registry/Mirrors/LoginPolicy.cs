namespace ImageKit.Registry;

/// <summary>What becomes of mirrors where there is a login for the registry itself: the image may be private, and its name would be told to the mirror.</summary>
public enum LoginPolicy
{
    /// <summary>Mirrors are passed over, but for Docker Hub's official images, which are public.</summary>
    SkipMirrors,

    /// <summary>Mirrors are used all the same. The login reaches no mirror either way.</summary>
    UseMirrors,
}
