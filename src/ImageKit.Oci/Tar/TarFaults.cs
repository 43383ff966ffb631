namespace ImageKit.Oci;

/// <summary>The words of the tar codec's errors: one place for each code.</summary>
internal static class TarFaults
{
    private const string MakeAgain = "Fetch or make the archive again.";

    public static ContentException Broken(long offset, string why) => new("IK1201", $"The archive is no tar, or a broken one (at byte {offset}).", why, MakeAgain);

    public static ContentException Truncated(long offset) => new("IK1202", "The tar ends too early.", $"More was expected after byte {offset}.", MakeAgain);

    public static ContentException TooMuch(string what) => new("IK1203", "The tar breaks a limit.", what,
        "Make the archive again without this entry; do not use it if you do not know where it comes from.");

    public static ContentException UnknownKind(string name, byte type) => new("IK1206", $"The tar's entry '{name}' is of an unknown kind.",
        $"Its type is {(type is > 0x20 and < 0x7F ? $"'{(char)type}'" : $"the byte {type}")}.", "Make the archive again with GNU tar or bsdtar.");

    public static ContentException Changed(string name, string why, Exception? inner = null) => new("IK1205", $"The file '{name}' changed while it was read.", why,
        "Build again when nothing writes to the file.", inner);
}
