namespace ImageKit.Oci;

/// <summary>The words of the errors of content: one place for each code.</summary>
internal static class ContentFaults
{
    private const string FetchAgain = "Fetch it again; if it happens again, the source holds broken bytes.";

    public static ContentException Missing(Descriptor blob, string where) => new("IK1101", $"{where} has no blob {blob.Digest}.",
        $"A {blob.MediaType} of {blob.Size} bytes was asked for.", "Pull or copy the image again; what is there already is not moved twice.");

    public static ContentException TooShort(Descriptor blob, long got) => new("IK1102", $"The blob {blob.Digest} is too short.",
        $"It ended after {got} of {blob.Size} bytes.", FetchAgain);

    public static ContentException TooLong(Descriptor blob) => new("IK1102", $"The blob {blob.Digest} is too long.",
        $"It goes on after the {blob.Size} bytes that were promised.", FetchAgain);

    public static ContentException NegativeSize(Descriptor blob) => new("IK1102", $"The blob {blob.Digest} has the impossible size {blob.Size}.",
        mend: "The manifest that names it is broken: build or push the image again.");

    public static ContentException WrongDigest(Descriptor blob, Digest actual) => new("IK1103", $"The blob {blob.Digest} has other bytes than its digest promises.",
        $"They hash to {actual}.", FetchAgain);

    public static ContentException UnknownAlgorithm(Digest digest) => new("IK1104", $"The digest {digest} cannot be verified.",
        $"The algorithm '{digest.Algorithm}' is not known here; sha256 and sha512 are.", "Use an image whose digests are sha256 or sha512.");

    public static ContentException Ambiguous(Descriptor document, string why) => new("IK1105", $"The document {document.Digest} is refused.", why,
        "Build or push the image again with another tool: different programs would read this one differently.");

    public static ContentException Malformed(Descriptor document, string why, Exception? inner = null) => new("IK1005",
        $"The document {document.Digest} is no well-formed {document.MediaType}.", why, "Build or push the image again.", inner);

    public static ContentException Inconsistent(Descriptor image, string why) => new("IK1107", $"The image {image.Digest} contradicts itself.", why,
        "Build or push the image again with another tool.");

    public static ContentException TooLarge(Descriptor document, long limit) => new("IK1006", $"The document {document.Digest} is too large.",
        $"It has {document.Size} bytes; {limit} are the limit for a {document.MediaType}.", "An image with so many entries has to be split.");

    public static ContentException GraphTooLarge() => new("IK1007", "The image's graph is too large.",
        $"It nests deeper than {GraphLimits.Depth} or has over {GraphLimits.Nodes} parts.", "This is no image that a build makes: check where it comes from.");
}
