using System.Collections.Immutable;

namespace ImageKit.Testing;

/// <summary>
/// Something that goes wrong at an <see cref="InMemoryRegistry"/>: which requests it meets, and what happens to them. Several effects may be
/// joined. A fault is used up after <see cref="Times"/> requests.
/// </summary>
public sealed record RegistryFault
{
    /// <summary>The method it meets, such as `GET`; any if null.</summary>
    public string? Method { get; init; }

    /// <summary>The host it meets, with its port if the URL has one; any if null.</summary>
    public string? Host { get; init; }

    /// <summary>A part of the path of the URLs it meets, such as `/blobs/`; all if empty.</summary>
    public string Path { get; init; } = "";

    /// <summary>Meets only requests with a `Range` header.</summary>
    public bool OnlyRanges { get; init; }

    /// <summary>Meets only requests whose body is longer than so many bytes, as a proxy with a limit does.</summary>
    public long? OnlyBodiesOver { get; init; }

    /// <summary>How many fitting requests pass before it starts.</summary>
    public int Skip { get; init; }

    /// <summary>How many requests it meets. 1 unless set.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Answers with this status instead of doing what was asked.</summary>
    public int? Status { get; init; }

    /// <summary>The body that goes with <see cref="Status"/>.</summary>
    public string Body { get; init; } = "";

    /// <summary>Headers that are set in the answer, over those it would have.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers that are left out of the answer.</summary>
    public ImmutableArray<string> Without { get; init; } = [];

    /// <summary>Waits before the answer, by the registry's clock.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Breaks the connection before any answer.</summary>
    public bool BreakConnection { get; init; }

    /// <summary>Breaks the connection when so many bytes of the request's body have come.</summary>
    public int? BreakBodyAfter { get; init; }

    /// <summary>Breaks the connection after so many bytes of the answer's body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>
    /// Resets the connections that <see cref="BreakConnection"/>, <see cref="BreakBodyAfter"/> or <see cref="CutAfter"/> break (TCP RST), rather
    /// than end them in order.
    /// </summary>
    public bool Resets { get; init; }

    /// <summary>Sends no more after so many bytes of the answer's body, and keeps the connection.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Ends the answer's body after so many bytes as if it were whole, without saying its length.</summary>
    public int? ShortenTo { get; init; }

    /// <summary>Flips a bit of the answer's body at this offset.</summary>
    public int? FlipAt { get; init; }

    /// <summary>Sends the answer's body at this speed.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>Declares this length of the answer's body, whatever it has.</summary>
    public long? DeclaredLength { get; init; }

    /// <summary>Packs the answer's body by gzip and says so in `Content-Encoding`, whether or not the client takes that, as some proxies do.</summary>
    public bool Packs { get; init; }

    /// <summary>Answers as if this path had been asked for: a tag of yesterday, another blob.</summary>
    public string? Instead { get; init; }

    /// <summary>Takes no notice of a `Range` header.</summary>
    public bool IgnoreRange { get; init; }

    /// <summary>Redirects (307) to this URL, with the path of the request put in place of `{path}`.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>Sets the `Location` of an answer that has one, with that one, a path, put in place of `{location}`: `https://other.test{location}?state=1`.</summary>
    public string? LocationTo { get; init; }

    /// <summary>Forgets every upload that was begun and not finished, before the request is looked at.</summary>
    public bool LosesUploads { get; init; }
}
