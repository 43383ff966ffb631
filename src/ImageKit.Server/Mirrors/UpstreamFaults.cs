using System.Globalization;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>What an upstream's failure means to a client of the mirror.</summary>
internal static class UpstreamFaults
{
    /// <summary>The answer for what cannot be had from an upstream. Its own words are passed on, its login and its addresses are not.</summary>
    public static ServedRefusal Refusal(Upstream upstream, RegistryException error)
    {
        string name = upstream.Name.Name, said = error.Errors.IsDefaultOrEmpty ? "" : $": {error.Errors[0].Code} {error.Errors[0].Message}";
        ServedAnswer answer = error.Kind switch
        {
            RegistryErrorKind.NotFound => ServedAnswer.Error(404, "MANIFEST_UNKNOWN", $"{name} does not have it"),
            RegistryErrorKind.Denied => ServedAnswer.Error(403, "DENIED", $"{name} does not let this mirror read it{said}"),
            RegistryErrorKind.RateLimited => ServedAnswer.Error(429, "TOOMANYREQUESTS", $"{name} was asked too often{said}").With("Retry-After", Seconds(error.RetryAfter)),
            RegistryErrorKind.TimedOut => ServedAnswer.Error(504, "UNAVAILABLE", $"{name} did not answer in time"),
            RegistryErrorKind.Refused => ServedAnswer.Error(404, "MANIFEST_UNKNOWN", $"{name} refused{said}"),
            _ => ServedAnswer.Error(502, "UNAVAILABLE", $"{name} cannot be read at the moment{said}"),
        };
        return new(answer, error);
    }

    /// <summary>The answer for content of an upstream that is not what its digest promises.</summary>
    public static ServedRefusal Refusal(Upstream upstream, ContentException error) =>
        new(ServedAnswer.Error(error.Code == "IK1101" ? 404 : 502, error.Code == "IK1101" ? "BLOB_UNKNOWN" : "UNAVAILABLE", $"{upstream.Name.Name} gave other bytes than were asked for"), error);

    private static string Seconds(TimeSpan? wait) => Math.Ceiling((wait ?? TimeSpan.FromSeconds(30)).TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
