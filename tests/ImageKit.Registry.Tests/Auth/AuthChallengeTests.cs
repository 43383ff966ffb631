namespace ImageKit.Registry.Tests;

internal sealed class AuthChallengeTests
{
    [TestCase("Basic realm=\"x\"", "Basic[realm=x]", TestName = "Basic with a realm")]
    [TestCase("Basic", "Basic[]", TestName = "A scheme alone")]
    [TestCase("Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:a/b:pull,push\"",
        "Bearer[realm=https://a/t;scope=repository:a/b:pull,push;service=s]", TestName = "A comma inside a quoted string separates nothing")]
    [TestCase("Bearer realm=\"https://a/t\", Basic realm=\"b\"", "Bearer[realm=https://a/t] Basic[realm=b]", TestName = "Two challenges in one value")]
    [TestCase("Negotiate, Basic realm=b", "Negotiate[] Basic[realm=b]", TestName = "A bare scheme before another challenge")]
    [TestCase("Negotiate YII+/=, Bearer realm=\"r\"", "Negotiate(YII+/=) Bearer[realm=r]", TestName = "A value of token68 form")]
    [TestCase("bearer REALM=\"r\" , Service = s", "bearer[realm=r;service=s]", TestName = "Blanks around signs, names without regard to case")]
    [TestCase("Basic realm=\"a \\\"quoted\\\" word\"", "Basic[realm=a \"quoted\" word]", TestName = "Quotes inside a quoted string")]
    [TestCase("Bearer realm=\"open", "Bearer[realm=open]", TestName = "A string without its end")]
    [TestCase("Bearer realm=https://a/t?x=1,service=s", "Bearer[realm=https://a/t?x=1;service=s]", TestName = "A URL without quotes")]
    [TestCase(", ,", "", TestName = "Nothing but commas")]
    [TestCase("", "", TestName = "Nothing")]
    public void Parses(string header, string expected) =>
        Assert.That(string.Join(' ', AuthChallenge.ParseAll(header).Select(Text)), Is.EqualTo(expected));

    private static string Text(AuthChallenge challenge) => challenge.Token68 is { } single ? $"{challenge.Scheme}({single})"
        : $"{challenge.Scheme}[{string.Join(';', challenge.Parameters.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => $"{pair.Key.ToLowerInvariant()}={pair.Value}"))}]";
}
