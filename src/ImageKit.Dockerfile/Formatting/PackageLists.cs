using System.Text.RegularExpressions;

namespace ImageKit.Dockerfile;

/// <summary>Knows the commands whose arguments may stand in any order.</summary>
internal static partial class PackageLists
{
    /// <summary>Whether what comes behind a text are packages to be installed.</summary>
    public static bool EndsInInstall(string text) => Install().IsMatch(text);

    /// <summary>Whether a word can be the name of a package: no option, no variable, no operator.</summary>
    public static bool IsPackage(string word) => Package().IsMatch(word);

    [GeneratedRegex(@"(^|[\s;&|(])(apt-get|apt|apk|dnf|microdnf|yum|zypper)\s([^;&|]*\s)?(install|add)(\s+[^\s;&|]+)*\s*$")]
    private static partial Regex Install();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9+.:=~_/@^-]*$")]
    private static partial Regex Package();
}
